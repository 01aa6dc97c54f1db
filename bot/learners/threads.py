"""Blocking work, above all the database's, beside the event loop."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """So many threads as do one kind of work, and how long their result is waited for."""

    def __init__(self, count: int, name: str, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=f"epark-{name}")
        self._seconds = seconds

    async def do(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a blocking call; raises asyncio.TimeoutError where it does not come.

        A call that nobody waits for any more is left out where no thread has begun it, and else runs to its end.
        Not by asyncio.wait_for: before Python 3.12 that forgets being cancelled where the result comes just then, and
        a stream whose page is gone would go on for ever.
        """
        work = asyncio.get_running_loop().run_in_executor(self._threads, functools.partial(call, *args, **kwargs))
        try:
            done, _ = await asyncio.wait({work}, timeout=self._seconds)
        finally:
            work.cancel()
        if not done:
            raise asyncio.TimeoutError
        return work.result()
