"""The loop that sends what the outbox holds for one channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.queues.outbox import Outbox
from bot.queues.records import Due

logger = logging.getLogger(__name__)

LONGEST_WAIT = 300.0
"""Seconds between attempts at most; the first waits are 1, 2, 4 …"""
SIDE_BY_SIDE = 20
LOOK_SECONDS = 1.0
HOLD_SECONDS = 90.0
"""Longer than any attempt takes, so that nobody else begins one meanwhile."""
STOP_SECONDS = 15.0
Send = Callable[[Due], Awaitable[None]]


class TryAgain(Exception):
    """Raised by a sender where nothing was delivered and a later attempt may be."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        """`seconds` where the other side says how long to wait; `why` holds no personal data."""
        super().__init__(why)
        self.seconds = seconds


class GiveUp(Exception):
    """Raised by a sender where no attempt will ever deliver it."""


class Elsewhere(Exception):
    """Raised by a sender where the message is in other hands meanwhile, or done: it is left alone."""


class Delivery:
    """Sends one channel's messages, different persons' side by side, until it is stopped."""

    def __init__(
        self,
        outbox: Outbox,
        channel: str,
        send: Send,
        look_seconds: float = LOOK_SECONDS,
        hold_seconds: float = HOLD_SECONDS,
    ) -> None:
        self._outbox = outbox
        self._channel = channel
        self._send = send
        self._look_seconds = look_seconds
        self._hold_seconds = hold_seconds
        self._news = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """There is something new; without it the next look finds it."""
        self._news.set()

    async def run(self) -> None:
        """Send until stopped; a database that is away is looked for again."""
        while not self._stopping:
            self._news.clear()
            room = SIDE_BY_SIDE - len(self._running)
            try:
                due = (
                    await asyncio.to_thread(self._outbox.claim, self._channel, room, self._hold_seconds) if room else []
                )
            except (SQLAlchemyError, OSError) as error:
                logger.error("the outbox of %s cannot be read: %s", self._channel, type(error).__name__)
                due = []
            for one in due:
                task = asyncio.ensure_future(self._deliver(one))
                self._running.add(task)
                task.add_done_callback(self._ended)
            try:
                await asyncio.wait_for(self._news.wait(), self._look_seconds)
            except asyncio.TimeoutError:
                pass

    async def stop(self) -> None:
        """Begin nothing more and let what is being sent end."""
        self._stopping = True
        self.wake()
        if self._running:
            await asyncio.wait(self._running, timeout=STOP_SECONDS)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._news.set()

    async def _deliver(self, due: Due) -> None:
        try:
            await self._send(due)
        except GiveUp as problem:
            logger.warning("a message of %s cannot be delivered: %s", self._channel, problem)
            await self._note(self._outbox.give_up, due.id, str(problem))
        except Elsewhere:
            logger.warning("a message of %s was taken on by somebody else meanwhile", self._channel)
        except TryAgain as problem:
            seconds = problem.seconds if problem.seconds is not None else backoff(due.attempts)
            await self._note(self._outbox.again, due.id, seconds, str(problem))
        except Exception as problem:
            # What it says may hold what the message said: its kind alone is told.
            logger.error("sending on %s failed: %s", self._channel, type(problem).__name__)
            await self._note(self._outbox.again, due.id, backoff(due.attempts), type(problem).__name__)
        else:
            await self._note(self._outbox.sent, due.id)

    async def _note(self, write: Callable[..., None], *values: object) -> None:
        """Write down how it went; what was sent must be known as sent, so a database that is away is waited for."""
        for seconds in (0.2, 1.0, 5.0, 10.0, 20.0, 0.0):
            try:
                await asyncio.to_thread(write, *values)
                return
            except (SQLAlchemyError, OSError) as error:
                logger.error("the outbox of %s cannot be written: %s", self._channel, type(error).__name__)
                await asyncio.sleep(seconds)


def backoff(attempts: int) -> float:
    """Seconds until the next attempt after so many that failed."""
    return min(LONGEST_WAIT, 2.0 ** min(attempts, 10))
