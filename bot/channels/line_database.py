"""The database work of LINE, one piece after the other: SQLite lets one write at a time, and a crowd that waits for its
turn there is served in no order, so that a reply could wait until its token is dead."""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from bot.learners.threads import Threads

SECONDS = 30.0
AWAY = (SQLAlchemyError, OSError, asyncio.TimeoutError)
"""What is raised where the database is away."""
in_turn = Threads(1, "line", SECONDS).do
"""Does it after whatever was asked for before."""
