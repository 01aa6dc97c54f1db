"""Who has the same page open: a heartbeat in the database."""

from __future__ import annotations

import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.staff.tables import StaffPresenceRow, StaffRow

FRESH = datetime.timedelta(seconds=30)
"""Pages beat every ten seconds; a hidden one still does, though browsers slow it down."""


class Presence:
    """Who looks at what just now."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def beat(self, subject: str, login: str) -> datetime.datetime:
        """Somebody still has it open; the moment of this beat."""
        make = sqlite.insert if self._engine.dialect.name == "sqlite" else postgresql.insert
        now = self._clock()
        row = make(StaffPresenceRow).values(subject=subject, login=login, at=now)
        with self._engine.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["subject", "login"], set_={"at": now}))
            connection.execute(delete(StaffPresenceRow).where(StaffPresenceRow.at < now - FRESH * 10))
        return now

    def leave(self, subject: str, login: str, last: datetime.datetime | None = None) -> None:
        """Somebody has closed it; `last` is the closed page's own last beat, where it may be open in another one."""
        table = StaffPresenceRow
        own = [table.subject == subject, table.login == login]
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(*own, *([] if last is None else [table.at <= last])))

    def others(self, subject: str, login: str) -> list[str]:
        """The names of everybody else who has it open."""
        table = StaffPresenceRow
        here = (table.subject == subject, table.login != login, table.at > self._clock() - FRESH)
        query = select(StaffRow.name).join(table, table.login == StaffRow.login).where(*here).order_by(StaffRow.login)
        with self._engine.connect() as connection:
            return [str(name) for name in connection.execute(query).scalars()]
