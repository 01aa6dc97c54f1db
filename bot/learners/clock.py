"""The moment, as all rooms ask for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from bot.learners.records import TAIPEI

Clock = Callable[[], datetime.datetime]
"""Gives the moment; tests give one that they move."""


def now_in_taipei() -> datetime.datetime:
    """The moment, as people here read it."""
    return datetime.datetime.now(TAIPEI)
