"""The state of every conversation over a restart: what the tracker store has in memory, written through."""

from __future__ import annotations

import datetime
import hashlib
import logging

from sqlalchemy import Column, String, Text, delete, insert, select, update
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.learners.tables import Base, Moment

logger = logging.getLogger(__name__)
KEPT = datetime.timedelta(days=1)
"""A session of a conversation is over long before."""
REDONE_WITHIN = datetime.timedelta(minutes=3)
"""The same message so soon after its turn is that turn once more: whoever sent it did not hear the answer."""
TIDY_EVERY = datetime.timedelta(hours=1)


class ConversationStateRow(Base):  # type: ignore[misc]
    """One conversation, under a hash of its name."""

    __tablename__ = "conversation_state"
    conversation = Column(String(64), primary_key=True)
    message = Column(String(64), nullable=False)
    """A hash of the message that the last turn began with."""
    before = Column(Text)
    """The state before that turn; None where it was the first."""
    after = Column(Text, nullable=False)
    at = Column(Moment, nullable=False, index=True)


class ConversationStates:
    """The states of a database; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock
        self._tidied: datetime.datetime | None = None

    def found(self, sender_id: str, message: str) -> str | None:
        """The state in which a message is to be read.

        Where the process died in a turn, its message comes again, and is read as it was the first time: a form that
        was sent says once more that it was, and a guide goes one step, not two.
        """
        table = ConversationStateRow
        with self._engine.connect() as connection:
            row = connection.execute(select(table.__table__).where(table.conversation == _hash(sender_id))).first()
        if row is None or self._clock() - row.at > KEPT:
            return None
        again = row.message == _hash(message) and self._clock() - row.at < REDONE_WITHIN
        state: str | None = row.before if again else row.after
        return state

    def keep(self, sender_id: str, message: str, before: str | None, after: str) -> None:
        """Keep the state after a turn, and the one before it."""
        table, now = ConversationStateRow, self._clock()
        values = {"message": _hash(message), "before": before, "after": after, "at": now}
        with self._engine.begin() as connection:
            own = update(table).where(table.conversation == _hash(sender_id))
            if not connection.execute(own.values(**values)).rowcount:
                connection.execute(insert(table).values(conversation=_hash(sender_id), **values))
        if self._tidied is None or now - self._tidied >= TIDY_EVERY:
            self._tidied = now
            with self._engine.begin() as connection:
                connection.execute(delete(table).where(table.at < now - KEPT))

    def forget(self, sender_id: str) -> None:
        """Delete a conversation."""
        table = ConversationStateRow
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.conversation == _hash(sender_id)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
