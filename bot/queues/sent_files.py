"""Which file came with which message of a platform, so that taking the message back takes the file along."""

from __future__ import annotations

import datetime

from sqlalchemy import Column, String, delete, insert, select
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.learners.tables import Base, Moment

KEPT = datetime.timedelta(days=30)


class SentFileRow(Base):  # type: ignore[misc]
    """One message with a file."""

    __tablename__ = "sent_file"
    channel = Column(String(16), primary_key=True)
    message = Column(String(64), primary_key=True)
    person = Column(String(64), nullable=False)
    attachment = Column(String(40), nullable=False)
    at = Column(Moment, nullable=False, index=True)


class SentFiles:
    """The files of all channels' messages; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def remember(self, channel: str, message: str, person: str, attachment: str) -> None:
        """The message brought this attachment, in place of one that it brought before."""
        table = SentFileRow
        row = {"channel": channel, "message": message, "person": person, "attachment": attachment}
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.channel == channel, table.message == message))
            connection.execute(insert(table).values(**row, at=self._clock()))

    def of(self, channel: str, message: str, person: str) -> str | None:
        """The attachment that a person's message brought."""
        table = SentFileRow
        own = (table.channel == channel, table.message == message, table.person == person)
        with self._engine.connect() as connection:
            found: str | None = connection.execute(select(table.attachment).where(*own)).scalar()
        return found

    def forget(self, channel: str, message: str) -> None:
        """The message is gone."""
        table = SentFileRow
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.channel == channel, table.message == message))

    def tidy(self) -> None:
        """Delete what is old: the files themselves are gone by then."""
        with self._engine.begin() as connection:
            connection.execute(delete(SentFileRow).where(SentFileRow.at < self._clock() - KEPT))
