"""What reaches an open page unasked: replies from the outbox, and what another process of the bot wrote."""

from __future__ import annotations

import asyncio
import logging
import re

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.front_door import FrontDoor
from bot.channels.web_bubbles import events
from bot.channels.web_requests import in_thread
from bot.channels.web_rooms import Rooms
from bot.dialogue.transcript import Transcripts
from bot.queues.delivery import Delivery, GiveUp
from bot.queues.outbox import Outbox
from bot.queues.records import Due

logger = logging.getLogger(__name__)

CHANNEL = "web"
WATCH_SECONDS = 1.0
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")


class Post:
    """Delivers what the outbox holds for the chat page, once each, also where several processes do so."""

    def __init__(
        self, outbox: Outbox, store: Transcripts, rooms: Rooms, door: FrontDoor, look_seconds: float = WATCH_SECONDS
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._door = door
        self._look_seconds = look_seconds
        self._delivery = Delivery(outbox, CHANNEL, self._deliver, look_seconds)
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Deliver and watch until ended; needs a running event loop."""
        self._tasks = [asyncio.ensure_future(self._delivery.run()), asyncio.ensure_future(self._watch())]

    async def end(self) -> None:
        """Let what is being delivered end."""
        await self._delivery.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, due: Due) -> None:
        messages = due.data.get("messages")
        if not _SESSION.match(due.person) or not isinstance(messages, list) or not messages:
            raise GiveUp("no session of the chat page, or nothing to say")
        # The store knows the key: a delivery that was cut off before it was noted changes nothing the second time.
        await in_thread(self._store.deliver, due.person, due.key, events(messages, self._door.desk_name))
        self._rooms.wake(due.person)

    async def _watch(self) -> None:
        """Wake the tabs for which another process wrote something."""
        seen: dict[str, int] = {}
        while True:
            try:
                open_ = self._rooms.listened()
                newest = await in_thread(self._store.newest, open_) if open_ else {}
                for session, number in newest.items():
                    if seen.get(session) != number:
                        self._rooms.wake(session)
                seen = newest
            except (SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
                logger.error("the store of the chat page cannot be watched: %s", type(error).__name__)
            await asyncio.sleep(self._look_seconds)
