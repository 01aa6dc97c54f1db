"""One turn through Rasa: a person always gets a sentence back, never silence, never a stack trace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels.collector import WholeMessages
from bot.channels.front_door import Admitted, FrontDoor

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
TURN_SECONDS = 30


async def take_turn(
    admitted: Admitted, sender_id: str, channel: str, door: FrontDoor, on_new_message: OnNewMessage
) -> list[dict[str, Any]]:
    """The bot's messages for one admitted message, in order."""
    if admitted.refusal is not None:
        return [
            {"recipient_id": sender_id, "text": door.phrase(admitted.refusal)},
            {"recipient_id": sender_id, "custom": {"type": "fallback"}},
        ]
    collector = WholeMessages()
    message = UserMessage(admitted.text, collector, sender_id, input_channel=channel, metadata=dict(admitted.metadata))
    try:
        await asyncio.wait_for(on_new_message(message), TURN_SECONDS)
    except Exception:
        logger.exception("a turn on %s failed", channel)
    said: list[dict[str, Any]] = collector.messages
    if not any(one.get("text") for one in said):
        said.append({"recipient_id": sender_id, "text": door.phrase("apology")})
    return said
