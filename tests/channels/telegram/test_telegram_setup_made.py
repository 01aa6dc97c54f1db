"""`epark telegram setup` against Telegram itself."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import pytest
from telegram_stand_in import BOT, SECRET, TOKEN, Telegram

from bot.commands.telegram_setup import run
from bot.settings import Settings


def settings(telegram: Telegram, folder: Path, token: str = TOKEN) -> Settings:
    given = {"EPARK_VAR": str(folder), "EPARK_TELEGRAM_TOKEN": token, "EPARK_TELEGRAM_SECRET": SECRET}
    more = {"EPARK_TELEGRAM_API": telegram.base, "EPARK_PUBLIC_URL": "https://epark.example.gov.tw"}
    return Settings.from_env({**given, **more})


async def test_every_call_is_one_that_telegram_takes(
    telegram: Telegram, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = await asyncio.to_thread(run, argparse.Namespace(dry_run=False), settings(telegram, tmp_path))

    assert status == 0
    assert telegram.webhook is not None and telegram.webhook["secret_token"] == SECRET
    assert BOT["username"] in capsys.readouterr().out


async def test_a_token_that_telegram_does_not_know_is_told(
    telegram: Telegram, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = settings(telegram, tmp_path, "1:wrong-token")

    status = await asyncio.to_thread(run, argparse.Namespace(dry_run=False), wrong)

    said = capsys.readouterr().err
    assert status == 1 and "EPARK_TELEGRAM_TOKEN" in said and "wrong-token" not in said
