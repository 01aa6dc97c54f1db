"""Edits of answers: one person proposes, another one approves, and what was replaced can be brought back."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine

from bot.editing.files import checked_answer, stamp, tidied, write_whole
from bot.editing.tables import KbDraftRow, KbVersionRow
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock, now_in_taipei

OPEN, APPROVED, REJECTED, WITHDRAWN = "open", "approved", "rejected", "withdrawn"
LONGEST_NOTE = 300


class NotNow(Exception):
    """Raised where a step cannot be taken; `reason` is own, decided, stale, same or unknown."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Draft:
    """A proposed text."""

    id: int
    topic: str
    base: str
    """The name of the text that it was made from."""
    text: str
    note: str
    author: str
    at: datetime.datetime
    state: str
    decided_by: str | None
    decided_at: datetime.datetime | None


@dataclass(frozen=True)
class Version:
    """A change that was made."""

    id: int
    topic: str
    before: str
    after: str
    note: str
    author: str
    approver: str
    at: datetime.datetime


class Drafts:
    """The edits of a database and the files of a folder kb/; every method blocks."""

    def __init__(
        self,
        engine: Engine,
        knowledge: LiveKnowledge,
        kb_dir: Path,
        clock: Clock = now_in_taipei,
    ) -> None:
        self._engine = engine
        self._knowledge = knowledge
        self._kb_dir = kb_dir
        self._clock = clock

    def text_of(self, topic: str) -> str:
        """The file of a topic as it stands. Raises NotNow where the topic has no answer."""
        answer = self._knowledge.get(fresh=True).answers.get(topic)
        if answer is None:
            raise NotNow("unknown")
        # Byte for byte: reading as text would change the line ends.
        return answer.path.read_bytes().decode("utf-8")

    def propose(
        self, topic: str, text: str, author: str, note: str = "", base: str | None = None, exact: bool = False
    ) -> int:
        """Keep a proposed text; its number. Raises EditError for what is no answer, NotNow for stale or same.

        `base` is the name of the text that the author saw: an edit of something older is refused. `exact` is for a
        text that was made from the file and not typed: its line ends and spaces stay.
        """
        current, text = self.text_of(topic), text if exact else tidied(text)
        if base is not None and base != stamp(current):
            raise NotNow("stale")
        if text == current or (not exact and text == tidied(current)):
            raise NotNow("same")
        checked_answer(text, topic, self._kb_dir, self._knowledge.get())
        row = {"topic": topic, "base": stamp(current), "text": text, "note": note.strip()[:LONGEST_NOTE]}
        with self._engine.begin() as connection:
            done = connection.execute(insert(KbDraftRow).values(**row, author=author, at=self._clock(), state=OPEN))
            return int(done.inserted_primary_key[0])

    def get(self, draft_id: int) -> Draft:
        """A draft. Raises NotNow where there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(KbDraftRow.__table__).where(KbDraftRow.id == draft_id)).first()
        if row is None:
            raise NotNow("unknown")
        return Draft(*row)

    def waiting(self, topic: str | None = None) -> list[Draft]:
        """The drafts that nobody has decided about, oldest first."""
        table = KbDraftRow
        wanted = select(table.__table__).where(table.state == OPEN).order_by(table.id)
        wanted = wanted if topic is None else wanted.where(table.topic == topic)
        with self._engine.connect() as connection:
            return [Draft(*row) for row in connection.execute(wanted)]

    def approve(self, draft_id: int, approver: str) -> Draft:
        """Put a draft into its file. Raises NotNow where it is one's own, decided or stale, and EditError."""
        draft = self.get(draft_id)
        if draft.author == approver:
            raise NotNow("own")
        with self._engine.begin() as connection:
            # The first statement writes and thereby locks: of two who approve at once one finds it decided.
            chosen = (KbDraftRow.id == draft_id, KbDraftRow.state == OPEN)
            decided = {"state": APPROVED, "decided_by": approver, "decided_at": self._clock()}
            if not connection.execute(update(KbDraftRow).where(*chosen).values(**decided)).rowcount:
                raise NotNow("decided")
            current = self.text_of(draft.topic)
            # A file that holds the draft already: the process died between the file and the end of this transaction.
            if stamp(current) != draft.base and current != draft.text:
                raise NotNow("stale")
            answer = checked_answer(draft.text, draft.topic, self._kb_dir, self._knowledge.get())
            row = {"topic": draft.topic, "before": current, "after": draft.text, "note": draft.note}
            people = {"author": draft.author, "approver": approver}
            connection.execute(insert(KbVersionRow).values(**row, **people, at=self._clock()))
            write_whole(answer.path, draft.text)
        return self.get(draft_id)

    def decline(self, draft_id: int, staff: str) -> None:
        """Turn a draft down, or take one's own back. Raises NotNow where it is decided."""
        draft = self.get(draft_id)
        state = WITHDRAWN if draft.author == staff else REJECTED
        with self._engine.begin() as connection:
            chosen = (KbDraftRow.id == draft_id, KbDraftRow.state == OPEN)
            decided = {"state": state, "decided_by": staff, "decided_at": self._clock()}
            if not connection.execute(update(KbDraftRow).where(*chosen).values(**decided)).rowcount:
                raise NotNow("decided")

    def history(self, topic: str, most: int = 50) -> list[Version]:
        """The changes of a topic that were made here, newest first."""
        table = KbVersionRow
        wanted = select(table.__table__).where(table.topic == topic).order_by(table.id.desc()).limit(most)
        with self._engine.connect() as connection:
            return [Version(*row) for row in connection.execute(wanted)]

    def bring_back(self, version_id: int, author: str, note: str = "") -> int:
        """Propose what stood before a change; somebody else approves it as any edit. Raises NotNow and EditError."""
        with self._engine.connect() as connection:
            row = connection.execute(select(KbVersionRow.__table__).where(KbVersionRow.id == version_id)).first()
        if row is None:
            raise NotNow("unknown")
        version = Version(*row)
        return self.propose(version.topic, version.before, author, note, exact=True)
