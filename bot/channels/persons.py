"""The work on what a platform sent: person by person, each waited for until they have finished writing."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from bot.queues.inbox import Inbox
from bot.queues.records import Inbound, Outbound

logger = logging.getLogger(__name__)

QUIET_SECONDS = 1.0
"""Who writes several messages in a row pauses less than this between them."""
LONGEST_QUIET = 4.0
HOLD_SECONDS = 120.0
LOOK_SECONDS = 2.0
"""How often to look for what another process took in, or left behind."""
STOP_SECONDS = 6.0
SIDE_BY_SIDE = 16
Answer = Callable[[str, Sequence[Inbound]], Awaitable[Sequence[Outbound]]]


class Postponed(Exception):
    """Raised by an answer that cannot be given just now."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class Persons:
    """Answers the events of one channel: several persons side by side, one person's messages together and in order."""

    def __init__(
        self,
        inbox: Inbox,
        channel: str,
        answer: Answer,
        quiet_seconds: float = QUIET_SECONDS,
        hold_seconds: float = HOLD_SECONDS,
        look_seconds: float = LOOK_SECONDS,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """`done` is called whenever replies were put into the outbox."""
        self._inbox = inbox
        self._channel = channel
        self._answer = answer
        self._quiet_seconds = quiet_seconds
        self._hold_seconds = hold_seconds
        self._look_seconds = look_seconds
        self._done = done
        self._news = asyncio.Event()
        self._ready_at: dict[str, float] = {}
        """When a person may be answered who is perhaps still writing, or had to be put off."""
        self._latest: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def heard(self, person: str, at_once: bool = False) -> None:
        """An event of this person was kept; `at_once` where nothing more is to be expected, as after a button."""
        now = asyncio.get_running_loop().time()
        latest = self._latest.setdefault(person, now + LONGEST_QUIET)
        self._ready_at[person] = now if at_once else min(now + self._quiet_seconds, latest)
        self._news.set()

    async def run(self) -> None:
        """Work until stopped; a database that is away is looked for again."""
        while not self._stopping:
            self._news.clear()
            try:
                waiting = await asyncio.to_thread(self._inbox.waiting, self._channel)
            except (SQLAlchemyError, OSError) as error:
                logger.error("the inbox of %s cannot be read: %s", self._channel, type(error).__name__)
                waiting = []
            seconds = self._begin(waiting)
            try:
                await asyncio.wait_for(self._news.wait(), seconds)
            except asyncio.TimeoutError:
                pass

    async def stop(self) -> None:
        """Begin nothing more, let what runs end, and give back what does not end in time."""
        self._stopping = True
        self._news.set()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=STOP_SECONDS)
        left = list(self._running.values())
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=STOP_SECONDS)

    def _begin(self, waiting: Sequence[str]) -> float:
        """Begin with everybody who is ready; seconds until the next one is."""
        now = asyncio.get_running_loop().time()
        seconds = self._look_seconds
        for person in waiting:
            if person in self._running or len(self._running) >= SIDE_BY_SIDE or self._stopping:
                continue
            # Whom another process heard may be writing still, as far as this one knows.
            ready = self._ready_at.setdefault(person, now + self._quiet_seconds)
            if ready > now:
                seconds = min(seconds, ready - now)
                continue
            self._ready_at.pop(person, None)
            self._latest.pop(person, None)
            task = asyncio.ensure_future(self._serve(person))
            self._running[person] = task
            task.add_done_callback(functools.partial(self._ended, person))
        for person in [one for one, ready in self._ready_at.items() if ready < now - LONGEST_QUIET]:
            # Somebody else answered them.
            self._ready_at.pop(person, None)
            self._latest.pop(person, None)
        return seconds

    def _ended(self, person: str, _task: asyncio.Task[None]) -> None:
        self._running.pop(person, None)
        self._news.set()

    async def _serve(self, person: str) -> None:
        events: Sequence[Inbound] = []
        try:
            events = await asyncio.to_thread(self._inbox.claim, self._channel, person, self._hold_seconds)
            if events:
                replies = await self._answer(person, events)
                await self._write(self._inbox.finish, events, replies)
                self._done()
        except asyncio.CancelledError:
            await self._write(self._inbox.release, events)
            raise
        except Postponed as later:
            self._ready_at[person] = asyncio.get_running_loop().time() + later.seconds
            await self._write(self._inbox.release, events)
        except Exception as error:
            # What it says may hold what the person said. The events come again when they are no longer held.
            logger.error("an answer on %s could not be kept: %s", self._channel, type(error).__name__)

    async def _write(self, write: Callable[..., None], *values: object) -> None:
        """Write down how it went, over a database that is away for a moment."""
        for seconds in (0.2, 1.0, 5.0):
            try:
                await asyncio.to_thread(write, *values)
                return
            except (SQLAlchemyError, OSError) as error:
                logger.error("the inbox of %s cannot be written: %s", self._channel, type(error).__name__)
                await asyncio.sleep(seconds)
        await asyncio.to_thread(write, *values)
