"""What another answer threshold would buy: right answers against wrong and false ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.commands.kinds import share
from bot.commands.questions import Question
from bot.commands.verdict import FALSE_ANSWER, RIGHT, WRONG, verdict
from bot.nlu.decision import Decision
from bot.nlu.model import OUT_OF_SCOPE

STEPS = 36
LOWEST, HIGHEST = 0.1, 0.975


@dataclass(frozen=True)
class Point:
    """The shares at one answer threshold, from 0 to 1; None where there was no message to measure them on."""

    threshold: float
    answered_right: float | None
    wrong: float | None
    false_answers: float | None
    chosen: bool = False
    """Whether this is the threshold that training chose."""


def trade_off(
    questions: Sequence[Question], chosen: float, decide: Callable[[float], Sequence[Decision]], steps: int = STEPS
) -> list[Point]:
    """The shares as the answer threshold moves, in order, the chosen one among them."""
    moving = {round(LOWEST + (HIGHEST - LOWEST) * step / (steps - 1), 4) for step in range(steps)}
    return [_point(questions, decide(one), one, one == chosen) for one in sorted(moving | {chosen})]


def _point(questions: Sequence[Question], decisions: Sequence[Decision], threshold: float, chosen: bool) -> Point:
    worth = Counter(
        (question.topic == OUT_OF_SCOPE, verdict(question, decision))
        for question, decision in zip(questions, decisions)
    )
    outside = sum(question.topic == OUT_OF_SCOPE for question in questions)
    inside = len(questions) - outside
    return Point(
        threshold,
        share(worth[False, RIGHT], inside),
        share(worth[False, WRONG], inside),
        share(worth[True, FALSE_ANSWER], outside),
        chosen,
    )
