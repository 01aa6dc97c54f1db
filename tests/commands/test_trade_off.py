"""What another answer threshold would buy."""

from __future__ import annotations

from bot.commands.questions import Question
from bot.commands.trade_off import Point, trade_off
from bot.nlu.decision import Decision

CONFIDENCE = {"right": 0.9, "unsure": 0.5, "wrong": 0.3, "outside": 0.4}


def decide(threshold: float) -> list[Decision]:
    return [
        Decision("answer" if confidence >= threshold else "fallback", (("b" if text == "wrong" else "a", 0.9),))
        for text, confidence in CONFIDENCE.items()
    ]


def test_fewer_messages_are_answered_the_higher_the_threshold() -> None:
    questions = [Question(text, "out_of_scope" if text == "outside" else "a") for text in CONFIDENCE]

    points = trade_off(questions, 0.45, decide, steps=2)

    assert points == [
        Point(0.1, round(2 / 3, 4), round(1 / 3, 4), 1.0),
        Point(0.45, round(2 / 3, 4), 0.0, 0.0, chosen=True),
        Point(0.975, 0.0, 0.0, 0.0),
    ]


def test_without_messages_out_of_scope_there_are_no_false_answers_to_measure() -> None:
    (point, _last) = trade_off([Question("1", "a")], 0.1, lambda _: [Decision("fallback", ())], steps=2)

    assert (point.false_answers, point.chosen) == (None, True)
