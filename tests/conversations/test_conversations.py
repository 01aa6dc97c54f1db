"""Conversations fed as text and checked by what the person reads; actions run for real."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.learners.token import issue_token

FOLDER = Path(__file__).parent
CHECKS = {"say", "topic", "type", "text", "without", "buttons", "custom", "token", "at"}


def conversations() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            found.append(pytest.param(entry, id=f"{path.stem}: {entry['conversation']}"))
    return found


@pytest.mark.parametrize("conversation", conversations())
async def test_a_conversation_reads_as_written_down(conversation, bot, settings, clock) -> None:
    sender = uuid.uuid4().hex
    for turn in conversation["turns"]:
        assert set(turn) <= CHECKS, f"unknown check in {turn}"
        clock.now = datetime.datetime.fromisoformat(turn["at"]) if "at" in turn else None
        token = issue_token(turn["token"], settings.token_key, 60) if "token" in turn else None

        said = await bot.say(turn["say"], sender, token)

        text = "\n".join(one["text"] for one in said if one.get("text"))
        customs = [one["custom"] for one in said if one.get("custom")]
        buttons = [button["title"] for one in said for button in one.get("buttons") or []]
        assert text, f"「{turn['say']}」 got silence"
        if "topic" in turn:
            assert [one.get("topic") for one in customs if one["type"] == "answer"] == [turn["topic"]], text
        if "type" in turn:
            assert [one["type"] for one in customs] == (
                turn["type"] if isinstance(turn["type"], list) else [turn["type"]]
            ), text
        for piece in turn.get("text", []):
            assert piece in text, f"{piece!r} is missing after 「{turn['say']}」:\n{text}"
        for piece in turn.get("without", []):
            assert piece not in text, f"{piece!r} must not be said after 「{turn['say']}」:\n{text}"
        for title in turn.get("buttons", []):
            assert title in buttons, f"button {title!r} is missing: {buttons}"
        for number, wanted in enumerate(turn.get("custom", [])):
            got = {key: customs[number].get(key) for key in wanted}
            assert got == wanted
