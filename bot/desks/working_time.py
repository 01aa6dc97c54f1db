"""Time as a desk works it: how much of it lies between two moments, and when so much of it will have passed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from bot.desks.calendar import WorkCalendar
from bot.desks.hours import DAYS_AHEAD, TAIPEI, Periods, periods_on

ZERO = datetime.timedelta()
DAY = datetime.timedelta(days=1)
Period = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class WorkingTime:
    """A desk's hours on the days that it works."""

    hours: Periods
    calendar: WorkCalendar
    desk: str = ""
    closed_on_holidays: bool = True

    def between(self, begin: datetime.datetime, end: datetime.datetime) -> datetime.timedelta:
        """Working time from one aware moment to a later one; zero where the order is the other way round."""
        total, day = ZERO, begin.astimezone(TAIPEI).date()
        while day <= end.astimezone(TAIPEI).date():
            for opens, closes in self._on(day):
                total += max(ZERO, min(closes, end) - max(opens, begin))
            day += DAY
        return total

    def after(self, begin: datetime.datetime, amount: datetime.timedelta) -> datetime.datetime | None:
        """The moment when so much working time has passed; None where the desk does not work for two months."""
        left = amount
        for opens, closes in self._from(begin):
            start = max(opens, begin)
            if closes - start >= left:
                return start + left
            left -= max(ZERO, closes - start)
        return None

    def before(self, end: datetime.datetime, amount: datetime.timedelta) -> datetime.datetime:
        """The latest moment from which so much working time has passed at `end`; two months back where it is less."""
        left, day = amount, end.astimezone(TAIPEI).date()
        for _ in range(DAYS_AHEAD):
            for opens, closes in reversed(self._on(day)):
                stop = min(closes, end)
                if stop - opens >= left:
                    return stop - left
                left -= max(ZERO, stop - opens)
            day -= DAY
        return end - DAY * DAYS_AHEAD

    def _from(self, begin: datetime.datetime) -> Iterator[Period]:
        day = begin.astimezone(TAIPEI).date()
        for ahead in range(DAYS_AHEAD):
            yield from (period for period in self._on(day + DAY * ahead) if period[1] > begin)

    def _on(self, day: datetime.date) -> list[Period]:
        return periods_on(day, self.hours, self.calendar, self.desk, self.closed_on_holidays)
