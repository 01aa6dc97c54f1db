"""The web chat: the page at /, its files, and POST /webhooks/web/messages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.front_door import FrontDoor
from bot.channels.session import Sessions
from bot.channels.turn import take_turn
from bot.knowledge.live import LiveKnowledge
from bot.learners.token import TokenCheck
from bot.settings import Settings

PAGE = Path(__file__).parent.parent / "web"
COOKIE = "epark_session"
TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class WebChannel(InputChannel):  # type: ignore[misc]
    """The platform's own chat page; a session is a signed cookie, a learner is proven by the token of each message."""

    def __init__(self, settings: Settings, door: FrontDoor) -> None:
        self._door = door
        self._secure = not settings.demo
        self._sessions = Sessions(settings.token_key)

    @classmethod
    def name(cls) -> str:
        """The channel's name in trackers and routes."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Built from the settings; the credentials file holds no secrets."""
        settings = Settings.from_env()
        knowledge = LiveKnowledge.shared(settings.kb_dir)
        return cls(settings, FrontDoor(knowledge, TokenCheck(settings.token_key, settings.token_public_key)))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the page; its place at / is taken by a middleware because Rasa holds that route itself."""
        routes = Blueprint("epark_web")

        @routes.listener("before_server_start")  # type: ignore[misc]
        async def take_the_front_page(app: Sanic, _loop: Any) -> None:
            app.register_middleware(front_page, "request")

        async def front_page(request: Request) -> HTTPResponse | None:
            return self._file("index.html") if request.path == "/" and request.method in ("GET", "HEAD") else None

        @routes.route("/static/<name:str>", methods=["GET"])  # type: ignore[misc]
        async def static(request: Request, name: str) -> HTTPResponse:
            return self._file(name)

        @routes.route("/messages", methods=["POST"])  # type: ignore[misc]
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        return routes

    async def _receive(self, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            # A form of another site cannot send this type without asking first.
            return response.json({"error": "send application/json"}, status=415)
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("message"), str):
            return response.json({"error": 'send {"message": "…"}'}, status=400)
        session = self._sessions.session_of(request.cookies.get(COOKIE))
        ticket = None
        if session is None:
            session, ticket = self._sessions.new()
        admitted = self._door.admit(body["message"], body.get("token"))
        said = await take_turn(admitted, f"web-{session}", self.name(), self._door, on_new_message)
        messages = [{key: value for key, value in one.items() if key != "recipient_id"} for one in said]
        answer = response.json({"messages": messages}, ensure_ascii=False, headers={"Cache-Control": "no-store"})
        if ticket is not None:
            answer.cookies[COOKIE] = ticket
            answer.cookies[COOKIE]["httponly"] = True
            answer.cookies[COOKIE]["samesite"] = "Lax"
            answer.cookies[COOKIE]["path"] = "/"
            if self._secure:
                answer.cookies[COOKIE]["secure"] = True
        return answer

    def _file(self, name: str) -> HTTPResponse:
        path = PAGE / name
        if path.suffix not in TYPES or path.parent != PAGE or not path.is_file():
            return response.text("not found", status=404)
        content_type = f"{TYPES[path.suffix]}; charset=utf-8"
        return response.raw(path.read_bytes(), content_type=content_type, headers=HEADERS)
