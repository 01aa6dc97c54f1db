"""`epark evaluate`: the metrics of contracts section 2 on decisions made by hand, computed by hand."""

from __future__ import annotations

import pytest

from bot.commands.evaluate import Confusion, as_text, measure
from bot.commands.questions import Question
from bot.nlu.decision import Decision


def answer(*topics: str) -> Decision:
    return Decision("answer", tuple((topic, 0.9 - place / 10) for place, topic in enumerate(topics)))


def suggest(*topics: str) -> Decision:
    return Decision("suggest", tuple((topic, 0.4 - place / 10) for place, topic in enumerate(topics)))


FALLBACK = Decision("fallback", (("a", 0.1), ("b", 0.1), ("c", 0.1)))


def test_the_metrics_of_ten_messages_are_those_computed_by_hand() -> None:
    pairs = [
        (Question("1", "a"), answer("a")),  # right
        (Question("2", "a"), answer("b")),  # wrong
        (Question("3", "a", ("b",)), answer("b")),  # right by accept
        (Question("4", "a"), suggest("c", "a")),  # helped, counts as c
        (Question("5", "b"), suggest("b", "c")),  # helped, counts as b
        (Question("6", "b"), suggest("a", "c")),  # not helped, counts as a
        (Question("7", "b"), FALLBACK),  # nothing
        (Question("8", "out_of_scope", range="near"), answer("a")),  # false answer
        (Question("9", "out_of_scope", range="near"), suggest("a", "b")),  # no false answer, counts as a
        (Question("10", "out_of_scope", range="far"), FALLBACK),  # right
    ]

    metrics = measure([question for question, _ in pairs], [decision for _, decision in pairs])

    assert (metrics.in_scope, metrics.out_of_scope) == (7, 3)
    assert metrics.answered_right == round(2 / 7, 4)
    assert metrics.wrong == round(1 / 7, 4)
    assert metrics.suggested == round(3 / 7, 4)
    assert metrics.helped == round(4 / 7, 4)
    assert metrics.false_answers == round(1 / 3, 4)
    assert metrics.false_answers_near == 0.5
    assert metrics.false_answers_far == 0.0


def test_macro_f1_is_the_mean_over_topics_with_fallback_as_out_of_scope() -> None:
    questions = [Question("1", "a"), Question("2", "a"), Question("3", "b"), Question("4", "out_of_scope")]
    decisions = [answer("a"), suggest("b", "a"), answer("b"), FALLBACK]

    metrics = measure(questions, decisions)

    # a: precision 1/1, recall 1/2 → 2/3; b: precision 1/2, recall 1/1 → 2/3; out_of_scope: 1.
    assert metrics.macro_f1 == round((2 / 3 + 2 / 3 + 1) / 3, 4)


def test_a_topic_that_is_accepted_counts_as_the_topic_itself() -> None:
    metrics = measure([Question("1", "a", ("b",)), Question("2", "b")], [answer("b"), answer("b")])

    assert (metrics.answered_right, metrics.macro_f1) == (1.0, 1.0)


def test_a_suggestion_helps_by_any_of_its_topics_a_fallback_by_none() -> None:
    questions = [Question("1", "d"), Question("2", "a")]

    metrics = measure(questions, [suggest("a", "b", "c", "d"), FALLBACK])

    assert (metrics.helped, metrics.answered_right, metrics.wrong) == (0.5, 0.0, 0.0)


def test_an_answer_that_is_right_in_its_second_topic_alone_is_wrong() -> None:
    metrics = measure([Question("1", "a")], [answer("b", "a")])

    assert (metrics.answered_right, metrics.wrong, metrics.helped) == (0.0, 1.0, 0.0)


def test_where_there_is_no_message_of_a_kind_its_shares_are_none() -> None:
    inside = measure([Question("1", "a")], [answer("a")])
    outside = measure([Question("1", "out_of_scope")], [FALLBACK])
    nothing = measure([], [])

    assert (inside.false_answers, inside.false_answers_near, inside.false_answers_far) == (None, None, None)
    assert (outside.answered_right, outside.helped, outside.false_answers) == (None, None, 0.0)
    assert nothing.macro_f1 is None


def test_a_fallback_without_topics_is_counted() -> None:
    metrics = measure([Question("1", "a")], [Decision("fallback", ())])

    assert (metrics.answered_right, metrics.wrong, metrics.macro_f1) == (0.0, 0.0, 0.0)


def test_the_worst_confusions_come_first_with_an_example() -> None:
    questions = [Question("甲", "a"), Question("乙", "a"), Question("丙", "b"), Question("丁", "b")]

    metrics = measure(questions, [answer("c"), answer("c"), answer("c"), suggest("c", "d")])

    assert metrics.confusions == [Confusion("a", "c", 2, "甲"), Confusion("b", "c", 1, "丙")]
    assert metrics.missed_suggestions == [Confusion("b", "c", 1, "丁")]


def test_an_answer_to_two_questions_is_right_where_one_of_them_is() -> None:
    both = Decision("answer", (("b", 0.9), ("a", 0.8)), answered=("b", "a"))

    metrics = measure([Question("1", "a"), Question("2", "c")], [both, both])

    assert (metrics.answered_right, metrics.wrong) == (0.5, 0.5)
    assert metrics.confusions == [Confusion("c", "b", 1, "2")]


def test_messages_of_kinds_are_measured_by_kind_too() -> None:
    questions = [Question("1", "a", kind="slips"), Question("2", "a")]

    metrics = measure(questions, [answer("b"), answer("a")])

    assert [(one.kind, one.answered_right, one.wrong) for one in metrics.kinds] == [("", 1.0, 0.0), ("slips", 0.0, 1.0)]
    assert "slips" in as_text(metrics) and "(no kind)" in as_text(metrics)


def test_without_kinds_nothing_is_said_of_them() -> None:
    metrics = measure([Question("1", "a")], [answer("a")])

    assert metrics.as_dict()["kinds"] == []
    assert "by kind" not in as_text(metrics)


def test_the_metrics_as_a_dictionary_hold_only_what_json_knows() -> None:
    metrics = measure([Question("1", "a")], [answer("b")]).as_dict()

    assert metrics["confusions"] == [{"topic": "a", "taken_for": "b", "count": 1, "example": "1"}]
    assert {"answered_right", "wrong", "helped", "false_answers", "macro_f1"} <= set(metrics)


@pytest.mark.parametrize("decision", [answer("a"), FALLBACK])
def test_the_text_for_people_names_every_metric(decision: Decision) -> None:
    text = as_text(measure([Question("1", "a")], [decision]))

    for name in ("1 messages in scope, 0 out of scope", "answered right", "helped", "false answers", "macro-F1"):
        assert name in text
    assert "–" in text and "None" not in text
