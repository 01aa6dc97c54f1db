"""One turn through Rasa: a person always gets a sentence back, never silence, never a stack trace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels.case_turn import agents_turn, with_words
from bot.channels.collector import WholeMessages
from bot.channels.front_door import Admitted, FrontDoor
from bot.channels.turn_journal import kept_in_the_journal
from bot.dialogue.context import BEGUN, CONTINUES, FURTHER, Begun

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
TURN_SECONDS = 30
MOST_FURTHER = 2
"""Questions of one message that are answered after the first."""


@kept_in_the_journal
async def take_turn(
    admitted: Admitted, sender_id: str, channel: str, door: FrontDoor, on_new_message: OnNewMessage
) -> list[dict[str, Any]]:
    """The bot's messages for one admitted message, in order; none where an agent has the conversation."""
    admitted = await with_words(admitted, sender_id, door)
    with_agent = await agents_turn(admitted, sender_id, door)
    if with_agent is not None:
        return with_agent
    if admitted.refusal is not None:
        return [
            {"recipient_id": sender_id, "text": door.phrase(admitted.refusal)},
            {"recipient_id": sender_id, "custom": {"type": "fallback"}},
        ]
    collector = WholeMessages()
    further: list[str] = []
    FURTHER.set(further)
    BEGUN.set(Begun(admitted.text))
    metadata = dict(admitted.metadata)
    try:
        message = UserMessage(admitted.text, collector, sender_id, input_channel=channel, metadata=metadata)
        await asyncio.wait_for(on_new_message(message), TURN_SECONDS)
        for at in range(MOST_FURTHER):
            if len(further) <= at:
                break
            # A further question of the message is a turn of its own, so that whatever answers it can run; that turn
            # may find a third one in it.
            message = UserMessage(
                further[at], collector, sender_id, input_channel=channel, metadata={**metadata, CONTINUES: True}
            )
            await asyncio.wait_for(on_new_message(message), TURN_SECONDS)
    except Exception:
        logger.exception("a turn on %s failed", channel)
    said: list[dict[str, Any]] = collector.messages
    if not any(one.get("text") for one in said):
        said.append({"recipient_id": sender_id, "text": door.phrase("apology")})
    return said
