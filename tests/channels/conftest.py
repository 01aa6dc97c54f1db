"""Talking HTTP to a channel without a server: Sanic's own ASGI door."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Sanic

ASGI = {"version": "3.0"}


@dataclass
class Answer:
    """What came back for one request."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


class Client:
    """Sends requests to one app; keeps what Rasa was given to hear."""

    def __init__(self, app: Sanic) -> None:
        self.app = app
        self.heard: list[UserMessage] = []

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str | bytes] | None = None
    ) -> Answer:
        answer = Answer()
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = [(key.decode(), value.decode()) for key, value in message["headers"]]
            answer.body += message.get("body", b"")

        given = {"host": "localhost", "content-type": "application/json", **(headers or {})}
        scope = {
            "type": "http",
            "asgi": ASGI,
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [
                (key.encode(), value if isinstance(value, bytes) else value.encode()) for key, value in given.items()
            ],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        await self.app(scope, receive, send)
        return answer

    async def post(self, path: str, data: Any, headers: dict[str, str | bytes] | None = None) -> Answer:
        return await self.request("POST", path, json.dumps(data).encode(), headers)


OpenClient = Callable[[InputChannel], Awaitable[Client]]


@pytest.fixture
async def open_client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenClient]:
    """Opens a client to a channel at its usual place; Rasa echoes what it hears."""
    # Without it only the first app of a process can start.
    monkeypatch.setattr(Sanic, "test_mode", True)
    tasks: list[asyncio.Task[None]] = []

    async def opened(channel: InputChannel) -> Client:
        client = Client(Sanic(f"test_{uuid.uuid4().hex}"))

        async def rasa(message: UserMessage) -> None:
            client.heard.append(message)
            await message.output_channel.send_response(message.sender_id, {"text": f"聽到：{message.text}"})

        client.app.blueprint(channel.blueprint(rasa), url_prefix=f"/webhooks/{channel.name()}")
        started = asyncio.Event()
        signs = [{"type": "lifespan.startup"}]

        async def receive() -> dict[str, Any]:
            if signs:
                return signs.pop(0)
            await asyncio.Event().wait()
            raise AssertionError("never reached")

        async def send(message: dict[str, Any]) -> None:
            assert message["type"] == "lifespan.startup.complete"
            started.set()

        life = asyncio.ensure_future(client.app({"type": "lifespan", "asgi": ASGI}, receive, send))
        tasks.append(life)
        while not started.is_set():
            if life.done():
                life.result()
            await asyncio.sleep(0)
        return client

    yield opened
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
