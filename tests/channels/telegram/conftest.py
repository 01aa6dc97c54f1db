"""Telegram as it stands on this machine, and processes of the bot that talk to it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sanic import Sanic
from telegram_people import TIMES, Bot, OpenBot, Phone
from telegram_stand_in import SECRET, TOKEN, Telegram

from bot.channels.telegram import Times
from bot.settings import Settings

KEY = "a key of at least thirty-two bytes, as HS256 wants it"


@pytest_asyncio.fixture(loop_scope="function")
async def telegram() -> AsyncIterator[Telegram]:
    """Telegram; whatever it would have refused fails the test, unless the test takes it out of `wrong`."""
    server = Telegram()
    await server.start()
    yield server
    await server.stop()
    assert server.wrong == []


@pytest_asyncio.fixture(loop_scope="function")
async def open_bot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_database: Path, telegram: Telegram
) -> AsyncIterator[OpenBot]:
    """Opens a process of the bot; all of a test share its database."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    bots: list[Bot] = []

    async def opened(times: Times = TIMES, **environ: str) -> Bot:
        if not (tmp_path / "epark.db").exists():
            shutil.copyfile(empty_database, tmp_path / "epark.db")
        given = {
            "EPARK_VAR": str(tmp_path),
            "EPARK_TOKEN_KEY": KEY,
            "EPARK_TELEGRAM_TOKEN": TOKEN,
            "EPARK_TELEGRAM_SECRET": SECRET,
            "EPARK_TELEGRAM_API": telegram.base,
            "EPARK_PUBLIC_URL": "https://epark.example.gov.tw",
        }
        bot = Bot(Settings.from_env({**given, **environ}), telegram, times)
        bots.append(bot)
        return await bot.start()

    yield opened
    for bot in bots:
        if bot._server is not None:
            await bot.kill()
        bot.engine.dispose()


@pytest_asyncio.fixture(loop_scope="function")
async def bot(open_bot: OpenBot) -> Bot:
    """The bot as it is by default."""
    return await open_bot()


@pytest.fixture
def phone() -> Phone:
    return Phone(1001)
