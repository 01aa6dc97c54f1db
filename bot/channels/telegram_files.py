"""Fetching the pictures and PDFs that a person sends, for the case that may need them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.front_door import public_facts
from bot.channels.persons import Postponed
from bot.channels.telegram_api import Away, Refused, TelegramApi, TooLarge, Uncertain
from bot.channels.web_attachments import LARGEST, name_of, type_of
from bot.dialogue.transcript import NoRoom, Transcripts
from bot.knowledge.live import LiveKnowledge

AWAY_SECONDS = 15.0
LIMITED_SECONDS = 5


@dataclass(frozen=True)
class Fetched:
    """How it went with one file."""

    problem: str | None = None
    """A phrase of kb/phrases.yml where the file could not be kept."""


class Files:
    """Fetches files from Telegram and keeps them with the conversation."""

    def __init__(self, api: TelegramApi, store: Transcripts, knowledge: LiveKnowledge) -> None:
        self._api = api
        self._store = store
        self._knowledge = knowledge

    async def keep(self, session: str, files: Sequence[Mapping[str, Any]]) -> list[Fetched]:
        """Keep files for a conversation, all of them or, where Telegram is away, none. Raises Postponed."""
        contents = [await self._content(one) for one in files]
        kept = []
        for one, content in zip(files, contents):
            if isinstance(content, Fetched):
                kept.append(content)
                continue
            kind = type_of(content)
            if kind is None:
                kept.append(Fetched("file_unknown"))
                continue
            name = name_of(one["name"], kind, public_facts(self._knowledge.get()))
            try:
                await asyncio.to_thread(self._store.keep, session, name, kind, content)
                kept.append(Fetched())
            except NoRoom:
                kept.append(Fetched("file_no_room"))
        return kept

    async def _content(self, file: Mapping[str, Any]) -> bytes | Fetched:
        if file["size"] > LARGEST:
            return Fetched("file_too_large")
        try:
            found = await self._api.call("getFile", {"file_id": file["file"]})
            return await self._api.download(str(found["file_path"]), LARGEST)
        except TooLarge:
            return Fetched("file_too_large")
        except Refused as refused:
            if refused.code == 429:
                raise Postponed(float(refused.retry_after or LIMITED_SECONDS)) from None
            return Fetched("file_too_large" if "too big" in refused.description.lower() else "file_lost")
        except (Away, Uncertain):
            raise Postponed(AWAY_SECONDS) from None
        except (KeyError, TypeError):
            return Fetched("file_lost")
