"""Rasa's REST channel behind our front door: for machines (contracts section 3)."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.front_door import FrontDoor
from bot.channels.turn import take_turn
from bot.settings import Settings

LONGEST_SENDER = 200


class RestChannel(InputChannel):  # type: ignore[misc]
    """POST /webhooks/rest/webhook with {"sender", "message", "metadata": {"token"}}.

    Open in demo mode, else only with `Authorization: Bearer $EPARK_REST_TOKEN`. The token of a learner belongs to
    its message: one without it is anonymous.
    """

    def __init__(self, settings: Settings, door: FrontDoor) -> None:
        self._settings = settings
        self._door = door

    @classmethod
    def name(cls) -> str:
        """As Rasa's own, so that existing clients need no change."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestChannel:
        """Built from the settings; the credentials file holds no secrets."""
        settings = Settings.from_env()
        return cls(settings, FrontDoor.from_settings(settings))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes of Rasa's REST channel."""
        routes = Blueprint("epark_rest")

        @routes.route("/", methods=["GET"])  # type: ignore[misc]
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])  # type: ignore[misc]
        async def receive(request: Request) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "a valid Authorization: Bearer token is needed"}, status=401)
            try:
                body = json.loads(request.body)
            except (ValueError, RecursionError):
                return response.json({"error": "the body is no valid JSON"}, status=400)
            problem = _problem(body)
            if problem:
                return response.json({"error": problem}, status=400)
            sender = body.get("sender") or uuid.uuid4().hex
            metadata = body.get("metadata") or {}
            # A prefix of its own: naming a web session's id here does not reach that session.
            sender_id = f"rest-{sender}"
            admitted = self._door.admit(body["message"], metadata.get("token"), sender_id)
            said = await take_turn(admitted, sender_id, self.name(), self._door, on_new_message)
            return response.json([{**_lean(one), "recipient_id": sender} for one in said], ensure_ascii=False)

        return routes

    def _allowed(self, request: Request) -> bool:
        if self._settings.demo and not self._settings.rest_token:
            return True
        wanted = self._settings.rest_token or ""
        given = request.headers.get("authorization", "")
        return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), f"Bearer {wanted}".encode())


def _lean(message: dict[str, Any]) -> dict[str, Any]:
    """The message without what only the chat page draws and the journal reads."""
    custom = message.get("custom")
    if not isinstance(custom, dict):
        return message
    return {**message, "custom": {key: value for key, value in custom.items() if key not in ("view", "goes_on")}}


def _problem(body: Any) -> str | None:
    if not isinstance(body, dict):
        return "the body must be a JSON object"
    if not isinstance(body.get("message"), str):
        return "message must be a string"
    sender = body.get("sender")
    if sender is not None and (not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER):
        return f"sender must be a string of 1 to {LONGEST_SENDER} signs"
    if not isinstance(body.get("metadata") or {}, dict):
        return "metadata must be an object"
    return None
