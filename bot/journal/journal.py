"""Keeping turns: who spoke is a keyed hash, what was said is redacted and goes after thirty days."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Engine

from bot.journal.tables import JournalRow
from bot.journal.thumbs import thumbs_since
from bot.journal.turns import Turn
from bot.learners.clock import Clock, now_in_taipei

TEXT_KEPT = datetime.timedelta(days=30)
"""How long learning may look at what somebody asked."""
KEPT = datetime.timedelta(days=800)
"""How long figures may look back: two years and a bit."""
TIDY_EVERY = datetime.timedelta(hours=1)
LONGEST_TEXT = 2000


class Journal:
    """The journal of a database; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, secret: str, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        # A key of its own, derived: the hash here says nothing about tickets or tokens signed with the same secret.
        self._key = hashlib.sha256(b"epark journal\0" + secret.encode()).digest()
        self._clock = clock
        self._tidied: datetime.datetime | None = None

    def now(self) -> datetime.datetime:
        """The moment by the journal's clock."""
        return self._clock()

    def conversation(self, sender_id: str) -> str:
        """The name under which a conversation stands here; nobody finds the way back without the secret."""
        return hmac.new(self._key, sender_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]

    def write(self, turn: Turn) -> int:
        """Keep a turn; its number."""
        row = {name: getattr(turn, name) for name in _COLUMNS}
        row |= {"topics": json.dumps(turn.topics), "text": (turn.text or "")[:LONGEST_TEXT] or None}
        with self._engine.begin() as connection:
            done = connection.execute(insert(JournalRow).values(**row))
            number = int(done.inserted_primary_key[0])
        if self._tidied is None or self._clock() - self._tidied >= TIDY_EVERY:
            self._tidied = self._clock()
            self.tidy()
        return number

    def turns(
        self, begin: datetime.datetime | None = None, end: datetime.datetime | None = None, with_text: bool = False
    ) -> list[Turn]:
        """The turns from one aware moment to before another, oldest first."""
        table = JournalRow
        query = select(table.__table__).order_by(table.at, table.id)
        query = query.where(table.at >= begin) if begin is not None else query
        query = query.where(table.at < end) if end is not None else query
        query = query.where(table.text.is_not(None)) if with_text else query
        with self._engine.connect() as connection:
            return [_turn(row) for row in connection.execute(query)]

    def judge(self, turn: int, helpful: bool, reason: str | None = None) -> None:
        """Keep a thumb, in place of an earlier one."""
        with self._engine.begin() as connection:
            change = update(JournalRow).where(JournalRow.id == turn).values(helpful=helpful, reason=reason)
            connection.execute(change)

    def forget(self, sender_id: str) -> None:
        """Take the words of a conversation away, and what ties its turns together; the figures keep their counts."""
        conversation = self.conversation(sender_id)
        table = JournalRow
        with self._engine.begin() as connection:
            gone = f"deleted {hashlib.sha256(conversation.encode() + hashlib.sha256(self._key).digest()).hexdigest()}"
            change = update(table).where(table.conversation == conversation)
            connection.execute(change.values(text=None, conversation=gone[:40]))

    def copy_thumbs(self) -> int:
        """Copy what people thought of replies on the chat page to the turns that they thought so of; how many."""
        since = self._clock() - TEXT_KEPT
        changed = 0
        with self._engine.connect() as connection:
            found = list(thumbs_since(connection, since))
        for thumb in found:
            with self._engine.begin() as connection:
                table = JournalRow
                mine = (table.conversation == self.conversation(thumb.sender_id), table.at <= thumb.at)
                # A subquery of its own: a transaction that writes begins with the write on SQLite.
                last = select(table.id).where(*mine).order_by(table.at.desc(), table.id.desc()).limit(1)
                different = (table.helpful.is_(None)) | (table.helpful != thumb.helpful)
                change = update(table).where(table.id == last.scalar_subquery(), different)
                change = change.values(helpful=thumb.helpful, reason=thumb.reason)
                changed += connection.execute(change.execution_options(synchronize_session=False)).rowcount
        return changed

    def tidy(self) -> None:
        """Delete texts and turns past their time."""
        now, table = self._clock(), JournalRow
        with self._engine.begin() as connection:
            old = (table.at < now - TEXT_KEPT, table.text.is_not(None))
            connection.execute(update(table).where(*old).values(text=None))
            connection.execute(delete(table).where(table.at < now - KEPT))


_COLUMNS = (
    "at",
    "channel",
    "conversation",
    "outcome",
    "topic",
    "desk",
    "handed_over",
    "case_number",
    "helpful",
    "reason",
    "goes_on",
)


def _turn(row: Any) -> Turn:
    fields = {name: getattr(row, name) for name in _COLUMNS}
    topics = tuple((str(topic), float(score)) for topic, score in json.loads(row.topics))
    return Turn(**fields, topics=topics, text=row.text, id=row.id)
