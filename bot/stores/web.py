"""The chat page's conversations in the project's database, and the files that people sent in a folder beside it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Engine

from bot.dialogue.transcript import BATCH, Accepted, NotTheirs, Said, StoredEvent, Verdict
from bot.learners.clock import Clock, now_in_taipei
from bot.learners.database import open_database
from bot.settings import Settings
from bot.stores.web_files import WebFiles
from bot.stores.web_tables import WebAttachmentRow, WebEventRow, WebFeedbackRow, WebSessionRow, WebTurnRow
from bot.stores.web_upkeep import answer_what_was_cut_off, delete_what_is_old, signed_in_too_long

TIDY_EVERY = datetime.timedelta(hours=1)
MOST_AT_ONCE = 500
"""Sessions in one question to the database."""


class WebStore(WebFiles):
    """As bot.dialogue.transcript.Transcripts says; on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine, folder: Path, clock: Clock = now_in_taipei) -> None:
        super().__init__(engine, folder, clock)
        self._tidied: datetime.datetime | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> WebStore:
        """The project's database, and var/attachments."""
        store = cls(open_database(settings.database_url), settings.var_dir / "attachments")
        store.stay_open()
        return store

    def stay_open(self) -> None:
        """Keep one connection for good: the last to close makes SQLite write its log back, 10 to 100 ms each time."""
        if self._engine.dialect.name == "sqlite":
            self._held = self._engine.raw_connection()

    def accept(self, session: str, turn: str, text: str, attachments: Sequence[str]) -> Accepted:
        """Keep a message; the same turn again changes nothing. Raises NotTheirs."""
        with self._writing(session) as writing:
            known = (WebEventRow.session_id == session, WebEventRow.turn == turn, WebEventRow.kind == "user")
            event = writing.connection.execute(select(WebEventRow.number).where(*known)).scalar()
            if event is not None:
                still = (WebTurnRow.session_id == session, WebTurnRow.turn == turn)
                open_ = writing.connection.execute(select(WebTurnRow.turn).where(*still)).scalar() is not None
                return Accepted(event, writing.end_sign_in_if_over(), False, open_)
            learner_id = writing.end_sign_in_if_over()
            sent = [self._waiting(writing, one) for one in dict.fromkeys(attachments)]
            files = [{"id": one.id, "name": one.name, "type": one.type, "size": one.size} for one in sent]
            data = {"id": turn, "text": text, "at": _stamp(writing.now), "attachments": files}
            event = writing.append([("user", turn, data)])
            for one in sent:
                taken = update(WebAttachmentRow).where(WebAttachmentRow.id == one.id).values(event=event)
                writing.connection.execute(taken)
            row = {"session_id": session, "turn": turn, "accepted_at": writing.now}
            writing.connection.execute(insert(WebTurnRow).values(**row))
            return Accepted(event, learner_id)

    def finish(self, session: str, turn: str, said: Iterable[Said]) -> bool:
        """Keep a turn's replies and that it is over, at once; False where it is over or deleted already."""
        with self._writing(session) as writing:
            still = (WebTurnRow.session_id == session, WebTurnRow.turn == turn)
            if not writing.connection.execute(delete(WebTurnRow).where(*still)).rowcount:
                return False
            at = _stamp(writing.now)
            replies = [(kind, turn, {**data, "at": at, "turn": turn}) for kind, data in said]
            writing.append([*replies, ("done", turn, {"turn": turn})])
            return True

    def deliver(self, session: str, key: str, said: Iterable[Said]) -> bool:
        """Keep what somebody says unasked; False, and nothing changes, where that key was delivered before."""
        turn = f"key-{hashlib.sha256(key.encode()).hexdigest()[:40]}"
        with self._writing(session) as writing:
            known = (WebEventRow.session_id == session, WebEventRow.turn == turn)
            if writing.connection.execute(select(WebEventRow.number).where(*known).limit(1)).scalar() is not None:
                return False
            at = _stamp(writing.now)
            writing.append([(kind, turn, {**data, "at": at, "turn": turn}) for kind, data in said])
            return True

    def newest(self, sessions: Iterable[str]) -> dict[str, int]:
        """The number of the newest event of each session that there is."""
        table, wanted = WebSessionRow, list(sessions)
        with self._engine.connect() as connection:
            rows = [
                row
                for at in range(0, len(wanted), MOST_AT_ONCE)
                for row in connection.execute(
                    select(table.id, table.last_event).where(table.id.in_(wanted[at : at + MOST_AT_ONCE]))
                )
            ]
        return {row.id: row.last_event for row in rows}

    def append(self, session: str, kind: str, data: Mapping[str, Any]) -> None:
        """Keep one more event; a restart is stamped with its moment."""
        with self._writing(session) as writing:
            stamp = {"at": _stamp(writing.now)} if kind == "restarted" else {}
            writing.append([(kind, None, {**data, **stamp})])

    def events(self, session: str, after: int) -> list[StoredEvent]:
        """The events behind a number, oldest first, at most BATCH of them."""
        table = WebEventRow
        with self._engine.connect() as connection:
            wanted = select(table.number, table.kind, table.data).where(
                table.session_id == session, table.number > after
            )
            rows = connection.execute(wanted.order_by(table.number).limit(BATCH)).all()
            last = select(WebSessionRow.last_event).where(WebSessionRow.id == session)
            newest = 0 if rows else connection.execute(last).scalar() or 0
        if not rows and newest < after:
            with self._writing(session) as writing:
                if writing.row.last_event < after:
                    writing.skip_to(after)
                    writing.append([("cleared", None, {})])
            return self.events(session, after)
        return [StoredEvent(row.number, row.kind, json.loads(row.data)) for row in rows]

    def sign_in(self, session: str, learner_id: str, until: datetime.datetime) -> None:
        """Remember who is speaking."""
        with self._writing(session) as writing:
            writing.set(learner_id=learner_id, learner_until=until)
            writing.append([("account", None, {"signed_in": True})])

    def sign_out(self, session: str) -> None:
        """Forget who is speaking."""
        with self._writing(session) as writing:
            if writing.row.learner_id is not None:
                writing.sign_out()

    def clear(self, session: str) -> None:
        """Delete everything that was said, sent and judged."""
        with self._writing(session) as writing:
            writing.delete_attachments()
            for table in (WebFeedbackRow, WebTurnRow, WebEventRow):
                writing.connection.execute(delete(table).where(table.session_id == session))
            writing.append([("cleared", None, {})])

    def judge(self, session: str, verdict: Verdict) -> None:
        """Keep what a person thinks of a reply, in place of an earlier verdict. Raises NotTheirs."""
        table = WebFeedbackRow
        with self._writing(session) as writing:
            reply = (WebEventRow.session_id == session, WebEventRow.number == verdict.event, WebEventRow.kind == "bot")
            if writing.connection.execute(select(WebEventRow.number).where(*reply)).scalar() is None:
                raise NotTheirs
            earlier = (table.session_id == session, table.event == verdict.event)
            writing.connection.execute(delete(table).where(*earlier))
            row = {"helpful": verdict.helpful, "reason": verdict.reason, "comment": verdict.comment}
            where = {"session_id": session, "event": verdict.event, "at": writing.now}
            writing.connection.execute(insert(table).values(**where, **row))
            told = {"event": verdict.event, "helpful": verdict.helpful, "reason": verdict.reason}
            writing.append([("judged", None, told)])

    def upkeep(self, apology: str, running: frozenset[tuple[str, str]]) -> set[str]:
        """Answer what was left unanswered, end what is over, delete what is old; the sessions with news."""
        now = self._clock()
        news = answer_what_was_cut_off(self, self._engine, now, apology, running)
        for session in signed_in_too_long(self._engine, now):
            with self._writing(session) as writing:
                writing.end_sign_in_if_over()
            news.add(session)
        if self._tidied is None or now - self._tidied > TIDY_EVERY:
            self._tidied = now
            delete_what_is_old(self._engine, self._folder, now)
        return news


def _stamp(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="seconds")
