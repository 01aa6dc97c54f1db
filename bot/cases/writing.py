"""One transaction that changes a case: colleagues wait for each other, and words go out only if it goes through."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.engine import Connection

from bot.cases.reading import read_case
from bot.cases.records import REACHABLE, Case, NoSuchCase
from bot.cases.tables import CaseEventRow, CaseRow
from bot.queues.outbox import Outbox
from bot.queues.records import Outbound

EMAIL = "email"
AGENT: Mapping[str, Any] = {"type": "agent"}
"""Marks words of a person of the help desk."""


class CaseWriting:
    """The case's row, locked until the transaction ends; the first statement writes, as SQLite wants it."""

    def __init__(self, connection: Connection, case_id: int, now: datetime.datetime) -> None:
        """Raises NoSuchCase."""
        self.connection = connection
        self.now = now
        touched = update(CaseRow).where(CaseRow.id == case_id).values(changed_at=now)
        if not connection.execute(touched).rowcount:
            raise NoSuchCase(f"there is no case {case_id}")
        self.case: Case = read_case(connection, case_id)

    def set(self, **values: Any) -> None:
        """Change the case's row."""
        self.connection.execute(update(CaseRow).where(CaseRow.id == self.case.id).values(**values))

    def add(self, kind: str, staff: str | None = None, **data: Any) -> int:
        """Keep an event of the case; its id."""
        return add_event(self.connection, self.case.id, self.now, kind, staff, data)

    def change_state(self, state: str, staff: str | None, **more: Any) -> int:
        """Put the case into a state and keep that it was; more values of its row change along."""
        self.set(state=state, **more)
        return self.add("state", staff, before=self.case.state, after=state)

    def tell(self, event: int, text: str, by_agent: bool = False) -> None:
        """Say something to the person, where their channel can; the event makes it unique."""
        if self.case.channel not in REACHABLE or not text:
            return
        custom = dict(AGENT) if by_agent else {"type": "case", **custom_of(self.case)}
        data = {"messages": [{"text": text, "custom": custom}]}
        key = f"case:{self.case.id}:{event}"
        one = Outbound(key, self.case.channel, person_of(self.case), data)
        Outbox.put_within(self.connection, [one], self.now)

    def mail(self, event: int, desk: str) -> None:
        """Send the case to a desk by e-mail; the letter is drawn from the case once it is sent."""
        Outbox.put_within(self.connection, [letter(self.case.id, self.case.number, event, desk)], self.now)


def add_event(
    connection: Connection, case_id: int, now: datetime.datetime, kind: str, staff: str | None, data: Mapping[str, Any]
) -> int:
    """Keep an event of a case; its id."""
    row = {"case_id": case_id, "at": now, "kind": kind, "staff": staff}
    row["data"] = json.dumps(data, ensure_ascii=False)
    return int(connection.execute(insert(CaseEventRow).values(**row)).inserted_primary_key[0])


def letter(case_id: int, number: str, event: int, desk: str) -> Outbound:
    """The e-mail of a case to a desk, as the outbox keeps it: nothing of what the person said stands in it.

    A letter waits for nobody else's: each case is a recipient of its own, and the mailbox is looked up when it leaves.
    """
    return Outbound(f"case:{case_id}:mail:{event}", EMAIL, f"{desk}/{number}", {"case": case_id, "desk": desk})


def person_of(case: Case) -> str:
    """The person as the case's channel knows them: a sender_id is the channel and that."""
    return case.conversation.removeprefix(f"{case.channel}-")


def custom_of(case: Case) -> dict[str, Any]:
    """The machine-readable facts of a case (contracts section 3), without their type."""
    return {"case_id": case.number, "desk": case.desk, "status": case.state}
