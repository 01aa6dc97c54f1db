"""What a person and the bot said to each other on the chat page: as a store keeps it and a channel tells it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

BATCH = 200
"""Events told at once."""
Said = tuple[str, Mapping[str, Any]]
"""An event to be: its kind and its data."""


class NotTheirs(Exception):
    """Raised where a session names an event or an attachment that it does not have."""


class NoRoom(Exception):
    """Raised where a session has too many attachments waiting, or the server keeps too much already."""


@dataclass(frozen=True)
class StoredEvent:
    """One event of a session."""

    number: int
    """From 1 in each session, never used twice."""
    kind: str
    """user, bot, done, account, judged, restarted or cleared."""
    data: dict[str, Any]


@dataclass(frozen=True)
class Accepted:
    """A message that is kept, and thus will be answered."""

    event: int
    learner_id: str | None
    """Whoever was signed in when it came."""
    new: bool = True
    """False where the same message came before."""
    unanswered: bool = True
    """False where the same message was answered already."""


@dataclass(frozen=True)
class Attachment:
    """A file of a session."""

    id: str
    name: str
    type: str
    """By its content: image/png, image/jpeg, image/gif, image/webp or application/pdf."""
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Verdict:
    """What a person thinks of a reply."""

    event: int
    helpful: bool
    reason: str | None = None
    comment: str = ""


class Transcripts(Protocol):
    """The store of the chat page's conversations; every method is one short transaction and blocks."""

    def accept(self, session: str, turn: str, text: str, attachments: Sequence[str]) -> Accepted:
        """Keep a message; the same turn again changes nothing. Raises NotTheirs."""

    def finish(self, session: str, turn: str, said: Iterable[Said]) -> bool:
        """Keep a turn's replies and that it is over, at once; False where it is over or deleted already."""

    def deliver(self, session: str, key: str, said: Iterable[Said]) -> bool:
        """Keep what somebody says unasked; False, and nothing changes, where that key was delivered before."""

    def newest(self, sessions: Iterable[str]) -> dict[str, int]:
        """The number of the newest event of each session that there is."""

    def append(self, session: str, kind: str, data: Mapping[str, Any]) -> None:
        """Keep one more event."""

    def events(self, session: str, after: int) -> list[StoredEvent]:
        """The events behind a number, oldest first, at most BATCH of them.

        A number beyond the newest is from a history that is no longer kept: the page is told that it is cleared.
        """

    def sign_in(self, session: str, learner_id: str, until: datetime.datetime) -> None:
        """Remember who is speaking."""

    def sign_out(self, session: str) -> None:
        """Forget who is speaking."""

    def clear(self, session: str) -> None:
        """Delete everything that was said, sent and judged."""

    def judge(self, session: str, verdict: Verdict) -> None:
        """Keep what a person thinks of a reply, in place of an earlier verdict. Raises NotTheirs."""

    def keep(self, session: str, name: str, content_type: str, content: bytes) -> Attachment:
        """Keep a file until a message takes it along. Raises NoRoom."""

    def attachment(self, session: str, attachment: str) -> tuple[Attachment, bytes]:
        """A file of the session. Raises NotTheirs."""

    def drop(self, session: str, attachment: str) -> None:
        """Delete a file of the session. Raises NotTheirs."""

    def upkeep(self, apology: str, running: frozenset[tuple[str, str]]) -> set[str]:
        """Answer what was left unanswered, end what is over, delete what is old; the sessions with news.

        `running` are the session and turn of what is being answered just now.
        """
