"""Which learner a person on LINE or Telegram has proven to be, and the one-time codes by which they prove it."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from sqlalchemy import Column, String, delete, insert, select
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.learners.tables import Base, Moment

MINUTES = 10


class AccountLinkRow(Base):  # type: ignore[misc]
    """One person on a channel and the learner they are."""

    __tablename__ = "account_link"
    channel = Column(String(16), primary_key=True)
    person = Column(String(64), primary_key=True)
    learner_id = Column(String(11), nullable=False)
    linked_at = Column(Moment, nullable=False)


class LinkNonceRow(Base):  # type: ignore[misc]
    """A one-time code, as its hash, on its way through the platform's sign-in."""

    __tablename__ = "link_nonce"
    digest = Column(String(64), primary_key=True)
    channel = Column(String(16), nullable=False)
    person = Column(String(64), nullable=False)
    learner_id = Column(String(11))
    until = Column(Moment, nullable=False, index=True)


class Links:
    """The account links of all channels; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def link(self, channel: str, person: str, learner_id: str) -> None:
        """The person is this learner from now on, in place of whoever they were before."""
        table = AccountLinkRow
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.channel == channel, table.person == person))
            row = {"channel": channel, "person": person, "learner_id": learner_id, "linked_at": self._clock()}
            connection.execute(insert(table).values(**row))

    def learner(self, channel: str, person: str) -> str | None:
        """The learner whom the person has proven to be."""
        table = AccountLinkRow
        own = (table.channel == channel, table.person == person)
        with self._engine.connect() as connection:
            found: str | None = connection.execute(select(table.learner_id).where(*own)).scalar()
        return found

    def unlink(self, channel: str, person: str) -> bool:
        """Forget who the person is; False where nobody knew."""
        table = AccountLinkRow
        with self._engine.begin() as connection:
            own = (table.channel == channel, table.person == person)
            return bool(connection.execute(delete(table).where(*own)).rowcount)

    def issue(self, channel: str, person: str, learner_id: str | None = None, minutes: int = MINUTES) -> str:
        """A code that works once: for a person, and for a learner where that is known already."""
        nonce, now = secrets.token_urlsafe(24), self._clock()
        row = {"digest": _digest(nonce), "channel": channel, "person": person, "learner_id": learner_id}
        with self._engine.begin() as connection:
            connection.execute(delete(LinkNonceRow).where(LinkNonceRow.until <= now))
            connection.execute(insert(LinkNonceRow).values(**row, until=now + datetime.timedelta(minutes=minutes)))
        return nonce

    def redeem(self, nonce: str, channel: str) -> tuple[str, str | None] | None:
        """Person and learner of a code, which is used up by that; None where it is unknown, used or too old."""
        table = LinkNonceRow
        own = (table.digest == _digest(nonce), table.channel == channel)
        with self._engine.connect() as connection:
            row = connection.execute(select(table.__table__).where(*own)).first()
        if row is None:
            return None
        with self._engine.begin() as connection:
            # Whoever deletes it has it: two at the same moment never both do.
            if not connection.execute(delete(table).where(*own)).rowcount or row.until <= self._clock():
                return None
        return row.person, row.learner_id


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode("utf-8", "surrogatepass")).hexdigest()
