"""The clocks of cases in working time: how old, when the first reply is due, how long it took."""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass

from bot.cases.desk_time import desk_time
from bot.cases.records import UNFINISHED, Case
from bot.knowledge.help_desk import HelpDesk
from bot.knowledge.models import Knowledge


@dataclass(frozen=True)
class Clock:
    """One case's clocks; amounts are minutes of working time."""

    age: int
    """Until now, or until it was settled."""
    first_reply: int | None
    """How long the person waited for the first reply; None while there is none."""
    reply_due: datetime.datetime | None
    """While there is no reply: when it is due."""
    settle_due: datetime.datetime | None
    """While it is not settled: when it should be."""
    late: bool
    """Whether either is past."""


class Clocks:
    """Reads the clocks of cases at one moment."""

    def __init__(self, knowledge: Knowledge, help_desk: HelpDesk, now: datetime.datetime) -> None:
        self._time_of = functools.partial(desk_time, knowledge, help_desk)
        self._help_desk = help_desk
        self.now = now
        self.desks = tuple(knowledge.desks)

    def of(self, case: Case) -> Clock:
        """The clocks of a case."""
        time, unfinished = self._time_of(case.desk), case.state in UNFINISHED
        end = self.now if unfinished else case.resolved_at or case.changed_at
        replied = case.first_reply_at
        waiting = unfinished and replied is None
        reply_due = time.after(case.opened_at, self._help_desk.first_response) if waiting else None
        settle_due = time.after(case.opened_at, self._help_desk.resolution) if unfinished else None
        return Clock(
            age=_minutes(time.between(case.opened_at, end)),
            first_reply=None if replied is None else _minutes(time.between(case.opened_at, replied)),
            reply_due=reply_due,
            settle_due=settle_due,
            late=any(due is not None and due < self.now for due in (reply_due, settle_due)),
        )

    def late_before(self, desk_id: str) -> tuple[datetime.datetime, datetime.datetime]:
        """Cases of the desk opened before these moments are late: without a reply, and unsettled."""
        time = self._time_of(desk_id)
        target = self._help_desk
        return time.before(self.now, target.first_response), time.before(self.now, target.resolution)


def _minutes(amount: datetime.timedelta) -> int:
    return int(amount.total_seconds() // 60)
