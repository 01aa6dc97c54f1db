"""Working days in Taiwan: public holidays, substituted and make-up days, and dated overrides."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

import holidays


@dataclass(frozen=True)
class Override:
    """A day that is not what the calendar says, nationwide (desk None) or for one desk alone."""

    day: datetime.date
    working: bool
    desk: str | None = None


@dataclass
class WorkCalendar:
    """Which days are worked; overrides win over the holiday library, a desk's own over nationwide ones."""

    overrides: Iterable[Override] = ()
    _nationwide: dict[datetime.date, bool] = field(init=False)
    _local: dict[tuple[str, datetime.date], bool] = field(init=False)

    def __post_init__(self) -> None:
        entries = tuple(self.overrides)
        self._nationwide = {entry.day: entry.working for entry in entries if entry.desk is None}
        self._local = {(entry.desk, entry.day): entry.working for entry in entries if entry.desk is not None}
        self._taiwan = holidays.country_holidays("TW")

    def is_working_day(self, day: datetime.date, desk: str | None = None) -> bool:
        """Whether the day is worked; a local closure counts only for the desk that is asked about."""
        if desk is not None and (desk, day) in self._local:
            return self._local[desk, day]
        if day in self._nationwide:
            return self._nationwide[day]
        return bool(self._taiwan.is_working_day(day))

    def is_holiday(self, day: datetime.date, desk: str | None = None) -> bool:
        """Whether the day is a public holiday or closed by an override; an ordinary weekend is neither."""
        return not self.is_working_day(day, desk) and (day in self._taiwan or self.is_closed_by_override(day, desk))

    def is_closed_by_override(self, day: datetime.date, desk: str | None = None) -> bool:
        """Whether an override, the desk's own before a nationwide one, says that the day is not worked."""
        return not self._local.get((desk or "", day), self._nationwide.get(day, True))

    def nth_working_day_after(self, day: datetime.date, count: int) -> datetime.date:
        """The count-th working day after a day; the day itself is day 0, worked or not."""
        while count > 0:
            day += datetime.timedelta(days=1)
            count -= self.is_working_day(day)
        return day
