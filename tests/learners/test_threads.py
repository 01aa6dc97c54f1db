"""Blocking work beside the event loop: waited for so long, and given up together with whoever waits."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.learners.threads import Threads


async def test_the_result_or_the_failure_comes_back() -> None:
    threads = Threads(1, "test", 60)

    assert await threads.do(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await threads.do(divmod, 7, 0)


async def test_what_no_thread_has_begun_in_time_is_left_out() -> None:
    threads, gate, done = Threads(1, "test", 0.05), threading.Event(), list[str]()
    threads._threads.submit(gate.wait, 60)

    with pytest.raises(asyncio.TimeoutError):
        await threads.do(done.append, "too late")
    await asyncio.sleep(0)  # the loop tells the threads
    gate.set()
    threads._threads.submit(done.append, "next").result(60)

    assert done == ["next"]


async def test_whoever_is_cancelled_just_when_the_result_comes_is_cancelled_nevertheless() -> None:
    threads, gate = Threads(1, "test", 60), threading.Event()
    task = asyncio.ensure_future(threads.do(gate.wait, 60))
    await asyncio.sleep(0)  # it waits

    gate.set()
    threads._threads.submit(int).result(60)  # by now the loop has been given the result, and looks at it next
    asyncio.get_running_loop().call_soon(task.cancel)

    with pytest.raises(asyncio.CancelledError):
        await task
