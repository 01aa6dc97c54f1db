"""What the staff do with a case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete
from sqlalchemy.engine import Engine

from bot.cases.reading import CaseReading
from bot.cases.records import (
    CLOSED,
    NEW,
    OPEN,
    PLATFORM,
    REACHABLE,
    RESOLVED,
    UNFINISHED,
    WAITING,
    TakenByOther,
    WrongState,
)
from bot.cases.tables import CaseEventRow, CaseFileRow, CaseRow
from bot.cases.writing import CaseWriting
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Desk, Knowledge
from bot.knowledge.public import public_facts
from bot.learners.clock import Clock
from bot.privacy.redact import redact

LONGEST_TEXT = 4000
"""Signs of a reply or a note; the strictest channel takes 4,096 in a message."""


class CaseWork(CaseReading):
    """Every step of the staff: one transaction with its event and whatever the person hears of it.

    All raise NoSuchCase, and WrongState where the case is not where the step begins.
    """

    def __init__(self, engine: Engine, knowledge: LiveKnowledge, clock: Clock) -> None:
        super().__init__(engine)
        self._knowledge = knowledge
        self._clock = clock

    def take(self, case_id: int, staff: str, over: bool = False) -> None:
        """Have the case: from now on the person writes to the agent; `over` takes it from a colleague.

        Raises TakenByOther.
        """
        with self._writing(case_id) as writing:
            case = writing.case
            if case.state not in UNFINISHED:
                raise WrongState(f"the case is {case.state}; reopen it first")
            if case.assignee == staff and case.state == OPEN and case.with_agent == (case.channel in REACHABLE):
                return
            if case.assignee not in (None, staff) and not over:
                raise TakenByOther(str(case.assignee))
            writing.set(assignee=staff, state=OPEN, with_agent=case.channel in REACHABLE)
            event = writing.add("taken", staff, before=case.assignee)
            if not case.with_agent:
                writing.tell(event, self._say("case_taken", number=case.number))

    def reply(self, case_id: int, staff: str, text: str) -> int:
        """Say something to the person, who hears it in their channel; whoever replies has the case. The event's id."""
        words = self._words(text)
        with self._writing(case_id) as writing:
            case = writing.case
            if case.state not in UNFINISHED:
                raise WrongState(f"the case is {case.state}; reopen it first")
            if case.assignee not in (None, staff):
                raise TakenByOther(str(case.assignee))
            if case.assignee is None:
                writing.add("taken", staff, before=None)
            state = OPEN if case.state == NEW else case.state
            writing.set(assignee=staff, with_agent=True, state=state, first_reply_at=case.first_reply_at or writing.now)
            event = writing.add("reply", staff, text=words)
            writing.tell(event, words, by_agent=True)
            return event

    def note(self, case_id: int, staff: str, text: str) -> int:
        """Keep a note that the person never sees; the event's id."""
        words = self._words(text)
        with self._writing(case_id) as writing:
            return writing.add("note", staff, text=words)

    def transfer(self, case_id: int, staff: str, desk: str) -> None:
        """Give the case to another desk, which may be one outside: it gets the e-mail, or the person is told whom
        to ask."""
        kb = self._knowledge.get()
        if desk not in kb.desks:
            raise WrongState(f"there is no desk {desk}")
        keeper, refer_to = keeper_of(kb.desks[desk])
        with self._writing(case_id) as writing:
            case = writing.case
            if case.state not in UNFINISHED:
                raise WrongState(f"the case is {case.state}; reopen it first")
            writing.set(desk=keeper, refer_to=refer_to, assignee=None, with_agent=False, state=NEW)
            event = writing.add("transferred", staff, before=case.refer_to or case.desk, after=desk)
            writing.tell(event, self._say("case_transferred", number=case.number, name=kb.desks[desk].name))
            if keeper != PLATFORM:
                writing.add("mail", staff, state="waiting", desk=keeper)
                writing.mail(event, keeper)

    def wait(self, case_id: int, staff: str) -> None:
        """The case waits for the person or for others."""
        with self._writing(case_id) as writing:
            _expect(writing, NEW, OPEN)
            writing.change_state(WAITING, staff, assignee=writing.case.assignee or staff)

    def resolve(self, case_id: int, staff: str, text: str = "") -> None:
        """The matter is settled, with last words where there are any; the bot is back and the person told so."""
        words = self._words(text) if text.strip() else ""
        with self._writing(case_id) as writing:
            _expect(writing, *UNFINISHED)
            case = writing.case
            if words:
                writing.tell(writing.add("reply", staff, text=words), words, by_agent=True)
            replied = case.first_reply_at or (writing.now if words else None)
            assignee = case.assignee or staff
            values = {"with_agent": False, "resolved_at": writing.now, "first_reply_at": replied, "assignee": assignee}
            event = writing.change_state(RESOLVED, staff, **values)
            writing.tell(event, self._say("case_resolved", number=case.number))

    def reopen(self, case_id: int, staff: str) -> None:
        """The matter is not settled after all."""
        with self._writing(case_id) as writing:
            _expect(writing, RESOLVED, CLOSED)
            writing.change_state(OPEN if writing.case.assignee else NEW, staff, resolved_at=None)

    def close(self, case_id: int, staff: str) -> None:
        """Nothing more is done; who was still talking to an agent hears that the bot is back."""
        with self._writing(case_id) as writing:
            _expect(writing, *UNFINISHED, RESOLVED)
            case = writing.case
            resolved = case.resolved_at or writing.now
            event = writing.change_state(CLOSED, staff, with_agent=False, resolved_at=resolved)
            if case.state != RESOLVED:
                writing.tell(event, self._say("case_closed", number=case.number))

    def delete(self, case_id: int, staff: str) -> None:
        """Delete the case with its contact, events and files; `staff` is for whoever keeps the audit trail."""
        with self._writing(case_id) as writing:
            for table in (CaseFileRow, CaseEventRow):
                writing.connection.execute(delete(table).where(table.case_id == case_id))
            writing.connection.execute(delete(CaseRow).where(CaseRow.id == case_id))

    @contextmanager
    def _writing(self, case_id: int) -> Iterator[CaseWriting]:
        with self._engine.begin() as connection:
            yield CaseWriting(connection, case_id, self._clock())

    def _say(self, phrase: str, **values: Any) -> str:
        return self._knowledge.get().phrases[phrase].format(**values)

    def _words(self, text: str) -> str:
        """A text of the staff as it may be kept and sent: no personal data but the desks' own numbers."""
        words = redact(text.strip(), public_facts(self._knowledge.get()))
        if not words or len(words) > LONGEST_TEXT:
            raise WrongState(f"a text must have 1 to {LONGEST_TEXT} signs")
        return words


def keeper_of(desk: Desk) -> tuple[str, str | None]:
    """Which desk keeps a case meant for this one, and, where that is not itself, the desk to refer the person to."""
    if desk.id == PLATFORM or desk.mailboxes:
        return desk.id, None
    return PLATFORM, desk.id


def mailbox_of(desk: str, knowledge: Knowledge) -> str | None:
    """The mailbox that a desk outside is written to."""
    known = knowledge.desks.get(desk)
    return known.mailboxes[0].address if known is not None and known.mailboxes and desk != PLATFORM else None


def _expect(writing: CaseWriting, *states: str) -> None:
    if writing.case.state not in states:
        raise WrongState(f"the case is {writing.case.state}; this step needs {' or '.join(states)}")
