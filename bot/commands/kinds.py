"""Metrics for each kind of message (slips, e-mails, …), and whether a kind falls behind the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.verdict import FALSE_ANSWER, HELPED, RIGHT, WRONG, Pair, verdict
from bot.nlu.model import OUT_OF_SCOPE

MARGIN = 0.03
"""A kind may be this much below the rest."""
Z_TWO_SIDED = 1.959964
"""95 % lie within this many standard deviations."""
Z_ONE_SIDED = 1.644854
"""95 % lie below this many standard deviations."""


@dataclass(frozen=True)
class Kind:
    """Shares from 0 to 1 for one kind of message; None where there was no message to measure them on."""

    kind: str
    """Empty for the messages that were collected as no kind."""
    messages: int
    in_scope: int
    out_of_scope: int
    answered_right: float | None
    answered_right_low: float | None
    """Lower end of the 95 % Wilson interval."""
    answered_right_high: float | None
    wrong: float | None
    helped: float | None
    false_answers: float | None
    behind: bool | None
    """Whether answered right is significantly more than MARGIN below that of all other messages."""


def kinds(pairs: Sequence[Pair]) -> list[Kind]:
    """One entry a kind, by name; none at all where no message has a kind."""
    judged = [(question, verdict(question, decision)) for question, decision in pairs]
    names = sorted({question.kind for question, _ in judged})
    if names in ([], [""]):
        return []
    inside = [(question.kind, one == RIGHT) for question, one in judged if question.topic != OUT_OF_SCOPE]
    found = []
    for name in names:
        own = [one for question, one in judged if question.kind == name and question.topic != OUT_OF_SCOPE]
        outside = [one for question, one in judged if question.kind == name and question.topic == OUT_OF_SCOPE]
        rest = [right for kind, right in inside if kind != name]
        right = own.count(RIGHT)
        low, high = wilson(right, len(own)) if own else (None, None)
        found.append(
            Kind(
                kind=name,
                messages=len(own) + len(outside),
                in_scope=len(own),
                out_of_scope=len(outside),
                answered_right=share(right, len(own)),
                answered_right_low=low,
                answered_right_high=high,
                wrong=share(own.count(WRONG), len(own)),
                helped=share(right + own.count(HELPED), len(own)),
                false_answers=share(outside.count(FALSE_ANSWER), len(outside)),
                behind=falls_behind(right, len(own), sum(rest), len(rest)) if own and rest else None,
            )
        )
    return found


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval for a share (Wilson 1927), which stays within 0 and 1 where the share is near them."""
    observed, square = part / whole, Z_TWO_SIDED**2
    centre = (observed + square / (2 * whole)) / (1 + square / whole)
    spread = Z_TWO_SIDED / (1 + square / whole) * math.sqrt(observed * (1 - observed) / whole + square / (4 * whole**2))
    return round(max(0.0, centre - spread), 4), round(min(1.0, centre + spread), 4)


def falls_behind(part: int, whole: int, rest_part: int, rest_whole: int, margin: float = MARGIN) -> bool:
    """One-sided z-test at 5 %: is the first share more than `margin` below the second?

    The variance is not pooled, because under this null hypothesis the two shares differ.
    """
    share_here, share_there = part / whole, rest_part / rest_whole
    variance = share_here * (1 - share_here) / whole + share_there * (1 - share_there) / rest_whole
    beyond = share_there - share_here - margin
    return beyond > Z_ONE_SIDED * math.sqrt(variance)


def share(part: int, whole: int) -> float | None:
    """A share for people and JSON, None of nothing."""
    return round(part / whole, 4) if whole else None


def table(found: Sequence[Kind]) -> list[str]:
    """The kinds for people, one line each under a heading."""
    lines = [
        f"{'by kind':<14}{'messages':>9}{'answered right (95 %)':>27}{'wrong':>9}{'helped':>9}{'false answers':>15}"
    ]
    for one in found:
        interval = "" if one.answered_right is None else f" ({percent(one.answered_right_low)} –"
        interval += "" if one.answered_right is None else f" {percent(one.answered_right_high)})"
        lines.append(
            f"{one.kind or '(no kind)':<14}{one.messages:>9}{percent(one.answered_right) + interval:>27}"
            f"{percent(one.wrong):>9}{percent(one.helped):>9}{percent(one.false_answers):>15}"
            + ("" if one.behind is None else f"   {_standing(one.behind)}")
        )
    return lines


def _standing(behind: bool) -> str:
    points = f"{MARGIN * 100:.0f} points below the rest"
    return f"SIGNIFICANTLY MORE THAN {points}" if behind else f"not significantly more than {points}"


def percent(value: float | None) -> str:
    """A share for people."""
    return "–" if value is None else f"{value * 100:.1f} %"
