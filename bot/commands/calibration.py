"""Whether confidence means what it says: of the messages at 0.8, are eight of ten best topics right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.questions import Question
from bot.commands.understanding import Heard
from bot.nlu.model import OUT_OF_SCOPE

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The messages whose confidence lies between two bounds."""

    low: float
    high: float
    messages: int
    right: int
    confidence: float
    """Their mean."""


@dataclass(frozen=True)
class Calibration:
    """Bins in order, those without a message left out."""

    messages: int
    expected_error: float | None
    """Mean distance of confidence from the share that is right, weighted by messages (ECE); None of nothing."""
    bins: list[Bin]


def calibration(questions: Sequence[Question], heard: Sequence[Heard]) -> Calibration:
    """Confidence against whether the best topic is right; no topic is right for a message out of scope.

    Messages that are settled without the model do not count.
    """
    return reliability(
        [
            (one.ranked.confidence, _best_is_right(question, one))
            for question, one in zip(questions, heard)
            if one.settled is None
        ]
    )


def reliability(judged: Sequence[tuple[float, bool]]) -> Calibration:
    """Bins of equal width from pairs of confidence and truth."""
    bins: list[Bin] = []
    for number in range(BINS):
        inside = [(sure, right) for sure, right in judged if min(int(sure * BINS), BINS - 1) == number]
        if inside:
            mean = sum(sure for sure, _ in inside) / len(inside)
            right = sum(right for _, right in inside)
            bins.append(Bin(number / BINS, (number + 1) / BINS, len(inside), right, round(mean, 4)))
    distance = sum(abs(one.right - one.confidence * one.messages) for one in bins)
    return Calibration(len(judged), round(distance / len(judged), 4) if judged else None, bins)


def _best_is_right(question: Question, heard: Heard) -> bool:
    topics = heard.ranked.topics
    return question.topic != OUT_OF_SCOPE and bool(topics) and question.right(topics[0][0])
