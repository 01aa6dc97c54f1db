"""How much one person may write in a minute."""

from __future__ import annotations

import time
from collections import deque

MOST = 60
WITHIN_SECONDS = 60.0
FORGET_ABOVE = 10_000


class Pace:
    """Counts each person's messages of the last minute, in this process alone."""

    def __init__(self, most: int = MOST, within_seconds: float = WITHIN_SECONDS) -> None:
        self._most = most
        self._within = within_seconds
        self._heard: dict[str, deque[float]] = {}

    def too_fast(self, person: str) -> bool:
        """Whether one more would be too much."""
        now = time.monotonic()
        heard = self._heard.get(person)
        while heard and heard[0] <= now - self._within:
            heard.popleft()
        return heard is not None and len(heard) >= self._most

    def count(self, person: str) -> None:
        """One more came."""
        if len(self._heard) > FORGET_ABOVE:
            before = time.monotonic() - self._within
            self._heard = {one: heard for one, heard in self._heard.items() if heard and heard[-1] > before}
        self._heard.setdefault(person, deque()).append(time.monotonic())
