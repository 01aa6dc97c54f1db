"""One transaction of one session of the chat page: sessions wait for each other's writes, events count without gaps."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from bot.stores.web_tables import WebAttachmentRow, WebEventRow, WebSessionRow

MOST_EVENTS = 500
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

Unsaid = tuple[str, str | None, Mapping[str, Any]]
"""An event to be: its kind, its turn, its data."""


class Writing:
    """The session's row, locked until the transaction ends; made where there is none yet.

    The first statement writes: SQLite refuses a transaction that reads first and writes after another has written.
    """

    def __init__(self, connection: Connection, session: str, now: datetime.datetime) -> None:
        self.connection = connection
        self.session = session
        self.now = now
        self.gone: list[str] = []
        """Attachments whose files are to be deleted once the transaction is through."""
        made = _INSERT[connection.dialect.name](WebSessionRow).values(id=session, last_event=0, used_at=now)
        connection.execute(made.on_conflict_do_nothing())
        self.set(used_at=now)
        self.row: Row = connection.execute(select(WebSessionRow.__table__).where(WebSessionRow.id == session)).one()
        self._last: int = self.row.last_event

    def set(self, **values: Any) -> None:
        """Change the session's row."""
        self.connection.execute(update(WebSessionRow).where(WebSessionRow.id == self.session).values(**values))

    def append(self, events: Iterable[Unsaid]) -> int:
        """Keep events and let the oldest go; the number of the last one."""
        rows = []
        for kind, turn, data in events:
            self._last += 1
            text = json.dumps(data, ensure_ascii=False)
            rows.append({"number": self._last, "kind": kind, "turn": turn, "data": text})
        common = {"session_id": self.session, "at": self.now}
        self.connection.execute(insert(WebEventRow), [{**common, **row} for row in rows])
        self.set(last_event=self._last)
        self._forget_before(self._last - MOST_EVENTS)
        return self._last

    def skip_to(self, number: int) -> None:
        """Let the next event be the one behind this number."""
        self._last = number

    def end_sign_in_if_over(self) -> str | None:
        """The learner who is signed in; where the time is over, nobody is, and the page is told."""
        if self.row.learner_id is not None and self.row.learner_until <= self.now:
            self.sign_out()
            return None
        learner: str | None = self.row.learner_id
        return learner

    def sign_out(self) -> None:
        """Nobody is signed in any more."""
        self.set(learner_id=None, learner_until=None)
        self.append([("account", None, {"signed_in": False})])

    def delete_attachments(self, *conditions: Any) -> None:
        """Delete those of the session's attachments for which the conditions hold."""
        table = WebAttachmentRow
        where = (table.session_id == self.session, *conditions)
        self.gone += self.connection.execute(select(table.id).where(*where)).scalars()
        self.connection.execute(delete(table).where(*where))

    def _forget_before(self, number: int) -> None:
        if number < 1:
            return
        where = (WebEventRow.session_id == self.session, WebEventRow.number <= number)
        self.connection.execute(delete(WebEventRow).where(*where))
        self.delete_attachments(WebAttachmentRow.event <= number)
