"""Showing that the bot is writing, for as long as an answer takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.telegram_api import Away, Refused, TelegramApi, Uncertain
from bot.channels.telegram_updates import chat_of

AGAIN_SECONDS = 4.5
"""Telegram shows it for five."""
CALL_SECONDS = 5.0


class Typing:
    """The sign under a chat's name; it is no matter where it fails."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api
        self._shown: dict[str, float] = {}
        self._running: set[asyncio.Task[None]] = set()

    def show(self, person: str) -> None:
        """Show it, unless it stands there already."""
        now = time.monotonic()
        if now - self._shown.get(person, 0.0) < AGAIN_SECONDS:
            return
        self._shown = {one: shown for one, shown in self._shown.items() if now - shown < AGAIN_SECONDS}
        self._shown[person] = now
        task = asyncio.ensure_future(self._call(person))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    @asynccontextmanager
    async def shown(self, person: str, wanted: bool = True) -> AsyncIterator[None]:
        """Shown anew until the work inside is done."""
        task = asyncio.ensure_future(self._keep(person) if wanted else asyncio.sleep(0))
        try:
            yield
        finally:
            task.cancel()

    def stop(self) -> None:
        """Let go of what is being shown."""
        for task in self._running:
            task.cancel()

    async def _keep(self, person: str) -> None:
        while True:
            self.show(person)
            await asyncio.sleep(AGAIN_SECONDS / 3)

    async def _call(self, person: str) -> None:
        try:
            await self._api.call("sendChatAction", {**chat_of(person), "action": "typing"}, CALL_SECONDS)
        except (Refused, Away, Uncertain):
            pass
