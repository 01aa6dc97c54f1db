"""The days that figures are about."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from bot.desks.hours import TAIPEI

DAY = datetime.timedelta(days=1)
MOST_DAYS = 731


class SpanError(ValueError):
    """Raised where the days are no range, with what is wrong."""


@dataclass(frozen=True)
class Span:
    """From one day in Taipei to another, both included."""

    first: datetime.date
    last: datetime.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise SpanError(f"the last day {self.last} is before the first {self.first}")
        if (self.last - self.first).days >= MOST_DAYS:
            raise SpanError(f"at most {MOST_DAYS} days at once")

    @property
    def begin(self) -> datetime.datetime:
        """The first moment."""
        return datetime.datetime.combine(self.first, datetime.time(), TAIPEI)

    @property
    def end(self) -> datetime.datetime:
        """The first moment after it."""
        return datetime.datetime.combine(self.last + DAY, datetime.time(), TAIPEI)

    def days(self) -> Iterator[datetime.date]:
        """Every day, in order."""
        return (self.first + DAY * number for number in range((self.last - self.first).days + 1))

    def before(self) -> Span:
        """As many days just before it."""
        length = (self.last - self.first) + DAY
        return Span(self.first - length, self.last - length)

    def __contains__(self, moment: datetime.datetime) -> bool:
        return self.begin <= moment < self.end
