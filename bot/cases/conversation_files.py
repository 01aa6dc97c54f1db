"""The files that a person sent in a conversation, for a case to take along.

They are the chat store's (bot/stores/web_files.py): its rows and its folder are read here, never written.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import column, select, table
from sqlalchemy.engine import Engine

from bot.cases.records import NewFile
from bot.learners.tables import Moment

RECENT = datetime.timedelta(hours=2)
MOST = 8
MOST_BYTES = 20_000_000
"""Of all files together: many mail servers take no more than 25 MB, and base64 adds a third."""
_FILES = table(
    "web_attachment",
    column("id"),
    column("session_id"),
    column("name"),
    column("type"),
    column("size"),
    column("at", Moment),
)


class ConversationFiles:
    """Reads the files of conversations."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder

    def recent(self, sender_id: str, now: datetime.datetime, without: Collection[str] = ()) -> list[NewFile]:
        """What was sent lately, oldest first, without those that a case has; the newest where they are too many."""
        here = (_FILES.c.session_id == sender_id.removeprefix("web-"), _FILES.c.at > now - RECENT)
        with self._engine.connect() as connection:
            rows = connection.execute(select(_FILES).where(*here).order_by(_FILES.c.at.desc())).all()
        found: list[NewFile] = []
        room = MOST_BYTES
        for row in rows:
            if row.id in without or len(found) == MOST or row.size > room:
                continue
            try:
                content = (self._folder / row.id).read_bytes()
            except FileNotFoundError:
                continue
            found.append(NewFile(row.name, row.type, content, row.id))
            room -= len(content)
        return found[::-1]

    def count(self, sender_id: str, now: datetime.datetime, without: Collection[str] = ()) -> int:
        """How many files a case would take along now."""
        here = (_FILES.c.session_id == sender_id.removeprefix("web-"), _FILES.c.at > now - RECENT)
        with self._engine.connect() as connection:
            ids = connection.execute(select(_FILES.c.id).where(*here)).scalars().all()
        return min(MOST, sum(one not in without for one in ids))
