"""The web chat: the page, and what page and bot say to each other under /webhooks/web/."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.utils.common import class_from_module_path
from sanic import Blueprint, Sanic

from bot.channels.front_door import FrontDoor
from bot.channels.session import Sessions
from bot.channels.web_account import add_account
from bot.channels.web_attachments import add_attachments
from bot.channels.web_delivery import Post
from bot.channels.web_index import Index, add_index
from bot.channels.web_page import Page
from bot.channels.web_requests import in_thread
from bot.channels.web_rooms import Rooms
from bot.channels.web_talk import add_talk
from bot.channels.web_turns import Turns
from bot.dialogue.transcript import Transcripts
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import open_database
from bot.learners.token import TokenCheck
from bot.queues.outbox import Outbox
from bot.settings import Settings

logger = logging.getLogger(__name__)

UPKEEP_SECONDS = 10
STOP_SECONDS = 5
LARGEST_REQUEST = 12_000_000
"""Bytes; Sanic would read a hundred million before a handler could refuse them."""


class WebChannel(InputChannel):  # type: ignore[misc]
    """The platform's own chat page; a session is a signed ticket, a learner is proven by a token for the session."""

    def __init__(
        self,
        settings: Settings,
        knowledge: LiveKnowledge,
        store: Transcripts,
        upkeep_seconds: float = UPKEEP_SECONDS,
        outbox: Outbox | None = None,
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._store = store
        self._upkeep_seconds = upkeep_seconds
        self._tokens = TokenCheck(settings.token_key, settings.token_public_key)
        self._door = FrontDoor.from_settings(settings)
        self._rooms = Rooms()
        self._post = Post(outbox, store, self._rooms, self._door) if outbox else None

    @classmethod
    def name(cls) -> str:
        """The channel's name in trackers and routes."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Built from the settings; the credentials file holds no secrets, only which store keeps the conversations."""
        settings = Settings.from_env()
        store = class_from_module_path((credentials or {})["store"])
        outbox = Outbox(open_database(settings.database_url))
        return cls(settings, LiveKnowledge.shared(settings.kb_dir), store.from_settings(settings), outbox=outbox)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """All routes of the channel, and its upkeep while the server runs."""
        routes = Blueprint("epark_web")
        sessions = Sessions(self._settings.token_key)
        turns = Turns(self._store, self._rooms, self._door, on_new_message)
        Page(self._settings, self._knowledge).add_to(routes)
        add_talk(routes, sessions, self._store, self._rooms, turns)
        add_account(routes, sessions, self._store, self._rooms, self._tokens, self._door)
        add_attachments(routes, sessions, self._store, self._knowledge)
        add_index(routes, Index(self._knowledge, self._settings.project), self._settings)

        @routes.listener("before_server_start")  # type: ignore[misc]
        async def begin(app: Sanic, _loop: Any) -> None:
            app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
            app.ctx.epark_web_upkeep = asyncio.ensure_future(self._upkeep())
            if self._post:
                self._post.begin()

        @routes.listener("before_server_stop")  # type: ignore[misc]
        async def end(app: Sanic, _loop: Any) -> None:
            app.ctx.epark_web_upkeep.cancel()
            if self._post:
                await self._post.end()
            await self._rooms.close(STOP_SECONDS)

        return routes

    async def _upkeep(self) -> None:
        while True:
            try:
                apology = self._door.phrase("apology")
                for session in await in_thread(self._store.upkeep, apology, self._rooms.running()):
                    self._rooms.wake(session)
                self._rooms.tidy()
            except Exception as error:
                # Upkeep goes on once whatever it needs is back.
                logger.error("the upkeep of the chat page failed: %s", error)
            await asyncio.sleep(self._upkeep_seconds)
