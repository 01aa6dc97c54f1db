"""The working time that a desk's cases are measured in."""

from __future__ import annotations

from bot.desks.working_time import WorkingTime
from bot.knowledge.help_desk import HelpDesk
from bot.knowledge.models import Knowledge
from bot.learners.working_days import calendar_of


def desk_time(knowledge: Knowledge, help_desk: HelpDesk, desk_id: str) -> WorkingTime:
    """A desk's own hours where a source gives them, else those of the help desk."""
    desk, calendar = knowledge.desks.get(desk_id), calendar_of(knowledge)
    if desk is None or desk.hours is None:
        return WorkingTime(help_desk.hours, calendar, desk_id, help_desk.closed_on_holidays)
    return WorkingTime(desk.hours, calendar, desk_id, desk.closed_on_holidays)
