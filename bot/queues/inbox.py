"""Events of the platforms: kept before they are worked on, each worked on once, a person's in the order they came."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound
from bot.queues.tables import InboundRow

KEPT = datetime.timedelta(days=30)
"""How long the id of an event is known; platforms redeliver within hours."""
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Inbox:
    """The events of all channels; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def take_in(self, events: Iterable[Inbound]) -> list[Inbound]:
        """Keep events; those that are new, in their order."""
        new = []
        with self._engine.begin() as connection:
            for one in events:
                row = {"channel": one.channel, "event": one.event, "person": one.person}
                values = {**row, "data": json.dumps(one.data, ensure_ascii=False), "received_at": one.received_at}
                made = _INSERT[connection.dialect.name](InboundRow).values(**values).on_conflict_do_nothing()
                if connection.execute(made).rowcount:
                    new.append(one)
        return new

    def waiting(self, channel: str) -> list[str]:
        """The persons with events that nobody works on, whoever has waited longest first."""
        table = InboundRow
        held = _held(channel, self._clock())
        with self._engine.connect() as connection:
            wanted = select(table.person).where(
                table.channel == channel, table.done_at.is_(None), table.person.not_in(held)
            )
            return list(connection.execute(wanted.group_by(table.person).order_by(func.min(table.id))).scalars())

    def claim(self, channel: str, person: str, seconds: float = 90) -> list[Inbound]:
        """All waiting events of a person, held for this long; none where somebody else holds the person."""
        table, now = InboundRow, self._clock()
        own = (table.channel == channel, table.person == person, table.done_at.is_(None))
        with self._engine.begin() as connection:
            _one_at_a_time(connection, f"{channel} {person}")
            free = update(table).where(*own, table.person.not_in(_held(channel, now)))
            until = now + datetime.timedelta(seconds=seconds)
            free = free.values(held_until=until).execution_options(synchronize_session=False)
            if not connection.execute(free).rowcount:
                return []
            rows = connection.execute(select(table.__table__).where(*own).order_by(table.id)).all()
        return [Inbound(row.channel, row.event, row.person, json.loads(row.data), row.received_at) for row in rows]

    def finish(self, events: Sequence[Inbound], replies: Iterable[Outbound] = ()) -> None:
        """The events are done and their data gone, and what answers them is to be sent: both at once or neither."""
        now = self._clock()
        with self._engine.begin() as connection:
            for one in events:
                done = update(InboundRow).where(*_same(one)).values(done_at=now, held_until=None, data=None)
                connection.execute(done)
            Outbox.put_within(connection, replies, now)

    def release(self, events: Sequence[Inbound]) -> None:
        """Give events back that were not worked on."""
        with self._engine.begin() as connection:
            for one in events:
                connection.execute(update(InboundRow).where(*_same(one)).values(held_until=None))

    def drop(self, channel: str, event: str) -> bool:
        """Forget what a waiting event said, since its sender took it back; False where it was done or unknown."""
        table = InboundRow
        own = (table.channel == channel, table.event == event, table.done_at.is_(None))
        with self._engine.begin() as connection:
            gone = update(table).where(*own).values(done_at=self._clock(), held_until=None, data=None)
            return bool(connection.execute(gone).rowcount)

    def tidy(self) -> None:
        """Delete what is long done."""
        with self._engine.begin() as connection:
            old = delete(InboundRow).where(InboundRow.done_at < self._clock() - KEPT)
            connection.execute(old.execution_options(synchronize_session=False))


def _same(event: Inbound) -> tuple[Any, ...]:
    return InboundRow.channel == event.channel, InboundRow.event == event.event, InboundRow.done_at.is_(None)


def _held(channel: str, now: datetime.datetime) -> Any:
    """The persons whom somebody works for."""
    other = InboundRow.__table__.alias()
    return select(other.c.person).where(other.c.channel == channel, other.c.done_at.is_(None), other.c.held_until > now)


def _one_at_a_time(connection: Connection, what: str) -> None:
    """Wait for other transactions about the same thing; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})
