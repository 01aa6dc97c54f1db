"""Blocking work beside the event loop."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

SECONDS = 30
_THREADS = ThreadPoolExecutor(8, thread_name_prefix="epark-console")
_HASHING = ThreadPoolExecutor(2, thread_name_prefix="epark-passwords")
"""Each password takes 64 MB to check: whoever tries a hundred at once waits in line."""
P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a blocking call; raises TimeoutError where it does not come."""
    return await _in(_THREADS, functools.partial(call, *args, **kwargs))


async def in_line(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for what takes much memory: few at once."""
    return await _in(_HASHING, functools.partial(call, *args, **kwargs))


async def _in(threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    """Not by asyncio.wait_for: before Python 3.12 that forgets being cancelled where the result comes just then.

    A stream whose page is gone would go on for ever.
    """
    work = asyncio.get_running_loop().run_in_executor(threads, call)
    done, _ = await asyncio.wait({work}, timeout=SECONDS)
    if not done:
        raise asyncio.TimeoutError
    return work.result()
