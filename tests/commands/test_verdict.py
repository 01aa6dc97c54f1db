"""What one decision is worth against its label."""

from __future__ import annotations

import pytest

from bot.commands.questions import Question
from bot.commands.verdict import said, verdict
from bot.nlu.decision import Decision

ANSWERED = Decision("answer", (("a", 0.9), ("b", 0.1)))
TWO = Decision("answer", (("b", 0.9), ("a", 0.8)), answered=("b", "a"))
OFFERED = Decision("suggest", (("b", 0.4), ("a", 0.3)))
REFUSED = Decision("fallback", (("a", 0.1),))


@pytest.mark.parametrize(
    ("question", "decision", "worth", "topic"),
    [
        (Question("…", "a"), ANSWERED, "right", "a"),
        (Question("…", "c", ("a",)), ANSWERED, "right", "c"),
        (Question("…", "b"), ANSWERED, "wrong", "a"),
        (Question("…", "a"), TWO, "right", "a"),
        (Question("…", "c"), TWO, "wrong", "b"),
        (Question("…", "a"), OFFERED, "helped", "b"),
        (Question("…", "c"), OFFERED, "missed", "b"),
        (Question("…", "a"), REFUSED, "refused", "out_of_scope"),
        (Question("…", "out_of_scope"), ANSWERED, "false_answer", "a"),
        (Question("…", "out_of_scope", ("a",)), ANSWERED, "false_answer", "out_of_scope"),
        (Question("…", "out_of_scope"), OFFERED, "right", "b"),
        (Question("…", "out_of_scope"), REFUSED, "right", "out_of_scope"),
    ],
)
def test_a_decision_has_one_worth_and_counts_as_one_topic(
    question: Question, decision: Decision, worth: str, topic: str
) -> None:
    assert (verdict(question, decision), said(question, decision)) == (worth, topic)
