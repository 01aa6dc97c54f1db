"""What the tests of the cases write down again and again."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from bot.cases.records import REPORT, Draft
from bot.learners.records import TAIPEI

Said = Callable[[str], list[str]]


class Clock:
    """A moment that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)

    def __call__(self) -> datetime.datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += datetime.timedelta(**by)


def draft(**changes: Any) -> Draft:
    """A report to the platform from LINE."""
    values: dict[str, Any] = {
        "kind": REPORT,
        "desk": "platform",
        "channel": "line",
        "conversation": "line-U1",
        "subject": "時數沒有上傳",
    }
    return Draft(**{**values, **changes})
