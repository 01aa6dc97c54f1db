"""Rasa's socketio channel behind our front door: for existing Rasa widgets; off unless EPARK_SOCKETIO=1."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import InputChannel
from rasa.core.channels.socketio import SocketBlueprint
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer  # type: ignore[import-untyped]

from bot.channels.front_door import FrontDoor
from bot.channels.session import Sessions
from bot.channels.turn import OnNewMessage, take_turn
from bot.channels.web_rooms import Rooms
from bot.settings import Settings

PATH = "/socket.io"
LARGEST_PACKET = 200_000


class SocketChannel(InputChannel):  # type: ignore[misc]
    """The events of Rasa's own channel: session_request, session_confirm, user_uttered, bot_uttered.

    A session id is a ticket that this server signed, so that nobody joins another's conversation by naming it; a
    widget keeps whatever session_confirm tells it. Rasa's own channel fails on replies that machines read: they are
    left out here, the text says everything.
    """

    def __init__(self, settings: Settings, door: FrontDoor) -> None:
        self._settings = settings
        self._door = door
        self._sessions = Sessions(settings.token_key)
        self._rooms = Rooms()

    @classmethod
    def name(cls) -> str:
        """As Rasa's own, so that existing widgets need no change."""
        return "socketio"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SocketChannel:
        """Built from the settings; the credentials file holds no secrets."""
        settings = Settings.from_env()
        return cls(settings, FrontDoor.from_settings(settings))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The socket at /socket.io; nothing at all where it is off."""
        if not self._settings.socketio:
            return Blueprint("epark_socketio")
        sio = AsyncServer(async_mode="sanic", cors_allowed_origins=self._welcome, max_http_buffer_size=LARGEST_PACKET)
        routes = SocketBlueprint(sio, PATH, "epark_socketio")

        @routes.route("/", methods=["GET"])  # type: ignore[misc]
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @sio.on("session_request")  # type: ignore[misc]
        async def session_request(sid: str, data: Any = None) -> None:
            ticket = data.get("session_id") if isinstance(data, dict) else None
            session = self._session_of(ticket)
            if session is None:
                session, ticket = self._sessions.new()
            await _join(sio, sid, session)
            await sio.emit("session_confirm", ticket, room=sid)

        @sio.on("user_uttered")  # type: ignore[misc]
        async def user_uttered(sid: str, data: Any = None) -> None:
            data = data if isinstance(data, dict) else {}
            session = self._session_of(data.get("session_id"))
            if session is not None:
                await _join(sio, sid, session)
            for message in await self._said(session or sid, data, on_new_message):
                await sio.emit("bot_uttered", message, room=session or sid)

        @sio.on("disconnect")  # type: ignore[misc]
        async def disconnect(_sid: str) -> None:
            self._rooms.tidy()

        return routes

    async def _said(self, conversation: str, data: Mapping[str, Any], on_new_message: OnNewMessage) -> list[Any]:
        room = self._rooms.of(conversation)
        if room.wait_seconds():
            return [{"text": self._door.phrase("apology")}]
        room.count()
        admitted = self._door.admit(data.get("message"), _token_in(data), f"socketio-{conversation}")
        async with room.speaking:
            said = await take_turn(admitted, f"socketio-{conversation}", self.name(), self._door, on_new_message)
        return [_as_widgets_expect(one) for one in said if one.get("text")]

    def _session_of(self, ticket: object) -> str | None:
        return self._sessions.session_of(ticket) if isinstance(ticket, str) else None

    def _welcome(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Whether a page of this origin may connect: our own, and those that may embed the chat."""
        host = str(environ.get("HTTP_X_FORWARDED_HOST") or environ.get("HTTP_HOST") or "")
        return origin is not None and (urlsplit(origin).netloc == host or origin in self._settings.web_origins)


async def _join(sio: AsyncServer, sid: str, session: str) -> None:
    joined = sio.enter_room(sid, session)
    if inspect.isawaitable(joined):
        # From python-socketio 5.10 on it is a coroutine; Rasa's own channel never awaits it and delivers nothing.
        await joined


def _token_in(data: Mapping[str, Any]) -> object:
    """The learner's token in what widgets call metadata or customData, an object or its JSON."""
    for key in ("metadata", "customData"):
        found = data.get(key)
        if isinstance(found, str):
            try:
                found = json.loads(found)
            except (ValueError, RecursionError):
                continue
        if isinstance(found, dict) and found.get("token"):
            return found["token"]
    return None


def _as_widgets_expect(message: Mapping[str, Any]) -> dict[str, Any]:
    """The message as Rasa's own channel writes it."""
    buttons = message.get("buttons") or []
    replies = [{"content_type": "text", "title": one["title"], "payload": one["payload"]} for one in buttons]
    return {"text": message["text"], **({"quick_replies": replies} if replies else {})}
