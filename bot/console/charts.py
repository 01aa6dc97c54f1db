"""Bars for inline pictures: where each begins, how high it is, and what it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, WIDTH, GAP = 140, 720, 0.25


@dataclass(frozen=True)
class Bar:
    """One bar in the units of the picture."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int
    named: bool
    """Whether its label stands below it: of many bars every few alone."""


@dataclass(frozen=True)
class Chart:
    """A picture of bars."""

    bars: Sequence[Bar]
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def bars(values: Sequence[tuple[str, int]], most_labels: int = 12) -> Chart:
    """Bars side by side, the highest as high as the picture."""
    most = max((value for _label, value in values), default=0)
    step = WIDTH / max(1, len(values))
    every = -(-len(values) // most_labels) if values else 1
    drawn = []
    for at, (label, value) in enumerate(values):
        height = round(HEIGHT * value / most, 1) if most else 0.0
        x = round(at * step + step * GAP / 2, 1)
        drawn.append(
            Bar(x, round(HEIGHT - height, 1), round(step * (1 - GAP), 1), height, label, value, at % every == 0)
        )
    return Chart(drawn, most)
