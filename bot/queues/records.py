"""What the queues hold."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Inbound:
    """An event that a platform sent, after the front door: nothing raw is kept."""

    channel: str
    event: str
    """The platform's own id of it; the same one again is no new event."""
    person: str
    """Whose turn it is: a user or a chat of the platform."""
    data: dict[str, Any]
    """JSON; deleted once the event is done."""
    received_at: datetime.datetime


@dataclass(frozen=True)
class Outbound:
    """Something to be sent once."""

    key: str
    """Unique for good: the same key again changes nothing."""
    channel: str
    person: str
    """To whom: a user, a chat, a session, a mailbox."""
    data: dict[str, Any]
    """JSON; deleted once it is sent. For people's channels `messages`, as bot.channels.turn.take_turn returns them."""


@dataclass(frozen=True)
class Due(Outbound):
    """An outbound message that is to be sent now, held by whoever claimed it."""

    id: int
    attempts: int
    """Attempts that failed and said so."""
    created_at: datetime.datetime
    tried_at: datetime.datetime | None
    """When an attempt began that never reported back: the process died in it, so it may have gone through."""


@dataclass(frozen=True)
class Dead:
    """A message that could not be delivered."""

    id: int
    key: str
    channel: str
    person: str
    attempts: int
    created_at: datetime.datetime
    why: str
