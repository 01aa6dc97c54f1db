"""The bot in one process, without servers: for `epark ask` and the conversation tests."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.channels.front_door import FrontDoor
from bot.channels.turn import take_turn
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock, now_in_taipei
from bot.learners.database import migrate, open_database
from bot.settings import Settings
from bot.speech.voice import KnowledgeVoice
from bot.stores.tracker import BoundedTrackerStore


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that runs the actions here instead of over HTTP."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("bot.actions")

    async def request(self, method: str = "post", **kwargs: Any) -> Any:
        """Run the action that Rasa asks for."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as rejection:
            # As the action server answers over HTTP.
            body = {"error": rejection.message, "action_name": rejection.action_name}
            raise ClientResponseError(400, "rejected", json.dumps(body)) from rejection


class InProcessBot:
    """The trained bot behind its front door."""

    def __init__(self, settings: Settings, model: Path, clock: Clock = now_in_taipei) -> None:
        knowledge = LiveKnowledge.shared(settings.kb_dir)
        # `epark ask` may be the first that wants the database.
        migrate(open_database(settings.database_url))
        self._door = FrontDoor.from_settings(settings)
        domain = Domain.load(str(settings.project / "domain.yml"))
        self._agent = Agent.load(
            model,
            generator=KnowledgeVoice(None, domain, knowledge, clock, settings.kb_dir),
            tracker_store=BoundedTrackerStore(domain),
            action_endpoint=InProcessActions(),
        )

    async def say(self, text: object, sender: str = "terminal", token: object = None) -> list[dict[str, Any]]:
        """The bot's messages in reply to a text."""
        return await take_turn(self._door.admit(text, token, sender), sender, "rest", self._door, self._handle)

    def say_now(self, text: object, sender: str = "terminal", token: object = None) -> list[dict[str, Any]]:
        """As say, for callers without an event loop."""
        return asyncio.run(self.say(text, sender, token))

    async def tracker(self, sender: str) -> Any:
        """The conversation as it is kept."""
        return await self._agent.tracker_store.retrieve(sender)

    async def _handle(self, message: UserMessage) -> Any:
        return await self._agent.handle_message(message)
