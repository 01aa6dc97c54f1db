"""Talking HTTP to a channel: through Sanic's own ASGI door, or to a real server where replies stream."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Sanic, response
from serving import serve, stop_serving

from bot.channels.web import WebChannel
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import migrate, open_database
from bot.queues.outbox import Outbox
from bot.settings import Settings
from bot.stores.web import WebStore

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


KEY = "a key of at least thirty-two bytes, as HS256 wants it"


class Tab:
    """One open page: what its stream of events told so far."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self.events: list[dict[str, Any]] = []

    async def next(self) -> dict[str, Any]:
        """The next event, comments left out."""
        lines: dict[str, str] = {}
        while True:
            line = (await asyncio.wait_for(self._answer.content.readline(), 20)).decode()
            if not line:
                raise EOFError("the stream ended")
            if line == "\n" and lines:
                number = int(lines["id"]) if "id" in lines else None
                self.events.append({"id": number, "event": lines["event"], "data": json.loads(lines["data"])})
                return self.events[-1]
            if line != "\n" and not line.startswith(":"):
                name, value = line.rstrip("\n").split(": ", 1)
                lines[name] = value

    async def until(self, kind: str) -> dict[str, Any]:
        """The next event of this kind."""
        while (event := await self.next())["event"] != kind:
            pass
        return event

    def kinds(self) -> list[str]:
        """The kinds of the stored events so far."""
        return [event["event"] for event in self.events if event["id"] is not None]

    def numbers(self) -> list[int]:
        return [event["id"] for event in self.events if event["id"] is not None]

    def close(self) -> None:
        self._answer.close()


class Site:
    """A real server with the chat channel and a Rasa that answers when it is told to."""

    def __init__(self, channel: WebChannel, http: aiohttp.ClientSession) -> None:
        self.channel = channel
        self.http = http
        self.heard: list[UserMessage] = []
        self.forgotten: list[str] = []
        self.go = asyncio.Event()
        self.go.set()
        self.base = ""
        self.app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        self.app.ctx.agent = self
        self.tracker_store = self
        self._server: Any = None

    async def forget(self, sender_id: str) -> None:
        self.forgotten.append(sender_id)

    async def rasa(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.go.wait()
        custom = {"type": "answer", "topic": "forgot_password", "view": {"short": "好"}}
        await message.output_channel.send_response(
            message.sender_id, {"text": f"聽到：{message.text}", "custom": custom}
        )

    async def start(self) -> None:
        self.app.blueprint(self.channel.blueprint(self.rasa), url_prefix="/webhooks/web")
        self._server, self.base = await serve(self.app)

    async def stop(self, kindly: bool = True) -> None:
        """Stop serving; unkindly as a process that is killed: what runs is dropped."""
        if kindly:
            await self._server.before_stop()
        for room in self.channel._rooms._rooms.values():
            for task in room.running.values():
                task.cancel()
        self.app.ctx.epark_web_upkeep.cancel()
        if self.channel._post:
            await self.channel._post.end()
        stop_serving(self._server)
        await asyncio.sleep(0)

    async def call(
        self, method: str, path: str, body: Any = None, ticket: str | None = None, **more: Any
    ) -> tuple[int, Any]:
        """Status and JSON of one request."""
        headers = {"Authorization": f"Bearer {ticket}"} if ticket else {}
        headers.update(more.pop("headers", {}))
        if body is not None:
            more["json"] = body
        async with self.http.request(method, self.url(path), headers=headers, **more) as answer:
            told = await answer.read()
            try:
                return answer.status, json.loads(told)
            except ValueError:
                return answer.status, told

    def url(self, path: str) -> str:
        return self.base + (path if path.startswith("/") else f"/webhooks/web/{path}")

    async def ticket(self) -> str:
        status, body = await self.call("POST", "session", {})
        assert status == 201
        return str(body["ticket"])

    async def say(self, ticket: str, turn: str, message: str = "你好", **more: Any) -> tuple[int, Any]:
        return await self.call("POST", "messages", {"id": turn, "message": message, **more}, ticket)

    async def open(self, ticket: str, after: int = 0, headers: dict[str, str] | None = None) -> Tab:
        given = {"Authorization": f"Bearer {ticket}", **(headers or {})}
        answer = await self.http.get(self.url(f"events?after={after}"), headers=given)
        assert answer.status == 200, await answer.text()
        return Tab(answer)


OpenSite = Callable[..., Awaitable[Site]]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("database") / "epark.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest_asyncio.fixture(loop_scope="function")
async def open_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_database: Path) -> AsyncIterator[OpenSite]:
    """Opens a site of the chat channel on a database of this test; settings by name, and a store where one is given."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    sites: list[Site] = []

    async def opened(
        store: Any = None, upkeep_seconds: float = 0.05, outbox: Outbox | None = None, **environ: str
    ) -> Site:
        settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_KEY": KEY, **environ})
        if store is None:
            database = tmp_path / "epark.db"
            if not database.exists():
                shutil.copyfile(empty_database, database)
            store = WebStore(open_database(f"sqlite:///{database}"), tmp_path / "attachments")
        channel = WebChannel(settings, LiveKnowledge.shared(settings.kb_dir), store, upkeep_seconds, outbox)
        site = Site(channel, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)))
        await site.start()
        sites.append(site)
        return site

    yield opened
    for site in sites:
        await site.http.close()
        await site.stop(kindly=False)


@pytest_asyncio.fixture(loop_scope="function")
async def site(open_site: OpenSite) -> Site:
    """A site as it is by default."""
    return await open_site()


@pytest_asyncio.fixture(loop_scope="function")
async def open_socket_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Serves any channel on a free port; Rasa is given by the test."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    servers: list[Any] = []

    async def opened(channel: InputChannel, rasa: Callable[[UserMessage], Awaitable[None]]) -> str:
        app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        app.add_route(lambda request: response.text("Hello from Rasa"), "/")
        app.blueprint(channel.blueprint(rasa), url_prefix=f"/webhooks/{channel.name()}")
        server, base = await serve(app)
        servers.append(server)
        return base

    yield opened
    for server in servers:
        stop_serving(server)
