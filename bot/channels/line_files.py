"""Files that people send on LINE: fetched, checked by their content, and kept until a case takes them along."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.line_api import LineApi, Refused, TooLarge, Unheard
from bot.channels.line_database import in_turn
from bot.channels.line_events import CHANNEL
from bot.channels.web_attachments import LARGEST, name_of, type_of
from bot.channels.web_requests import in_thread
from bot.dialogue.transcript import NoRoom, NotTheirs, Transcripts
from bot.queues.sent_files import SentFiles

logger = logging.getLogger(__name__)

FILE_KEPT = "file_kept"
"""The phrase for files that were kept."""
RETRY_SECONDS = (1.0, 3.0)
"""Waits between the attempts to fetch a file."""


class Files:
    """The files of one-to-one chats; what is sent into a group is never fetched."""

    def __init__(
        self, api: LineApi, store: Transcripts, sent: SentFiles, retry_seconds: Sequence[float] = RETRY_SECONDS
    ) -> None:
        self._api = api
        self._store = store
        self._sent = sent
        self._retry_seconds = retry_seconds

    async def keep(self, person: str, files: Sequence[Mapping[str, Any]]) -> list[str]:
        """Keep the files of a turn; of each the name of the phrase that says how it went."""
        return [await self._keep(person, file) for file in files]

    async def drop(self, person: str, message: str) -> None:
        """Delete the file of a message that was taken back."""
        attachment = await in_turn(self._sent.of, CHANNEL, message, person)
        if attachment is None:
            return
        try:
            await in_thread(self._store.drop, _session(person), attachment)
        except NotTheirs:
            logger.info("a file that was taken back on LINE was gone already")
        await in_turn(self._sent.forget, CHANNEL, message)

    async def _keep(self, person: str, file: Mapping[str, Any]) -> str:
        if file["size"] > LARGEST:
            return "file_too_large"
        if not file["ours"]:
            # The address of an external file comes from outside: nothing is fetched from it.
            return "file_unknown"
        message = str(file["message"])
        if await in_turn(self._sent.of, CHANNEL, message, person) is not None:
            # Kept by an attempt that died before it could say so.
            return FILE_KEPT
        try:
            content = await self._fetch(message)
        except TooLarge:
            return "file_too_large"
        except (Refused, Unheard) as error:
            logger.warning("a file of LINE could not be fetched: %s", error)
            return "file_lost"
        content_type = type_of(content)
        if content_type is None:
            return "file_unknown"
        name = name_of(file["name"], content_type, [])
        try:
            kept = await in_thread(self._store.keep, _session(person), name, content_type, content)
        except NoRoom:
            return "file_no_room"
        await in_thread(self._sent.remember, CHANNEL, message, person, kept.id)
        return FILE_KEPT

    async def _fetch(self, message: str) -> bytes:
        for seconds in self._retry_seconds:
            try:
                return await self._api.content(message, LARGEST)
            except Unheard:
                await asyncio.sleep(seconds)
            except Refused as refused:
                if refused.status < 500 and refused.status not in (202, 429):
                    raise
                await asyncio.sleep(seconds)
        return await self._api.content(message, LARGEST)


def _session(person: str) -> str:
    return f"{CHANNEL}-{person}"
