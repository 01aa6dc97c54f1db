"""Cases, their events and files, as frozen dataclasses; and what may go wrong with them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

NEW, OPEN, WAITING, RESOLVED, CLOSED = "new", "open", "waiting", "resolved", "closed"
STATES = (NEW, OPEN, WAITING, RESOLVED, CLOSED)
UNFINISHED = (NEW, OPEN, WAITING)
REPORT, HUMAN = "report", "human"
PLATFORM = "platform"
"""The desk that keeps the cases of desks that no source gives a mailbox for."""
REACHABLE = ("web", "line", "telegram")
"""Channels on which a person hears something without having asked first."""


class NoSuchCase(Exception):
    """Raised where a case does not exist, or no longer."""


class WrongState(Exception):
    """Raised where a case cannot do what is asked of it in its state; its text says why."""


class TakenByOther(WrongState):
    """Raised where a colleague has the case; `staff` is who."""

    def __init__(self, staff: str) -> None:
        self.staff = staff
        super().__init__(f"the case is taken by {staff}")


@dataclass(frozen=True)
class NewFile:
    """A file that a case takes along."""

    name: str
    type: str
    """By its content, such as image/png."""
    content: bytes
    source: str = ""
    """The attachment of the conversation that it was copied from."""


@dataclass(frozen=True)
class CaseFile:
    """A file of a case, without its content."""

    id: int
    case_id: int
    name: str
    type: str
    size: int
    """Bytes."""
    at: datetime.datetime


@dataclass(frozen=True)
class Draft:
    """What a person confirmed, before it is a case."""

    kind: str
    """report or human."""
    desk: str
    """Who should help; where no mailbox is known for it, the platform keeps the case and this desk is `refer_to`."""
    channel: str
    conversation: str
    """The conversation's sender_id."""
    subject: str
    topic: str | None = None
    learner_id: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """What was asked and answered, by the field's id of kb/case_forms.yml, in the order asked."""
    contact: str | None = None
    """How the person wants to be reached: stands in the case's row and nowhere else."""
    diagnosis: Mapping[str, Any] | None = None
    transcript: Sequence[Mapping[str, Any]] = ()
    """Turns as {"who": "person" | "bot", "text": …}, redacted."""
    files: Sequence[NewFile] = ()
    key: str | None = None
    """Made once a form: the same key again opens no second case."""


@dataclass(frozen=True)
class Case:
    """A case as it stands."""

    id: int
    number: str
    """Readable aloud, such as 2611-0042."""
    kind: str
    state: str
    desk: str
    refer_to: str | None
    """The desk that the person was told to ask, where it has no mailbox."""
    topic: str | None
    channel: str
    conversation: str
    learner_id: str | None
    subject: str
    fields: Mapping[str, str]
    contact: str | None
    diagnosis: Mapping[str, Any] | None
    transcript: Sequence[Mapping[str, Any]]
    assignee: str | None
    with_agent: bool
    """Whether what the person says now goes to the agent instead of the bot."""
    opened_at: datetime.datetime
    changed_at: datetime.datetime
    first_reply_at: datetime.datetime | None
    resolved_at: datetime.datetime | None


@dataclass(frozen=True)
class CaseEvent:
    """One thing that happened to a case."""

    id: int
    case_id: int
    at: datetime.datetime
    kind: str
    """opened, taken, reply, note, said, left, transferred, state, or mail."""
    staff: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class CaseFilter:
    """Which cases to list; None stands for all."""

    desk: str | None = None
    state: str | Sequence[str] | None = None
    topic: str | None = None
    channel: str | None = None
    assignee: str | None = None
    """A login; the empty text means nobody."""
    opened_from: datetime.datetime | None = None
    opened_to: datetime.datetime | None = None
    """Not included itself."""
    text: str = ""
    """Stands in number, subject or an answer; contacts are never searched."""
    newest_first: bool = True
    limit: int = 50
    offset: int = 0
