"""What is remembered of a chat beside its queues: the newest message of the person, and whether they went away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.learners.tables import Base, Moment

_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class ChatRow(Base):  # type: ignore[misc]
    """One chat of one channel."""

    __tablename__ = "chat"
    channel = Column(String(16), primary_key=True)
    person = Column(String(64), primary_key=True)
    newest = Column(String(64))
    gone_at = Column(Moment)


class Chats:
    """The chats of all channels; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def note(self, channel: str, person: str, message: str) -> None:
        """This message is now the newest that the person wrote, and so they are there."""
        self._set(channel, person, newest=message, gone_at=None)

    def newest(self, channel: str, person: str) -> str | None:
        """The newest message that the person wrote."""
        found: str | None = self._get(ChatRow.newest, channel, person)
        return found

    def gone(self, channel: str, person: str) -> None:
        """The person blocked the bot, or the group threw it out: nothing reaches them."""
        self._set(channel, person, gone_at=self._clock())

    def back(self, channel: str, person: str) -> bool:
        """The person is there again; False where they had never left."""
        left = self.is_gone(channel, person)
        self._set(channel, person, gone_at=None)
        return left

    def is_gone(self, channel: str, person: str) -> bool:
        """Whether nothing reaches the person."""
        return self._get(ChatRow.gone_at, channel, person) is not None

    def _get(self, column: Any, channel: str, person: str) -> Any:
        own = (ChatRow.channel == channel, ChatRow.person == person)
        with self._engine.connect() as connection:
            return connection.execute(select(column).where(*own)).scalar()

    def _set(self, channel: str, person: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            made = _INSERT[connection.dialect.name](ChatRow).values(channel=channel, person=person, **values)
            connection.execute(made.on_conflict_do_update(index_elements=["channel", "person"], set_=values))
