"""The work calendar with the overrides of kb/calendar.yml."""

from __future__ import annotations

from bot.desks.calendar import Override, WorkCalendar
from bot.knowledge.models import Knowledge

_CALENDARS: dict[int, tuple[Knowledge, WorkCalendar]] = {}


def calendar_of(knowledge: Knowledge) -> WorkCalendar:
    """The calendar of this knowledge; kept for as long as the knowledge stays the same object."""
    cached = _CALENDARS.get(id(knowledge))
    if cached is None or cached[0] is not knowledge:
        calendar = WorkCalendar(Override(entry.day, entry.working, entry.desk) for entry in knowledge.calendar)
        _CALENDARS.clear()
        _CALENDARS[id(knowledge)] = (knowledge, calendar)
        return calendar
    return cached[1]
