"""Asking Telegram for updates, where it cannot call us: for development without a public address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.telegram_api import Away, Refused, TelegramApi, Uncertain
from bot.channels.telegram_updates import ALLOWED

logger = logging.getLogger(__name__)

WAIT_SECONDS = 25
"""How long Telegram holds a question open until there is something."""
LONGEST_PAUSE = 30.0


async def poll(
    api: TelegramApi, keep: Callable[[list[Any]], Awaitable[None]], wait_seconds: int = WAIT_SECONDS
) -> None:
    """Fetch updates for good. An update is confirmed, by asking for the next one, only once it is kept."""
    offset, failures, ready = 0, 0, False
    while True:
        try:
            if not ready:
                await api.call("deleteWebhook", {"drop_pending_updates": False})
                ready = True
            wanted = {"offset": offset, "timeout": wait_seconds, "allowed_updates": list(ALLOWED)}
            updates = await api.call("getUpdates", wanted, wait_seconds + 10.0)
            await keep(updates)
            offset = max([offset, *(one["update_id"] + 1 for one in updates)])
            failures = 0
        except Exception as error:
            pause = _pause(error, failures)
            failures += 1
            logger.error("asking Telegram for updates failed (%s); again in %.0f s", _words(error), pause)
            await asyncio.sleep(pause)


def _pause(error: Exception, failures: int) -> float:
    if isinstance(error, Refused) and error.retry_after:
        return float(error.retry_after)
    return min(LONGEST_PAUSE, 2.0**failures / 2)


def _words(error: Exception) -> str:
    """What is known not to hold what a person said."""
    return str(error) if isinstance(error, (Refused, Away, Uncertain)) else type(error).__name__
