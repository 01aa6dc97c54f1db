"""A real server with the LINE channel, against a stand-in for LINE."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from line_platform import SECRET, TOKEN, Clock, Delivered, LinePlatform
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from serving import serve, stop_serving
from sqlalchemy import event

from bot.cases.help_desk import HelpDesk
from bot.channels.front_door import FrontDoor
from bot.channels.line import LineChannel
from bot.channels.line_turns import Pace
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import open_database
from bot.learners.token import TokenCheck
from bot.settings import Settings
from bot.stores.web import WebStore

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
QUICK = Pace(quiet=0.05)


def _dead(_connection: Any) -> None:
    raise OSError("this process is dead")


class LineSite:
    """One process of the bot; a second one over the same folder is the same bot started again."""

    def __init__(self, platform: LinePlatform, http: aiohttp.ClientSession, folder: Path, pace: Pace) -> None:
        self.platform = platform
        self.http = http
        self.folder = folder
        self.pace = pace
        self.environ = {"EPARK_PUBLIC_URL": "https://epark.example.gov.tw"}
        self.heard: list[UserMessage] = []
        self.answers: dict[str, Any] = {}
        """What Rasa says to a text; without an entry it echoes."""
        self.go = asyncio.Event()
        self.go.set()
        self.base = ""

    async def rasa(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.go.wait()
        for said in self.answers.get(message.text, [{"text": f"聽到：{message.text}"}]):
            await message.output_channel.send_response(message.sender_id, said)

    async def start(self) -> None:
        self.settings = Settings.from_env(
            {
                "EPARK_VAR": str(self.folder),
                "EPARK_TOKEN_KEY": KEY,
                "EPARK_LINE_CHANNEL_SECRET": SECRET,
                "EPARK_LINE_CHANNEL_TOKEN": TOKEN,
                "EPARK_LINE_API": self.platform.base,
                **self.environ,
            }
        )
        self.engine = open_database(self.settings.database_url)
        self.store = WebStore(self.engine, self.folder / "attachments", self.platform.clock)
        self.store.stay_open()
        knowledge = LiveKnowledge.shared(self.settings.kb_dir)
        clock = self.platform.clock
        self.desk = HelpDesk.on(self.engine, knowledge, KEY, self.folder / "attachments", clock)
        door = FrontDoor(knowledge, TokenCheck(KEY), self.desk)
        self.channel = LineChannel(self.settings, knowledge, door, self.store, self.engine, clock, self.pace)
        self.app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        self.app.blueprint(self.channel.blueprint(self.rasa), url_prefix="/webhooks/line")
        self._server, self.base = await serve(self.app)

    async def stop(self) -> None:
        """Stop as a server that is told to."""
        await self._server.before_stop()
        await self._close()

    async def kill(self) -> None:
        """Stop as a process that is killed: whatever it was doing is dropped in the middle."""
        works = self.channel.works
        assert works is not None
        doomed = [*self.app.ctx.epark_line, *works.turns._working.values(), *works.delivery._running]
        works.turns._stopping = works.delivery._stopping = True
        # Threads outlive a cancellation: a dead process begins no transaction any more.
        event.listen(self.engine, "begin", _dead)
        while doomed:
            # In Python 3.10 asyncio.wait_for now and then swallows a cancellation.
            for task in doomed:
                task.cancel()
            doomed = list((await asyncio.wait(doomed, timeout=0.2))[1])
        await works.api.close()
        await self._close()

    async def _close(self) -> None:
        stop_serving(self._server)
        await asyncio.sleep(0)
        self.store._held.close()
        self.engine.dispose()

    async def send(self, *events: dict[str, Any], signature: str | None = None) -> int:
        """Deliver a webhook of LINE; the status of our answer."""
        return await self.platform.send(self.http, f"{self.base}/webhooks/line/webhook", *events, signature=signature)

    async def say(self, person: str, text: str, **more: Any) -> None:
        assert await self.send(self.platform.text(person, text, **more)) == 200

    async def ask(self, person: str, text: str) -> Delivered:
        """Say something and wait for the answer."""
        count = len(self.platform.delivered)
        await self.say(person, text)
        return (await self.platform.told(count + 1))[count]

    async def idle(self, seconds: float = 60.0) -> None:
        """Wait until nothing is left to work on or to send."""
        works = self.channel.works
        assert works is not None

        def nothing() -> bool:
            assert works is not None
            return not (works.turns._working or works.delivery._running or works.inbox.waiting("line"))

        await self.platform.until(lambda: nothing() and not works.outbox.waiting("line"), seconds)


OpenLine = Callable[..., Awaitable[LineSite]]


@pytest_asyncio.fixture(loop_scope="function")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session


@pytest_asyncio.fixture(loop_scope="function")
async def platform() -> AsyncIterator[LinePlatform]:
    """LINE; every request that it found fault with fails the test."""
    platform = LinePlatform(Clock())
    await platform.start()
    yield platform
    await platform.stop()
    assert platform.faults == []


@pytest_asyncio.fixture(loop_scope="function")
async def open_line(
    platform: LinePlatform,
    http: aiohttp.ClientSession,
    tmp_path: Path,
    empty_database: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[OpenLine]:
    """Opens the bot; again over the same folder where it is asked a second time."""
    # Without it only the first app of a process can start.
    monkeypatch.setattr(Sanic, "test_mode", True)
    sites: list[LineSite] = []

    async def opened(pace: Pace = QUICK, **environ: str) -> LineSite:
        if not (tmp_path / "epark.db").exists():
            shutil.copy(empty_database, tmp_path / "epark.db")
        site = LineSite(platform, http, tmp_path, pace)
        site.environ |= environ
        await site.start()
        sites.append(site)
        return site

    yield opened
    for site in sites:
        await site.kill()


@pytest_asyncio.fixture(loop_scope="function")
async def line(open_line: OpenLine) -> LineSite:
    """The bot, just started."""
    return await open_line()
