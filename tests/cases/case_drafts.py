"""What the tests of the cases write down again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.cases.records import REPORT, Draft

Said = Callable[[str], list[str]]


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
