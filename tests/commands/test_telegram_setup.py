"""`epark telegram setup`: what Telegram is told, and what is said where it cannot be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main

NAMES = ("EPARK_TELEGRAM_TOKEN", "EPARK_TELEGRAM_SECRET", "EPARK_PUBLIC_URL", "EPARK_TELEGRAM_POLLING")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EPARK_VAR", str(tmp_path))


def test_a_dry_run_prints_every_call_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPARK_PUBLIC_URL", "https://epark.example.gov.tw/")
    monkeypatch.setenv("EPARK_TELEGRAM_TOKEN", "123:secret-token")
    monkeypatch.setenv("EPARK_TELEGRAM_SECRET", "a-secret-of-the-test")

    status = main(["telegram", "setup", "--dry-run"])

    said = capsys.readouterr().out
    calls = [json.loads(line) for line in said.splitlines()]
    assert status == 0
    assert "secret-token" not in said and "a-secret-of-the-test" not in said
    assert calls[0]["parameters"]["url"] == "https://epark.example.gov.tw/webhooks/telegram/webhook"
    assert calls[0]["parameters"]["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    commands = [one["command"] for one in calls[1]["parameters"]["commands"]]
    assert commands == ["start", "help", "status", "human", "stop"]
    assert {call["method"] for call in calls} == {
        "setWebhook",
        "setMyCommands",
        "setMyDescription",
        "setMyShortDescription",
    }


def test_what_is_not_set_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["telegram", "setup"])

    said = capsys.readouterr().err
    assert status == 1
    assert all(name in said for name in NAMES[:3])


def test_an_address_without_https_is_refused_because_telegram_would(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPARK_PUBLIC_URL", "http://epark.example.gov.tw")

    status = main(["telegram", "setup", "--dry-run"])

    assert status == 1 and "https" in capsys.readouterr().err


def test_polling_without_a_token_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["serve", "--telegram-polling"])

    assert status == 1 and "EPARK_TELEGRAM_TOKEN" in capsys.readouterr().err
