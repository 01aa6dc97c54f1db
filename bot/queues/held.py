"""Messages that could not be sent for free and wait for the person to write again, and who wants nothing any more."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Text, UniqueConstraint, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.learners.tables import Base, Moment

KEPT = datetime.timedelta(days=30)
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class HeldRow(Base):  # type: ignore[misc]
    """One message that waits; its row outlives its data, so that it is never held twice."""

    __tablename__ = "held"
    __table_args__ = (
        UniqueConstraint("key", name="uq_held_key"),
        Index("ix_held_waiting", "channel", "person", "done_at"),
    )
    id = Column(Integer, primary_key=True, autoincrement=True)
    key = Column(String(200), nullable=False)
    channel = Column(String(16), nullable=False)
    person = Column(String(64), nullable=False)
    data = Column(Text)
    at = Column(Moment, nullable=False)
    done_at = Column(Moment, index=True)


class AwayRow(Base):  # type: ignore[misc]
    """A person or group that removed the bot."""

    __tablename__ = "away"
    channel = Column(String(16), primary_key=True)
    person = Column(String(64), primary_key=True)
    at = Column(Moment, nullable=False)


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its person."""

    id: int
    key: str
    data: dict[str, Any]


class Held:
    """What waits, of all channels; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def hold(self, key: str, channel: str, person: str, data: Mapping[str, Any]) -> None:
        """Let a message wait; the same key again changes nothing."""
        row = {"key": key, "channel": channel, "person": person, "data": json.dumps(data, ensure_ascii=False)}
        with self._engine.begin() as connection:
            made = _INSERT[connection.dialect.name](HeldRow).values(**row, at=self._clock())
            connection.execute(made.on_conflict_do_nothing())

    def waiting(self, channel: str, person: str) -> list[Waiting]:
        """What waits for a person, oldest first."""
        table = HeldRow
        own = (table.channel == channel, table.person == person, table.done_at.is_(None))
        with self._engine.connect() as connection:
            rows = connection.execute(select(table.__table__).where(*own).order_by(table.id)).all()
        return [Waiting(row.id, row.key, json.loads(row.data)) for row in rows]

    def persons(self, channel: str, but_keys_like: str) -> dict[str, int]:
        """The persons for whom a message waits whose key is not like this, each with the oldest one's id."""
        table = HeldRow
        own = (table.channel == channel, table.done_at.is_(None), table.key.not_like(but_keys_like))
        with self._engine.connect() as connection:
            rows = connection.execute(select(table.person, func.min(table.id)).where(*own).group_by(table.person))
            return {person: first for person, first in rows}

    def done(self, ids: Iterable[int]) -> None:
        """They were told: what they said is deleted."""
        table = HeldRow
        with self._engine.begin() as connection:
            told = update(table).where(table.id.in_(list(ids))).values(done_at=self._clock(), data=None)
            connection.execute(told.execution_options(synchronize_session=False))

    def go_away(self, channel: str, person: str) -> None:
        """The person wants nothing any more; what waited is deleted."""
        table, now = HeldRow, self._clock()
        with self._engine.begin() as connection:
            made = _INSERT[connection.dialect.name](AwayRow).values(channel=channel, person=person, at=now)
            connection.execute(made.on_conflict_do_nothing())
            own = (table.channel == channel, table.person == person, table.done_at.is_(None))
            gone = update(table).where(*own).values(done_at=now, data=None)
            connection.execute(gone.execution_options(synchronize_session=False))

    def come_back(self, channel: str, person: str) -> None:
        """The person may be written to again."""
        with self._engine.begin() as connection:
            own = (AwayRow.channel == channel, AwayRow.person == person)
            connection.execute(delete(AwayRow).where(*own))

    def away(self, channel: str, person: str) -> bool:
        """Whether the person wants nothing any more."""
        own = (AwayRow.channel == channel, AwayRow.person == person)
        with self._engine.connect() as connection:
            return connection.execute(select(AwayRow.at).where(*own)).first() is not None

    def tidy(self) -> None:
        """Delete what was told long ago."""
        with self._engine.begin() as connection:
            old = delete(HeldRow).where(HeldRow.done_at < self._clock() - KEPT)
            connection.execute(old.execution_options(synchronize_session=False))


def messages_of(waiting: Sequence[Waiting]) -> list[dict[str, Any]]:
    """The neutral messages of all that waits, in order."""
    return [message for one in waiting for message in one.data.get("messages", [])]
