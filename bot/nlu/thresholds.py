"""When to answer, when to offer suggestions and when to say that one cannot answer: fitted at every training.

The worths below are a choice of ours. They were settled while looking at the figures over tests/questions, so those
figures flatter the thresholds somewhat; the thresholds themselves are fitted on questions held out of training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

ANSWERED_RIGHT = 1.0
OFFERED_RIGHT = 0.7
"""A suggestion with the right topic costs the person one tap and some trust."""
ANSWERED_WRONG = -2.0
"""A wrong answer costs more than no answer: the person may act on it. Strangers' messages are answered wrongly several
times as often as those held out here, which were written by the same people as the rest: this worth allows for it."""
KEYWORD_OFFERED_RIGHT = 0.5
KEYWORD_ANSWERED_WRONG = -0.1
KEYWORD_OUTSIDE = -0.3
"""Who typed a word or two sees from the answer's title what it is about, and types another as quickly
as a suggestion is read."""
ANSWERED_OUTSIDE = -1.0
SMALL_TALK_OUTSIDE = -2.0
"""A cheerful greeting in reply to nonsense or an insult makes the bot look foolish."""
OFFERED_OUTSIDE = -0.005
OFFERED_WRONG = -0.02
REFUSED_OUTSIDE = 0.0
KEYWORD_SIGNS = 6
"""A message with at most so many letters, digits and ideographs is a keyword."""
NEAR_BEST = 0.002
"""Thresholds whose worth a message is within this of the best one's are as good as it: the middle of them is taken,
since the best alone jumps about from one training to the next."""
FEWEST = 50
"""With fewer keywords or small talk held out than this, the common threshold serves for them."""


@dataclass(frozen=True)
class Thresholds:
    """Answer at or above `answer`; else offer suggestions at or above `suggest`; else fall back.

    Where the best topic is small talk, which no button can offer, `chat` decides between answer and fallback; where
    the message is a keyword, `keyword` takes the place of `answer`.
    """

    answer: float
    suggest: float
    chat: float
    keyword: float


@dataclass(frozen=True)
class Trial:
    """What a model said of messages that it had not seen, one value a message, and what was true."""

    confidence: Numbers
    """Probability that the best topic is right."""
    offer: Numbers
    """Probability that the right one is among the best three."""
    correct: Numbers
    among: Numbers
    outside: Numbers
    """Whether the message is out of scope."""
    chat: Numbers
    """Whether the best topic is small talk."""
    keyword: Numbers
    """Whether the message is a keyword."""


def fit_thresholds(trial: Trial) -> Thresholds:
    """The thresholds with the highest total worth on held-out messages, and where many are as good, their middle."""
    grid = np.linspace(0.05, 0.95, 91)
    asked = ~trial.chat
    offered = _offered(trial, OFFERED_RIGHT)
    refused = np.where(trial.outside, REFUSED_OUTSIDE, 0.0)
    answered = _answered(trial, ANSWERED_WRONG, ANSWERED_OUTSIDE)

    def worths_of(which: Numbers, answers: Numbers, rest: Numbers) -> Numbers:
        """The total worth at each threshold of the grid."""
        return np.array([np.where(trial.confidence >= one, answers, rest)[which].sum() for one in grid])

    def middle(which: Numbers, worths: Numbers) -> float:
        return float(grid[worths >= worths.max() - NEAR_BEST * which.sum()].mean())

    def best_of(which: Numbers, answers: Numbers, rest: Numbers) -> float:
        return answer if which.sum() < FEWEST else middle(which, worths_of(which, answers, rest))

    rests = [np.where(trial.offer >= suggest, offered, refused) for suggest in grid]
    tried = np.array([worths_of(asked, answered, rest) for rest in rests])
    at = int(tried.max(axis=1).argmax())
    suggest, answer = float(grid[at]), middle(asked, tried[at])
    rest = np.where(trial.offer >= suggest, _offered(trial, KEYWORD_OFFERED_RIGHT), refused)
    chat = best_of(trial.chat, _answered(trial, ANSWERED_WRONG, SMALL_TALK_OUTSIDE), refused)
    words = _answered(trial, KEYWORD_ANSWERED_WRONG, KEYWORD_OUTSIDE)
    keyword = min(answer, best_of(trial.keyword & asked, words, rest))
    return Thresholds(*(round(one, 3) for one in (answer, suggest, chat, keyword)))


def _answered(trial: Trial, wrong: float, outside: float) -> Numbers:
    worths: Numbers = np.where(trial.outside, outside, np.where(trial.correct, ANSWERED_RIGHT, wrong))
    return worths


def _offered(trial: Trial, right: float) -> Numbers:
    worths: Numbers = np.where(trial.outside, OFFERED_OUTSIDE, np.where(trial.among, right, OFFERED_WRONG))
    return worths
