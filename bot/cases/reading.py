"""Looking cases up."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql import Select

from bot.cases.records import Case, CaseEvent, CaseFile, CaseFilter, NoSuchCase
from bot.cases.tables import CaseEventRow, CaseFileRow, CaseRow

MOST = 500
"""Cases listed at once."""


class CaseReading:
    """The questions that cases answer; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, case_id: int) -> Case:
        """The case. Raises NoSuchCase."""
        with self._engine.connect() as connection:
            return read_case(connection, case_id)

    def by_number(self, number: str) -> Case | None:
        """The case that somebody read aloud or typed; spaces and missing zeros do no harm."""
        month, _, count = number.strip().replace(" ", "").replace("\u2013", "-").partition("-")
        wanted = f"{month}-{int(count):04d}" if count.isascii() and count.isdigit() else number.strip()
        found = self._all(select(CaseRow.__table__).where(CaseRow.number == wanted))
        return found[0] if found else None

    def by_key(self, key: str) -> Case | None:
        """The case that a draft with this key became."""
        found = self._all(select(CaseRow.__table__).where(CaseRow.draft_key == key))
        return found[0] if found else None

    def of_conversation(self, sender_id: str) -> list[Case]:
        """Every case of a conversation, newest first."""
        return self._all(_newest(CaseRow.conversation == sender_id))

    def of_learner(self, learner_id: str) -> list[Case]:
        """Every case of a signed-in learner, newest first."""
        return self._all(_newest(CaseRow.learner_id == learner_id))

    def in_hand(self, sender_id: str) -> Case | None:
        """The case of this conversation that an agent has taken, where there is one: the bot is silent then."""
        taken = _newest((CaseRow.conversation == sender_id) & CaseRow.with_agent.is_(True)).limit(1)
        found = self._all(taken)
        return found[0] if found else None

    def find(self, wanted: CaseFilter) -> list[Case]:
        """The cases that the filter lets through, by the moment they were opened."""
        table = CaseRow
        order = (table.opened_at.desc(), table.id.desc()) if wanted.newest_first else (table.opened_at, table.id)
        chosen = _through(select(table.__table__), wanted).order_by(*order)
        return self._all(chosen.limit(min(wanted.limit, MOST)).offset(wanted.offset))

    def count(self, wanted: CaseFilter) -> int:
        """How many cases the filter lets through, whatever its limit."""
        with self._engine.connect() as connection:
            return int(connection.execute(_through(select(func.count(CaseRow.id)), wanted)).scalar_one())

    def events(self, case_id: int) -> list[CaseEvent]:
        """What happened to a case, oldest first."""
        table = CaseEventRow
        with self._engine.connect() as connection:
            wanted = select(table.__table__).where(table.case_id == case_id).order_by(table.id)
            rows = connection.execute(wanted).all()
        return [CaseEvent(row.id, row.case_id, row.at, row.kind, row.staff, json.loads(row.data)) for row in rows]

    def files(self, case_id: int) -> list[CaseFile]:
        """The files of a case, oldest first."""
        table = CaseFileRow
        columns = (table.id, table.case_id, table.name, table.type, table.size, table.at)
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(table.case_id == case_id).order_by(table.id)).all()
        return [CaseFile(*row) for row in rows]

    def file(self, case_id: int, file_id: int) -> tuple[CaseFile, bytes]:
        """A file of a case and its content. Raises NoSuchCase where the case has none of this id."""
        table = CaseFileRow
        with self._engine.connect() as connection:
            wanted = select(table.__table__).where(table.id == file_id, table.case_id == case_id)
            row = connection.execute(wanted).first()
        if row is None:
            raise NoSuchCase(f"case {case_id} has no file {file_id}")
        return CaseFile(row.id, row.case_id, row.name, row.type, row.size, row.at), bytes(row.content)

    def sources(self, sender_id: str) -> set[str]:
        """The attachments of a conversation that a case has taken along already."""
        joined = select(CaseFileRow.source).join(CaseRow, CaseRow.id == CaseFileRow.case_id)
        with self._engine.connect() as connection:
            rows = connection.execute(joined.where(CaseRow.conversation == sender_id)).scalars()
            return {one for one in rows if one}

    def _all(self, wanted: Select) -> list[Case]:
        with self._engine.connect() as connection:
            return [case_from(row) for row in connection.execute(wanted).all()]


def read_case(connection: Connection, case_id: int) -> Case:
    """The case, within somebody's transaction. Raises NoSuchCase."""
    row = connection.execute(select(CaseRow.__table__).where(CaseRow.id == case_id)).first()
    if row is None:
        raise NoSuchCase(f"there is no case {case_id}")
    return case_from(row)


def case_from(row: Any) -> Case:
    """The case of a row."""
    values = {name: getattr(row, name) for name in Case.__dataclass_fields__}
    for name in ("fields", "transcript", "diagnosis"):
        values[name] = None if values[name] is None else json.loads(values[name])
    return Case(**values)


def _newest(condition: Any) -> Select:
    return select(CaseRow.__table__).where(condition).order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())


def _through(query: Select, wanted: CaseFilter) -> Select:
    table = CaseRow
    states = (wanted.state,) if isinstance(wanted.state, str) else wanted.state
    for column, value in (("desk", wanted.desk), ("topic", wanted.topic), ("channel", wanted.channel)):
        if value is not None:
            query = query.where(getattr(table, column) == value)
    if states is not None:
        query = query.where(table.state.in_(states))
    if wanted.assignee is not None:
        query = query.where(table.assignee == wanted.assignee if wanted.assignee else table.assignee.is_(None))
    if wanted.opened_from is not None:
        query = query.where(table.opened_at >= wanted.opened_from)
    if wanted.opened_to is not None:
        query = query.where(table.opened_at < wanted.opened_to)
    text = wanted.text.strip()
    if text:
        columns = (table.number, table.subject, table.fields)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    return query
