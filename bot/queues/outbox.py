"""Messages to people and mailboxes: each is sent once, a person's in order, also over failures and restarts."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.queues.records import Dead, Due, Outbound
from bot.queues.tables import DEAD, SENT, WAITING, OutboundRow

KEPT = datetime.timedelta(days=30)
"""How long a key is known after its message was sent."""
LONGEST_WHY = 300
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Outbox:
    """The messages of all channels; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def put(self, messages: Iterable[Outbound]) -> None:
        """Keep messages to be sent; a key that is known already changes nothing."""
        with self._engine.begin() as connection:
            self.put_within(connection, messages, self._clock())

    @staticmethod
    def put_within(connection: Connection, messages: Iterable[Outbound], now: datetime.datetime) -> None:
        """The same in somebody else's transaction: sent only if that goes through."""
        for one in messages:
            text = json.dumps(one.data, ensure_ascii=False)
            row: dict[str, Any] = {"key": one.key, "channel": one.channel, "person": one.person, "data": text}
            row |= {"state": WAITING, "created_at": now, "due_at": now, "attempts": 0, "why": ""}
            connection.execute(_INSERT[connection.dialect.name](OutboundRow).values(**row).on_conflict_do_nothing())

    def claim(self, channel: str, most: int = 20, seconds: float = 60) -> list[Due]:
        """What is to be sent now, the oldest of each person alone, held for this long."""
        table, now, holder = OutboundRow, self._clock(), uuid.uuid4().hex
        until = now + datetime.timedelta(seconds=seconds)
        inner = table.__table__.alias()
        first = select(func.min(inner.c.id)).where(inner.c.channel == channel, inner.c.state == WAITING)
        free = (table.state == WAITING, table.due_at <= now, or_(table.held_until.is_(None), table.held_until <= now))
        chosen = select(table.id).where(table.id.in_(first.group_by(inner.c.person)), *free).order_by(table.due_at)
        with self._engine.begin() as connection:
            # Said twice: PostgreSQL looks at the outer condition again where another claim came between.
            held = update(table).where(table.id.in_(chosen.limit(most)), *free)
            held = held.values(holder=holder, held_until=until).execution_options(synchronize_session=False)
            if not connection.execute(held).rowcount:
                return []
            mine = table.holder == holder
            rows = connection.execute(select(table.__table__).where(mine).order_by(table.id)).all()
            connection.execute(update(table).where(mine).values(tried_at=now))
        return [_due(row) for row in rows]

    def waiting(self, channel: str) -> int:
        """How many messages are not sent yet."""
        table = OutboundRow
        with self._engine.connect() as connection:
            count = select(func.count()).where(table.channel == channel, table.state == WAITING)
            return int(connection.execute(count).scalar_one())

    def sent(self, id: int) -> None:
        """It is delivered: what it said is deleted, its key stays."""
        with self._engine.begin() as connection:
            self.sent_within(connection, id, self._clock())

    @staticmethod
    def sent_within(connection: Connection, id: int, now: datetime.datetime) -> None:
        """The same in somebody else's transaction."""
        done = update(OutboundRow).where(OutboundRow.id == id)
        values = {"state": SENT, "data": None, "closed_at": now, "why": "", **_FREE}
        connection.execute(done.values(**values).execution_options(synchronize_session=False))

    def again(self, id: int, seconds: float, why: str) -> None:
        """The attempt failed and nothing was delivered: try again in this time."""
        due = self._clock() + datetime.timedelta(seconds=seconds)
        self._set(id, due_at=due, attempts=OutboundRow.attempts + 1, why=why[:LONGEST_WHY])

    def later(self, id: int, seconds: float) -> None:
        """It was not tried: look at it again in this time."""
        self._set(id, due_at=self._clock() + datetime.timedelta(seconds=seconds))

    def give_up(self, id: int, why: str) -> None:
        """It cannot be delivered: it goes to the dead letters, with what it said."""
        self._set(id, state=DEAD, closed_at=self._clock(), why=why[:LONGEST_WHY], attempts=OutboundRow.attempts + 1)

    def change(self, id: int, data: Mapping[str, Any]) -> None:
        """Other data for a message that is being sent."""
        with self._engine.begin() as connection:
            self.change_within(connection, id, data)

    @staticmethod
    def change_within(connection: Connection, id: int, data: Mapping[str, Any]) -> None:
        """The same in somebody else's transaction."""
        text = json.dumps(data, ensure_ascii=False)
        connection.execute(update(OutboundRow).where(OutboundRow.id == id).values(data=text))

    def hand_over(self, due: Due, data: Mapping[str, Any], seconds: float) -> bool:
        """Other data for a message that is about to leave, held for this long from now.

        False, and nothing changed, where it is not as it was claimed: somebody else took it on meanwhile.
        """
        table = OutboundRow
        as_claimed = (
            table.id == due.id,
            table.state == WAITING,
            table.data == json.dumps(due.data, ensure_ascii=False),
        )
        until = self._clock() + datetime.timedelta(seconds=seconds)
        with self._engine.begin() as connection:
            changed = update(table).where(*as_claimed)
            changed = changed.values(data=json.dumps(data, ensure_ascii=False), held_until=until)
            return bool(connection.execute(changed.execution_options(synchronize_session=False)).rowcount)

    def drop(self, channel: str, person: str) -> int:
        """Delete what is not sent yet to somebody who wants nothing more; how many messages that were."""
        table = OutboundRow
        own = (table.channel == channel, table.person == person, table.state == WAITING)
        with self._engine.begin() as connection:
            gone = update(table).where(*own).values(state=SENT, data=None, closed_at=self._clock(), why="dropped")
            return int(connection.execute(gone.execution_options(synchronize_session=False)).rowcount)

    def dead(self, channel: str | None = None) -> list[Dead]:
        """The dead letters, oldest first."""
        table = OutboundRow
        with self._engine.connect() as connection:
            wanted = select(table.__table__).where(table.state == DEAD).order_by(table.id)
            rows = connection.execute(wanted if channel is None else wanted.where(table.channel == channel)).all()
        return [Dead(row.id, row.key, row.channel, row.person, row.attempts, row.created_at, row.why) for row in rows]

    def revive(self, id: int) -> bool:
        """Send a dead letter after all; False where there is none of this id."""
        table = OutboundRow
        with self._engine.begin() as connection:
            again = update(table).where(table.id == id, table.state == DEAD)
            values = {"state": WAITING, "due_at": self._clock(), "closed_at": None, "attempts": 0, **_FREE}
            return bool(connection.execute(again.values(**values)).rowcount)

    def tidy(self) -> None:
        """Delete what was sent long ago; dead letters stay until somebody looks at them."""
        with self._engine.begin() as connection:
            old = OutboundRow.closed_at < self._clock() - KEPT
            gone = delete(OutboundRow).where(OutboundRow.state == SENT, old)
            connection.execute(gone.execution_options(synchronize_session=False))

    def _set(self, id: int, **values: Any) -> None:
        with self._engine.begin() as connection:
            free = update(OutboundRow).where(OutboundRow.id == id).values(**_FREE, **values)
            connection.execute(free.execution_options(synchronize_session=False))


_FREE: Mapping[str, Any] = {"holder": None, "held_until": None, "tried_at": None}


def _due(row: Any) -> Due:
    return Due(
        key=row.key,
        channel=row.channel,
        person=row.person,
        data=json.loads(row.data),
        id=row.id,
        attempts=row.attempts,
        created_at=row.created_at,
        tried_at=row.tried_at,
    )
