"""The files that people sent on the chat page: rows in the database, contents in a folder beside it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Engine

from bot.dialogue.transcript import Attachment, NoRoom, NotTheirs
from bot.learners.clock import Clock, now_in_taipei
from bot.stores.web_tables import WebAttachmentRow
from bot.stores.web_writing import Writing

MOST_WAITING = 8
MOST_BYTES = 5_000_000_000
"""All attachments together."""


class WebFiles:
    """The part of the store that keeps files; each is its owner's alone to read, also on the disk."""

    def __init__(self, engine: Engine, folder: Path, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._folder = folder
        self._clock = clock

    @contextmanager
    def _writing(self, session: str) -> Iterator[Writing]:
        with self._engine.begin() as connection:
            writing = Writing(connection, session, self._clock())
            yield writing
        self._unlink(writing.gone)

    def _unlink(self, attachments: Iterable[str]) -> None:
        for one in attachments:
            (self._folder / one).unlink(missing_ok=True)

    def keep(self, session: str, name: str, content_type: str, content: bytes) -> Attachment:
        """Keep a file until a message takes it along. Raises NoRoom."""
        table = WebAttachmentRow
        kept = Attachment(secrets.token_urlsafe(18), name, content_type, len(content))
        try:
            self._write(kept.id, content)
            with self._writing(session) as writing:
                waiting = select(func.count()).where(table.session_id == session, table.event.is_(None))
                total = writing.connection.execute(select(func.sum(table.size))).scalar() or 0
                if writing.connection.execute(waiting).scalar_one() >= MOST_WAITING or total + kept.size > MOST_BYTES:
                    raise NoRoom
                row = {"id": kept.id, "name": name, "type": content_type, "size": kept.size}
                writing.connection.execute(insert(table).values(**row, session_id=session, at=writing.now))
        except Exception:
            self._unlink([kept.id])
            raise
        return kept

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)

    def attachment(self, session: str, attachment: str) -> tuple[Attachment, bytes]:
        """A file of the session. Raises NotTheirs."""
        table = WebAttachmentRow
        with self._engine.connect() as connection:
            own = select(table.__table__).where(table.id == attachment, table.session_id == session)
            row = connection.execute(own).first()
        if row is None:
            raise NotTheirs
        try:
            content = (self._folder / row.id).read_bytes()
        except FileNotFoundError:
            raise NotTheirs from None
        return Attachment(row.id, row.name, row.type, row.size), content

    def drop(self, session: str, attachment: str) -> None:
        """Delete a file of the session. Raises NotTheirs."""
        with self._writing(session) as writing:
            writing.delete_attachments(WebAttachmentRow.id == attachment)
            if not writing.gone:
                raise NotTheirs

    @staticmethod
    def _waiting(writing: Writing, attachment: str) -> Attachment:
        table = WebAttachmentRow
        own = (table.id == attachment, table.session_id == writing.session, table.event.is_(None))
        row = writing.connection.execute(select(table.__table__).where(*own)).first()
        if row is None:
            raise NotTheirs
        return Attachment(row.id, row.name, row.type, row.size)
