"""What people thought of replies on the chat page, as its store keeps it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Boolean, Integer, String, Text, and_, column, select, table
from sqlalchemy.engine import Connection

from bot.learners.tables import Moment

# The tables are the outer room's; what is read of them is said here, and a test compares the two.
FEEDBACK = table(
    "web_feedback",
    column("session_id", String),
    column("event", Integer),
    column("helpful", Boolean),
    column("reason", String),
    column("at", Moment),
)
EVENTS = table(
    "web_event",
    column("session_id", String),
    column("number", Integer),
    column("kind", String),
    column("data", Text),
    column("at", Moment),
)
PREFIX = "web-"
"""Before a session's id in the name of its conversation."""
AGENT = "agent"


@dataclass(frozen=True)
class Thumb:
    """What somebody thought of one reply."""

    sender_id: str
    at: datetime.datetime
    """When the reply was said."""
    helpful: bool
    reason: str | None


def thumbs_since(connection: Connection, since: datetime.datetime) -> Iterator[Thumb]:
    """The thumbs given since a moment for what the bot said; those for a colleague's words are none of its."""
    own = and_(FEEDBACK.c.session_id == EVENTS.c.session_id, FEEDBACK.c.event == EVENTS.c.number)
    wanted = select(FEEDBACK.c.session_id, FEEDBACK.c.helpful, FEEDBACK.c.reason, EVENTS.c.at, EVENTS.c.data)
    wanted = wanted.select_from(FEEDBACK.join(EVENTS, own)).where(EVENTS.c.kind == "bot", FEEDBACK.c.at >= since)
    for row in connection.execute(wanted.order_by(FEEDBACK.c.at)):
        if (json.loads(row.data).get("custom") or {}).get("type") != AGENT:
            yield Thumb(PREFIX + row.session_id, row.at, bool(row.helpful), row.reason)
