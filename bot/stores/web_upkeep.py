"""What time brings to the chat page's conversations: turns cut off, sign-ins that end, events that grow old."""

from __future__ import annotations

import datetime
from pathlib import Path

from sqlalchemy import delete, or_, select
from sqlalchemy.engine import Engine

from bot.dialogue.transcript import Transcripts
from bot.stores.web_tables import WebAttachmentRow, WebEventRow, WebSessionRow, WebTurnRow

PATIENCE = datetime.timedelta(seconds=60)
"""After this an unanswered message that nobody works on was cut off: a turn takes 30 seconds at most."""
KEPT = datetime.timedelta(days=30)
WAITING = datetime.timedelta(days=1)
"""How long a file waits for its message."""


def answer_what_was_cut_off(
    store: Transcripts, engine: Engine, now: datetime.datetime, apology: str, running: frozenset[tuple[str, str]]
) -> set[str]:
    """Apologise for every turn that a restart cut off; the sessions that heard it."""
    with engine.connect() as connection:
        waiting = select(WebTurnRow.session_id, WebTurnRow.turn).where(WebTurnRow.accepted_at < now - PATIENCE)
        cut_off = [tuple(row) for row in connection.execute(waiting) if tuple(row) not in running]
    said = ("bot", {"text": apology, "buttons": [], "custom": {}})
    return {session for session, turn in cut_off if store.finish(session, turn, [said])}


def signed_in_too_long(engine: Engine, now: datetime.datetime) -> set[str]:
    """The sessions whose learner's time is over."""
    table = WebSessionRow
    with engine.connect() as connection:
        return set(connection.execute(select(table.id).where(table.learner_until <= now)).scalars())


def delete_what_is_old(engine: Engine, folder: Path, now: datetime.datetime) -> None:
    """Delete events, files and sessions past their time, and files that no row knows any more."""
    long_ago, files = now - KEPT, WebAttachmentRow
    unused = select(WebSessionRow.id).where(WebSessionRow.used_at < long_ago)
    left = (files.event.is_(None)) & (files.at < now - WAITING)
    with engine.begin() as connection:
        # Writes first: SQLite refuses a transaction that reads first and writes after another has written.
        connection.execute(delete(WebEventRow).where(WebEventRow.at < long_ago))
        old = or_(files.at < long_ago, files.session_id.in_(unused), left)
        gone = set(connection.execute(select(files.id).where(old).with_for_update()).scalars())
        connection.execute(delete(files).where(old).execution_options(synchronize_session=False))
        connection.execute(delete(WebSessionRow).where(WebSessionRow.used_at < long_ago))
        known = set(connection.execute(select(files.id)).scalars())
    for path in folder.glob("*"):
        # A file is written before its row: a young one may be on its way.
        lost = path.name not in known and path.stat().st_mtime < (now - WAITING).timestamp()
        if path.name in gone or lost:
            path.unlink(missing_ok=True)
