"""Taking in what Telegram sends: kept before it is confirmed, each once, and never faster than a person writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from bot.channels.front_door import FrontDoor
from bot.channels.pace import Pace
from bot.channels.persons import Persons
from bot.channels.telegram_api import Away, Refused, TelegramApi, Uncertain
from bot.channels.telegram_typing import Typing
from bot.channels.telegram_updates import Malformed, Self, read
from bot.channels.web_requests import in_thread
from bot.queues.delivery import Delivery
from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound

logger = logging.getLogger(__name__)

PRESS_SECONDS = 5.0
_MAY_GO_ON = ("text", "edit", "file", "other")
"""After these the person may be writing still; after a command or a button nothing more is waited for."""
_SAYS_NOTHING = ("gone", "came")


class Arrivals:
    """The one way in, from the webhook and from polling alike."""

    def __init__(
        self,
        bot: Self,
        api: TelegramApi,
        door: FrontDoor,
        inbox: Inbox,
        outbox: Outbox,
        persons: Persons,
        delivery: Delivery,
        typing: Typing,
        pace: Pace | None = None,
    ) -> None:
        self._bot = bot
        self._api = api
        self._door = door
        self._inbox = inbox
        self._outbox = outbox
        self._persons = persons
        self._delivery = delivery
        self._typing = typing
        self._pace = pace or Pace()
        self._running: set[asyncio.Task[None]] = set()

    async def one(self, update: Any) -> None:
        """Keep one update. Raises Malformed for what is none, and what the database raises."""
        event = await in_thread(read, update, self._bot, self._door)
        if event is not None:
            await self._keep([event])

    async def many(self, updates: Sequence[Any]) -> None:
        """Keep all updates that are any. Raises what the database raises."""
        events = []
        for update in updates:
            try:
                event = await in_thread(read, update, self._bot, self._door)
            except Malformed:
                logger.error("Telegram sent an update that cannot be read")
                continue
            if event is not None:
                events.append(event)
        await self._keep(events)

    def stop(self) -> None:
        """Let go of what is still being said to Telegram about buttons."""
        for task in self._running:
            task.cancel()

    async def _keep(self, events: Sequence[Inbound]) -> None:
        slow = {event.person for event in events if self._pace.too_fast(event.person)}
        for event in await in_thread(self._inbox.take_in, [one for one in events if one.person not in slow]):
            self._pace.count(event.person)
            kind = event.data["kind"]
            if kind == "press":
                task = asyncio.ensure_future(self._confirm(event.data["query"]))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            if kind not in _SAYS_NOTHING:
                self._typing.show(event.person)
            self._persons.heard(event.person, at_once=kind not in _MAY_GO_ON)
        for event in events:
            if event.person in slow:
                # Once a minute they are told; whatever else they send in it is let go.
                key = f"telegram:slow:{event.person}:{event.received_at:%Y%m%d%H%M}"
                said = {"messages": [{"text": self._door.phrase("slow_down")}]}
                await in_thread(self._outbox.put, [Outbound(key, "telegram", event.person, said)])
                self._delivery.wake()

    async def _confirm(self, query: str) -> None:
        """Tell Telegram that the press arrived: until then the button looks stuck."""
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": query}, PRESS_SECONDS)
        except (Refused, Away, Uncertain):
            # It is too late for it after a minute or so; the answer itself comes anyway.
            pass
