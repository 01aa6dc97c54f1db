"""Sending one outbound message on LINE: by the free reply where it can be, by a push where it must be, or not yet."""

from __future__ import annotations

import asyncio
import datetime
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from bot.channels.line_api import LineApi, Refused, Unheard, Unsure
from bot.channels.line_database import AWAY, in_turn
from bot.channels.line_draw import draw, show_button
from bot.channels.line_events import CHANNEL
from bot.channels.line_quota import MONTHLY_LIMIT, Quota
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock
from bot.queues.buttons import Buttons
from bot.queues.delivery import GiveUp, TryAgain
from bot.queues.held import Held, Waiting, messages_of
from bot.queues.outbox import Outbox
from bot.queues.records import Due

logger = logging.getLogger(__name__)

RETRY_KEYS = uuid.UUID("6f0c1d5e-5f0b-4a7e-9a55-0d8a9f1f4e10")
"""The namespace in which an outbound key becomes the retry key of its push."""
NO_ACCESS_SECONDS = 60.0
BAD_TOKEN = "invalid reply token"


class Unfit(GiveUp):
    """LINE finds fault with the message itself."""


class Sender:
    """Sends what the outbox holds for LINE.

    A reply has no retry key. Where an attempt may have gone through (no answer came, or the process died), the same
    token is tried again: refused within its life, it was used, so the message arrived. Only where its life is over by
    then nobody can tell, and the message is sent again, by push: better twice than never. A push has a retry key made
    of the outbound key, so it arrives once however often it is tried.
    """

    def __init__(
        self,
        api: LineApi,
        quota: Quota,
        outbox: Outbox,
        held: Held,
        buttons: Buttons,
        knowledge: LiveKnowledge,
        clock: Clock,
    ) -> None:
        self._api = api
        self._quota = quota
        self._outbox = outbox
        self._held = held
        self._buttons = buttons
        self._knowledge = knowledge
        self._clock = clock

    async def send(self, due: Due) -> None:
        """Send it, or let it wait for the person; raises TryAgain or GiveUp."""
        if await in_turn(self._held.away, CHANNEL, due.person):
            return
        if due.data.get("hold"):
            await self._hold(due)
            return
        waiting = [] if due.data.get("wait") else await in_turn(self._held.waiting, CHANNEL, due.person)
        try:
            brought = await self._brought(due, await self._drawn(due, waiting))
        except Unfit as unfit:
            # A card that LINE does not take must not leave the person without an answer.
            logger.error("LINE does not take a message as it was drawn: %s", unfit)
            brought = await self._brought(due, await self._drawn(due, waiting, plain=True))
        if brought:
            await self._told(waiting)
        else:
            await self._hold(due)

    async def _brought(self, due: Due, drawn: list[dict[str, Any]]) -> bool:
        return not drawn or await self._replied(due, drawn) or await self._pushed(due, drawn)

    async def _drawn(self, due: Due, waiting: list[Waiting], plain: bool = False) -> list[dict[str, Any]]:
        knowledge = self._knowledge.get()
        if due.data.get("wait"):
            say = knowledge.phrases
            return show_button(say["line_wait"], say["line_show"])
        said = messages_of(waiting) + list(due.data.get("messages") or [])
        said = said or list(due.data.get("otherwise") or [])
        if plain:
            said = [{"text": one["text"]} for one in said if one.get("text")]

        def keep(payloads: Sequence[str]) -> list[str]:
            return self._buttons.keep(CHANNEL, due.person, due.key, payloads)

        return await in_turn(draw, said, knowledge, keep)

    async def _replied(self, due: Due, drawn: list[dict[str, Any]]) -> bool:
        """Whether the free reply brought it; False where its token is used up or too old."""
        token = due.data.get("reply_token")
        fresh = bool(token) and self._clock() < datetime.datetime.fromisoformat(due.data["reply_until"])
        perhaps = due.tried_at is not None or bool(due.data.get("perhaps"))
        if not token or not (fresh or perhaps):
            return False
        try:
            await self._api.reply(token, drawn)
        except Refused as refused:
            if refused.status == 400 and BAD_TOKEN in refused.message.lower():
                return perhaps and fresh
            if refused.status >= 500:
                await self._remember_doubt(due)
            raise _judged(refused) from refused
        except Unsure as unsure:
            await self._remember_doubt(due)
            raise TryAgain(f"no answer: {unsure}") from unsure
        except Unheard as unheard:
            raise TryAgain(f"not reached: {unheard}") from unheard
        return True

    async def _remember_doubt(self, due: Due) -> None:
        """The next attempt must know that this one may have gone through."""
        await in_turn(self._outbox.change, due.id, {**due.data, "perhaps": True})

    async def _pushed(self, due: Due, drawn: list[dict[str, Any]]) -> bool:
        """Whether a push brought it; False where the quota does not allow one."""
        if not await self._quota.allows(urgent=not due.data.get("turn")):
            return False
        try:
            await self._api.push(due.person, drawn, str(uuid.uuid5(RETRY_KEYS, due.key)))
        except Refused as refused:
            if refused.status == 429 and MONTHLY_LIMIT in refused.message.lower():
                self._quota.exhaust()
                return False
            raise _judged(refused) from refused
        except (Unsure, Unheard) as error:
            raise TryAgain(f"no answer: {error}") from error
        self._quota.spend()
        return True

    async def _hold(self, due: Due) -> None:
        """Keep it for the person's next message; a mere request for patience is not kept."""
        messages = due.data.get("messages") or []
        if messages and not due.data.get("wait"):
            data = {"messages": messages}
            await in_turn(self._held.hold, due.key, CHANNEL, due.person, data)

    async def _told(self, waiting: list[Waiting]) -> None:
        """What waited is told: it must be known, so a database that is away is waited for."""
        for seconds in (0.2, 1.0, 5.0, 0.0):
            if not waiting:
                return
            try:
                await in_turn(self._held.done, [one.id for one in waiting])
                return
            except AWAY as error:
                logger.error("what waited on LINE could not be marked as told: %s", type(error).__name__)
                await asyncio.sleep(seconds)


def _judged(refused: Refused) -> Exception:
    """Whether a refusal passes or stays."""
    if refused.status == 429 or refused.status >= 500:
        return TryAgain(str(refused), refused.retry_after)
    if refused.status == 401:
        # The channel token is wrong or was revoked: messages wait until somebody sets a good one.
        logger.error("LINE does not accept EPARK_LINE_CHANNEL_TOKEN")
        return TryAgain(str(refused), NO_ACCESS_SECONDS)
    return Unfit(str(refused)) if refused.status == 400 else GiveUp(str(refused))
