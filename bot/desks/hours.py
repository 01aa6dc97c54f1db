"""Whether a desk is open at a moment, and when it opens next."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.desks.calendar import WorkCalendar

TAIPEI = ZoneInfo("Asia/Taipei")
DAYS_AHEAD = 60
"""How far an opening is looked for: longer than any row of holidays."""

Periods = Mapping[int, tuple[tuple[datetime.time, datetime.time], ...]]


@dataclass(frozen=True)
class Opening:
    """A desk's state at a moment; all None where no source gives its hours."""

    open_now: bool | None
    closes_at: datetime.datetime | None = None
    opens_at: datetime.datetime | None = None
    """The next opening; None while open."""


def opening(
    hours: Periods | None, calendar: WorkCalendar, now: datetime.datetime, desk: str, closed_on_holidays: bool = True
) -> Opening:
    """The state of a desk with these hours at an aware moment; the end of a period itself is closed."""
    if hours is None:
        return Opening(None)
    moment = now.astimezone(TAIPEI)
    for opens, closes in periods_on(moment.date(), hours, calendar, desk, closed_on_holidays):
        if opens <= moment < closes:
            return Opening(True, closes_at=closes)
    for ahead in range(DAYS_AHEAD):
        day = moment.date() + datetime.timedelta(days=ahead)
        for opens, _closes in periods_on(day, hours, calendar, desk, closed_on_holidays):
            if opens > moment:
                return Opening(False, opens_at=opens)
    return Opening(False)


def periods_on(
    day: datetime.date, hours: Periods, calendar: WorkCalendar, desk: str, closed_on_holidays: bool
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """The opening periods of one day; none on days off."""
    periods = hours.get(day.weekday(), ())
    closed = calendar.is_holiday(day, desk) if closed_on_holidays else calendar.is_closed_by_override(day, desk)
    if closed:
        return []
    if calendar.is_working_day(day, desk) and not periods and day.weekday() >= 5:
        # A make-up working day at the weekend is worked as an ordinary weekday.
        periods = hours.get(0, ())
    return [
        (datetime.datetime.combine(day, opens, TAIPEI), datetime.datetime.combine(day, closes, TAIPEI))
        for opens, closes in periods
    ]
