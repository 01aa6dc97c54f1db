"""The moment that a test believes it is."""

from __future__ import annotations

import datetime

from bot.learners.records import TAIPEI

MORNING = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
"""A Friday; every desk is open."""


class Clock:
    """A moment that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime.datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        """Let this much time pass, in the words of datetime.timedelta."""
        self.now += datetime.timedelta(**by)
