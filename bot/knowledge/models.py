"""The knowledge as frozen dataclasses: parsed once from kb/, trusted afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

CONTEXT_KEYS = ("provider", "portal", "identity")
"""What a part of an answer may depend on; the same words are entity types."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in kb/, said so that its author can mend it."""

    path: str
    """The file, relative to the knowledge folder's parent."""
    message: str
    """What is wrong and what to do."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@dataclass(frozen=True)
class Source:
    """Where a fact stands."""

    document: str
    section: str


@dataclass(frozen=True)
class Topic:
    """A topic that the bot knows, from kb/topics.yml."""

    id: str
    title: str
    kind: str
    """faq, contact, personal, service or conversation."""
    desk: str | None = None


@dataclass(frozen=True)
class Part:
    """The piece of an answer that holds for one provider, portal or identity."""

    key: str
    """One of CONTEXT_KEYS."""
    value: str
    title: str
    short: str = ""
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One answer of the knowledge base."""

    topic: str
    title: str
    desk: str
    reviewed: date
    short: str
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    contacts: tuple[str, ...]
    links: tuple[str, ...]
    related: tuple[str, ...]
    sources: tuple[Source, ...]
    settled: tuple[str, ...]
    path: Path
    review_by: date | None = None
    """When it must be looked at again, where it says so itself; else kb/review.yml does."""


@dataclass(frozen=True)
class Phone:
    """A telephone or fax number with what to dial after it."""

    number: str
    source: Source
    extensions: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Mailbox:
    """An e-mail address of a desk."""

    address: str
    source: Source
    label: str = ""


@dataclass(frozen=True)
class Desk:
    """Who helps, and how to reach them; empty tuples and None mean that the sources give nothing."""

    id: str
    name: str
    aka: str
    handles: tuple[str, ...]
    refuses: tuple[str, ...]
    phones: tuple[Phone, ...]
    faxes: tuple[Phone, ...]
    mailboxes: tuple[Mailbox, ...]
    hours: Mapping[int, tuple[tuple[time, time], ...]] | None
    """Weekday (0 = Monday) to opening periods; None where no source gives them."""
    closed_on_holidays: bool
    hours_note: str
    website: str | None
    next_desk: str
    sources: tuple[Source, ...]
    hours_source: Source | None = None


@dataclass(frozen=True)
class Link:
    """A web address with its source."""

    id: str
    title: str
    url: str
    source: Source


@dataclass(frozen=True)
class Cause:
    """How a cause of the diagnosis is told: the reason, the remedy, and the topic that says more."""

    code: str
    reason: str
    """May hold {portal} and {date} besides the usual placeholders, as may the steps."""
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    topic: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class CalendarOverride:
    """A dated exception to the calendar, nationwide or for one desk."""

    day: date
    working: bool
    desk: str | None
    why: str


@dataclass(frozen=True)
class Notice:
    """An announcement that heads the answers it concerns, and the greeting, while it holds."""

    id: str
    text: str
    """May hold the usual placeholders."""
    topics: tuple[str, ...] | None
    """None: every answer; empty: the greeting alone."""
    begin: datetime
    end: datetime
    """No longer from this moment on."""


@dataclass(frozen=True)
class ReviewPeriods:
    """After how many days an answer must be looked at again."""

    days: int = 180
    groups: Mapping[str, int] = field(default_factory=dict)
    """By the folder of the answer, where it differs."""


@dataclass(frozen=True)
class Document:
    """A source document and the sections that may be cited."""

    id: str
    title: str
    date: str
    sections: Mapping[str, str]


@dataclass(frozen=True)
class Knowledge:
    """All of kb/."""

    topics: Mapping[str, Topic] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    desks: Mapping[str, Desk] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    causes: Mapping[str, Cause] = field(default_factory=dict)
    calendar: tuple[CalendarOverride, ...] = ()
    phrases: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Entity type to value to the terms that people write for it."""
    notices: tuple[Notice, ...] = ()
    review: ReviewPeriods = field(default_factory=ReviewPeriods)
