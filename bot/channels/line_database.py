"""The database work of LINE, one piece after the other: SQLite lets one write at a time, and a crowd that waits for its
turn there is served in no order, so that a reply could wait until its token is dead."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

SECONDS = 30.0
AWAY = (SQLAlchemyError, OSError, asyncio.TimeoutError)
"""What is raised where the database is away."""
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="epark-line")

P = ParamSpec("P")
T = TypeVar("T")


async def in_turn(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it beside the event loop, after whatever was asked for before; raises TimeoutError where that takes too long.

    Also where the caller is cancelled it is done: what is half done stays with the database alone.
    """
    work = asyncio.get_running_loop().run_in_executor(_THREAD, functools.partial(call, *args, **kwargs))
    return await asyncio.wait_for(work, SECONDS)
