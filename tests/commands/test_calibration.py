"""Whether confidence means what it says, on figures computed by hand."""

from __future__ import annotations

from bot.commands.calibration import Bin, calibration, reliability
from bot.commands.questions import Question
from bot.commands.understanding import Heard
from bot.nlu.decision import Decision
from bot.nlu.model import Ranked


def heard(topic: str, confidence: float, settled: Decision | None = None) -> Heard:
    return Heard("…", Ranked(((topic, confidence),), confidence, confidence), settled)


def test_bins_hold_their_messages_and_the_error_is_weighted_by_them() -> None:
    found = reliability([(0.75, True), (0.77, False), (0.95, True), (1.0, True)])

    assert found.bins == [Bin(0.7, 0.8, 2, 1, 0.76), Bin(0.9, 1.0, 2, 2, 0.975)]
    # (|1 - 1.52| + |2 - 1.95|) / 4
    assert found.expected_error == 0.1425


def test_of_nothing_nothing_is_known() -> None:
    found = reliability([])

    assert (found.messages, found.expected_error, found.bins) == (0, None, [])


def test_the_best_topic_is_right_by_its_label_and_never_for_a_message_out_of_scope() -> None:
    questions = [
        Question("1", "a"),
        Question("2", "b", ("a",)),
        Question("3", "b"),
        Question("4", "out_of_scope", ("a",)),
    ]

    found = calibration(questions, [heard("a", 0.55)] * 4)

    assert [(one.messages, one.right) for one in found.bins] == [(4, 2)]


def test_a_message_that_is_settled_without_the_model_says_nothing_of_its_confidence() -> None:
    found = calibration([Question("1", "a")], [heard("b", 0.1, Decision("answer", (("a", 1.0),)))])

    assert found.messages == 0


def test_a_ranking_without_topics_is_not_right() -> None:
    found = calibration([Question("1", "a")], [Heard("…", Ranked((), 0.0, 0.0))])

    assert (found.messages, found.bins[0].right) == (1, 0)
