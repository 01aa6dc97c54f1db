"""Which cases somebody may see, and which of them the queue lists."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.engine import Engine

from bot.cases.reading import case_from
from bot.cases.records import STATES, UNFINISHED, Case
from bot.cases.tables import CaseRow
from bot.console.clocks import Clocks
from bot.staff.accounts import Staff

PER_PAGE = 30
SORTS: Mapping[str, tuple[Any, ...]] = {
    # Whoever waits for a first reply comes first, the longest wait before all.
    "urgent": (CaseRow.first_reply_at.is_not(None), CaseRow.opened_at, CaseRow.id),
    "newest": (CaseRow.opened_at.desc(), CaseRow.id.desc()),
    "oldest": (CaseRow.opened_at, CaseRow.id),
    "changed": (CaseRow.changed_at.desc(), CaseRow.id.desc()),
}
AGES = ("1", "3", "7", "30")
"""Days since a case was opened."""


@dataclass(frozen=True)
class Wanted:
    """What the queue is asked for; empty texts are everything."""

    state: str = "unfinished"
    """unfinished, late, all, or one of STATES."""
    desk: str = ""
    topic: str = ""
    channel: str = ""
    assignee: str = ""
    """A login, or nobody."""
    age: str = ""
    text: str = ""
    sort: str = "urgent"
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        """From the address; what makes no sense there counts as not given."""
        values = {name: given.get(name, "").strip()[:100] for name in ("desk", "topic", "channel", "assignee", "text")}
        state, sort, page = given.get("state", ""), given.get("sort", ""), given.get("page", "")
        return cls(
            **values,
            state=state if state in (*STATES, "late", "all") else "unfinished",
            age=given.get("age", "") if given.get("age") in AGES else "",
            sort=sort if sort in SORTS else "urgent",
            page=min(int(page), 10_000) if page.isascii() and page.isdigit() and int(page) > 0 else 1,
        )


def seen_by(staff: Staff) -> Any:
    """The condition that a case is theirs to see: the same as `may_see`, for the database."""
    if staff.may("cases_of_others"):
        return true()
    if not staff.may("cases"):
        return false()
    return or_(CaseRow.desk.in_(staff.desks), CaseRow.refer_to.in_(staff.desks)) if staff.desks else true()


def may_see(staff: Staff, case: Case) -> bool:
    """Whether the case is theirs to see: that of one of their desks, or one that such a desk was named for."""
    return staff.sees_desk(case.desk) or (case.refer_to is not None and staff.sees_desk(case.refer_to))


def count(engine: Engine, staff: Staff, wanted: Wanted, clocks: Clocks) -> int:
    """How many cases there are on all pages."""
    with engine.connect() as connection:
        query = select(func.count(CaseRow.id)).where(*_conditions(staff, wanted, clocks))
        return int(connection.execute(query).scalar_one())


def search(engine: Engine, staff: Staff, wanted: Wanted, clocks: Clocks) -> tuple[list[Case], int]:
    """A page of cases, and how many there are on all pages."""
    conditions = _conditions(staff, wanted, clocks)
    with engine.connect() as connection:
        total = int(connection.execute(select(func.count(CaseRow.id)).where(*conditions)).scalar_one())
        page = min(wanted.page, max(1, -(-total // PER_PAGE)))
        rows = select(CaseRow.__table__).where(*conditions).order_by(*SORTS[wanted.sort])
        found = connection.execute(rows.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return [case_from(row) for row in found], total


def version(engine: Engine, staff: Staff) -> str:
    """Changes whenever a case that they see comes or changes; found by indexes alone, since pages ask every second."""
    newest = select(CaseRow.id, CaseRow.changed_at).where(seen_by(staff))
    with engine.connect() as connection:
        changed = connection.execute(newest.order_by(CaseRow.changed_at.desc()).limit(1)).first()
        opened = connection.execute(newest.order_by(CaseRow.id.desc()).limit(1)).first()
    return f"{changed and tuple(map(str, changed))} {opened and opened.id}"


def _conditions(staff: Staff, wanted: Wanted, clocks: Clocks) -> list[Any]:
    table = CaseRow
    found: list[Any] = [seen_by(staff)]
    if wanted.state in ("unfinished", "late"):
        found.append(table.state.in_(UNFINISHED))
    elif wanted.state != "all":
        found.append(table.state == wanted.state)
    if wanted.state == "late":
        found.append(_late(clocks))
    for column, value in ((table.topic, wanted.topic), (table.channel, wanted.channel)):
        if value:
            found.append(column == value)
    if wanted.desk:
        found.append(or_(table.desk == wanted.desk, table.refer_to == wanted.desk))
    if wanted.assignee:
        found.append(table.assignee.is_(None) if wanted.assignee == "nobody" else table.assignee == wanted.assignee)
    if wanted.age:
        found.append(table.opened_at <= clocks.now - datetime.timedelta(days=int(wanted.age)))
    if wanted.text:
        columns = (table.number, table.subject, table.fields, table.learner_id)
        found.append(or_(*(column.contains(wanted.text, autoescape=True) for column in columns)))
    return found


def _late(clocks: Clocks) -> Any:
    """Each desk counts its own hours, so each has its own moment before which a case is late."""
    of_desks = []
    for desk in clocks.desks:
        unanswered, unsettled = clocks.late_before(desk)
        early = and_(CaseRow.first_reply_at.is_(None), CaseRow.opened_at < unanswered)
        of_desks.append(and_(CaseRow.desk == desk, or_(early, CaseRow.opened_at < unsettled)))
    return or_(false(), *of_desks)
