"""What the buttons of a platform send: kept here under an opaque id, since a platform takes only a few bytes along."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, String, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.learners.tables import Base, Moment

KEPT = datetime.timedelta(days=30)
"""After this a button is stale."""
LONGEST_ID = 22
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class ButtonRow(Base):  # type: ignore[misc]
    """One button that somebody was shown."""

    __tablename__ = "button"
    id = Column(String(LONGEST_ID), primary_key=True)
    channel = Column(String(16), nullable=False)
    person = Column(String(64), nullable=False)
    payload = Column(Text, nullable=False)
    made_at = Column(Moment, nullable=False, index=True)


class Buttons:
    """The buttons of all channels; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def keep(self, channel: str, person: str, message: str, payloads: Sequence[str]) -> list[str]:
        """An id of at most 22 URL-safe signs for each payload, in order.

        `message` is the key of the outbound message that shows them: drawn again, it gets the same ids again, so that
        a repeated request equals the first one.
        """
        ids = [_id(f"{channel}\0{person}\0{message}\0{at}\0{payload}") for at, payload in enumerate(payloads)]
        rows = [
            {"id": id, "channel": channel, "person": person, "payload": payload, "made_at": self._clock()}
            for id, payload in zip(ids, payloads)
        ]
        if rows:
            with self._engine.begin() as connection:
                made = _INSERT[connection.dialect.name](ButtonRow).values(rows)
                connection.execute(made.on_conflict_do_nothing())
        return ids

    def payload(self, channel: str, person: str, id: str) -> str | None:
        """What a button sends; None where this person was never shown it, or too long ago."""
        table = ButtonRow
        own = (table.id == id[: LONGEST_ID + 1], table.channel == channel, table.person == person)
        young = table.made_at > self._clock() - KEPT
        with self._engine.connect() as connection:
            found: str | None = connection.execute(select(table.payload).where(*own, young)).scalar()
        return found

    def forget(self, channel: str, person: str) -> None:
        """Delete the buttons of somebody who is gone."""
        table = ButtonRow
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.channel == channel, table.person == person))

    def tidy(self) -> None:
        """Delete what is stale."""
        with self._engine.begin() as connection:
            connection.execute(delete(ButtonRow).where(ButtonRow.made_at <= self._clock() - KEPT))


def _id(text: str) -> str:
    # 88 bits, and a payload is given out only to the very person who was shown it.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LONGEST_ID]
