"""What time brings to LINE: a quota that is there again, and rows that nobody needs any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.channels.line_database import AWAY, in_turn
from bot.channels.line_events import CHANNEL
from bot.channels.line_quota import Quota
from bot.learners.clock import Clock
from bot.queues.held import Held
from bot.queues.outbox import Outbox
from bot.queues.records import Outbound

logger = logging.getLogger(__name__)

EVERY_SECONDS = 900.0
ANSWERS = "line:%"
"""The keys of the bot's own answers; what waits besides was written by people of the help desk."""


class Upkeep:
    """Runs beside the worker until it is cancelled."""

    def __init__(
        self,
        outbox: Outbox,
        held: Held,
        quota: Quota,
        clock: Clock,
        tidied: Sequence[Callable[[], None]],
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._outbox = outbox
        self._held = held
        self._quota = quota
        self._clock = clock
        self._tidied = tidied
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Do both, again and again."""
        while True:
            try:
                await self.push_what_waits()
                for tidy in self._tidied:
                    await in_turn(tidy)
            except AWAY as error:
                logger.error("the upkeep of LINE failed: %s", type(error).__name__)
            await asyncio.sleep(self._every_seconds)

    async def push_what_waits(self) -> None:
        """Send what the help desk wrote while the quota was used up, once there is a new one."""
        persons = await in_turn(self._held.persons, CHANNEL, ANSWERS)
        if not persons or not await self._quota.allows(urgent=True):
            return
        hour = f"{self._clock():%Y%m%d%H}"
        # What waits is put in front of any message: an empty one takes it along.
        sent = [Outbound(f"held:{CHANNEL}:{id}:{hour}", CHANNEL, one, {"messages": []}) for one, id in persons.items()]
        await in_turn(self._outbox.put, sent)
