"""The audit trail: who saw and did what, when and from where. Nothing in it is ever changed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.staff.tables import StaffAuditRow

KEPT = datetime.timedelta(days=730)


@dataclass(frozen=True)
class Deed:
    """One entry."""

    id: int
    at: datetime.datetime
    login: str
    action: str
    subject: str
    data: dict[str, Any]
    """Codes and numbers alone, no personal data."""
    address: str


@dataclass(frozen=True)
class AuditFilter:
    """What of the trail is wanted; None and empty are everything."""

    login: str = ""
    action: str = ""
    subject: str = ""
    since: datetime.datetime | None = None
    before: datetime.datetime | None = None


class Audit:
    """The trail in the database."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def record(
        self, login: str, action: str, subject: str = "", data: Mapping[str, Any] | None = None, address: str = ""
    ) -> None:
        """Add an entry."""
        with self._engine.begin() as connection:
            self.record_within(connection, login, action, subject, data, address)

    def record_within(
        self,
        connection: Connection,
        login: str,
        action: str,
        subject: str = "",
        data: Mapping[str, Any] | None = None,
        address: str = "",
    ) -> None:
        """Add an entry within somebody else's transaction."""
        text = json.dumps(dict(data or {}), ensure_ascii=False)
        row = {"login": login[:32], "action": action[:32], "subject": subject[:80], "data": text}
        connection.execute(insert(StaffAuditRow).values(**row, at=self._clock(), address=address[:64]))

    def find(self, wanted: AuditFilter, limit: int = 100, offset: int = 0) -> list[Deed]:
        """Entries, newest first."""
        table = StaffAuditRow
        query = select(table.__table__).order_by(table.id.desc()).limit(limit).offset(offset)
        for column, value in ((table.login, wanted.login), (table.action, wanted.action)):
            query = query.where(column == value) if value else query
        if wanted.subject:
            query = query.where(table.subject.contains(wanted.subject, autoescape=True))
        if wanted.since is not None:
            query = query.where(table.at >= wanted.since)
        if wanted.before is not None:
            query = query.where(table.at < wanted.before)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Deed(row.id, row.at, row.login, row.action, row.subject, json.loads(row.data), row.address) for row in rows
        ]

    def tidy(self) -> None:
        """Delete what is older than two years."""
        with self._engine.begin() as connection:
            connection.execute(delete(StaffAuditRow).where(StaffAuditRow.at < self._clock() - KEPT))
