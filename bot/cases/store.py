"""The cases: opened by people, worked on by the staff, read by both."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from bot.cases.reading import case_from
from bot.cases.records import NEW, OPEN, PLATFORM, WAITING, Case, Draft, NewFile
from bot.cases.tables import CaseCounterRow, CaseEventRow, CaseFileRow, CaseRow, ContactHoldRow
from bot.cases.work import CaseWork, keeper_of
from bot.cases.writing import add_event, letter
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock, now_in_taipei
from bot.learners.records import TAIPEI
from bot.queues.outbox import Outbox

LONGEST_SUBJECT = 100
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Cases(CaseWork):
    """All cases; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, knowledge: LiveKnowledge, clock: Clock = now_in_taipei) -> None:
        super().__init__(engine, knowledge, clock)

    def open(self, draft: Draft) -> Case:
        """Keep a case with its files and its e-mail at once; what was held of the contact goes with it.

        The same draft again opens nothing: its case comes back.
        """
        now = self._clock()
        keeper, refer_to = keeper_of(self._knowledge.get().desks[draft.desk])
        with self._engine.begin() as connection:
            number = _next_number(connection, now)
            earlier = select(CaseRow.__table__).where(CaseRow.draft_key == draft.key)
            known = connection.execute(earlier).first() if draft.key else None
            if known is not None:
                connection.rollback()
                return case_from(known)
            row = _row(draft, keeper, refer_to, number, now)
            case_id = int(connection.execute(insert(CaseRow).values(**row)).inserted_primary_key[0])
            _add_files(connection, case_id, draft.files, now)
            event = add_event(connection, case_id, now, "opened", None, {"files": len(draft.files)})
            if keeper != PLATFORM:
                add_event(connection, case_id, now, "mail", None, {"state": "waiting", "desk": keeper})
                Outbox.put_within(connection, [letter(case_id, number, event, keeper)], now)
            connection.execute(delete(ContactHoldRow).where(ContactHoldRow.conversation == draft.conversation))
            return case_from(connection.execute(select(CaseRow.__table__).where(CaseRow.id == case_id)).one())

    def said(self, case_id: int, text: str, files: Sequence[NewFile] = ()) -> bool:
        """Keep what the person writes to the agent, already redacted; whether it is the first since the agent came.

        A case that waits for the person is open again. Raises NoSuchCase.
        """
        with self._writing(case_id) as writing:
            came = (CaseEventRow.case_id == case_id, CaseEventRow.kind.in_(("said", "taken", "left")))
            last = select(CaseEventRow.kind).where(*came).order_by(CaseEventRow.id.desc()).limit(1)
            first = bool(writing.connection.execute(last).scalar() != "said")
            writing.add("said", None, text=text, files=len(files))
            _add_files(writing.connection, case_id, files, writing.now)
            if writing.case.state == WAITING:
                writing.change_state(OPEN, None)
            return first

    def leave(self, case_id: int) -> None:
        """The person goes back to the bot; the case goes on without them. Raises NoSuchCase."""
        with self._writing(case_id) as writing:
            writing.set(with_agent=False)
            writing.add("left")

    def mailed(
        self, case_id: int, desk: str, state: str, why: str = "", also: Callable[[Connection], None] | None = None
    ) -> None:
        """Keep how an e-mail to a desk went: sent, unsure, retrying or failed; `also` belongs to the same transaction.

        Raises NoSuchCase.
        """
        with self._writing(case_id) as writing:
            writing.add("mail", None, state=state, desk=desk, why=why)
            if also is not None:
                also(writing.connection)


def _row(draft: Draft, keeper: str, refer_to: str | None, number: str, now: datetime.datetime) -> dict[str, object]:
    return {
        "number": number,
        "draft_key": draft.key,
        "kind": draft.kind,
        "state": NEW,
        "desk": keeper,
        "refer_to": refer_to,
        "topic": draft.topic,
        "channel": draft.channel,
        "conversation": draft.conversation,
        "learner_id": draft.learner_id,
        "subject": draft.subject[:LONGEST_SUBJECT],
        "fields": json.dumps(dict(draft.fields), ensure_ascii=False),
        "contact": draft.contact,
        "diagnosis": None if draft.diagnosis is None else json.dumps(dict(draft.diagnosis), ensure_ascii=False),
        "transcript": json.dumps([dict(one) for one in draft.transcript], ensure_ascii=False),
        "assignee": None,
        "with_agent": False,
        "opened_at": now,
        "changed_at": now,
    }


def _next_number(connection: Connection, now: datetime.datetime) -> str:
    """The month and how many cases it has had; the counter's row lets one transaction at a time through."""
    month = now.astimezone(TAIPEI).strftime("%y%m")
    table = CaseCounterRow
    made = _INSERT[connection.dialect.name](table).values(month=month, last=0)
    connection.execute(made.on_conflict_do_nothing())
    connection.execute(update(table).where(table.month == month).values(last=table.last + 1))
    last = connection.execute(select(table.last).where(table.month == month)).scalar_one()
    return f"{month}-{last:04d}"


def _add_files(connection: Connection, case_id: int, files: Sequence[NewFile], now: datetime.datetime) -> None:
    rows = [
        {
            "case_id": case_id,
            "name": one.name,
            "type": one.type,
            "size": len(one.content),
            "source": one.source,
            "content": one.content,
            "at": now,
        }
        for one in files
    ]
    if rows:
        connection.execute(insert(CaseFileRow), rows)
