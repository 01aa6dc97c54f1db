"""Every turn is kept, and a failing journal never costs an answer."""

from __future__ import annotations

import asyncio
import datetime
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels import turn_journal
from bot.channels.front_door import FrontDoor
from bot.channels.turn import take_turn
from bot.channels.turn_journal import TURNS
from bot.desks.hours import TAIPEI
from bot.journal.turns import Turn
from bot.knowledge.live import LiveKnowledge
from bot.learners.token import TokenCheck

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=TAIPEI)


class FakeJournal:
    """Keeps turns in a list, or fails, or waits."""

    def __init__(self, fails: Exception | None = None, waits: threading.Event | None = None) -> None:
        self.kept: list[Turn] = []
        self._fails = fails
        self._waits = waits

    def now(self) -> datetime.datetime:
        return NOW

    def conversation(self, sender_id: str) -> str:
        return f"hash of {sender_id}"

    def write(self, turn: Turn) -> int:
        if self._waits is not None:
            self._waits.wait(60)
        if self._fails is not None:
            raise self._fails
        self.kept.append(turn)
        return len(self.kept)


@pytest.fixture
def door(kb_dir: Path) -> FrontDoor:
    return FrontDoor(LiveKnowledge.shared(kb_dir), TokenCheck("key"))


@pytest.fixture(autouse=True)
def nowhere_afterwards() -> Iterator[None]:
    yield
    TURNS.keep_in(None)


async def rasa(message: UserMessage) -> Any:
    await message.output_channel.send_response(
        message.sender_id, {"text": "點退選", "custom": {"type": "answer", "topic": "withdraw_course", "score": 1.0}}
    )


async def test_a_turn_is_kept_with_its_redacted_words(door: FrontDoor) -> None:
    journal = FakeJournal()
    TURNS.keep_in(journal)  # type: ignore[arg-type]

    await take_turn(door.admit("怎麼退選 0912345678"), "web-1", "web", door, rasa)

    assert [(one.outcome, one.topic, one.text, one.conversation, one.channel, one.at) for one in journal.kept] == [
        ("answer", "withdraw_course", "怎麼退選 [電話]", "hash of web-1", "web", NOW)
    ]


async def test_what_the_front_door_refuses_is_kept_as_refused(door: FrontDoor) -> None:
    journal = FakeJournal()
    TURNS.keep_in(journal)  # type: ignore[arg-type]

    await take_turn(door.admit("😀"), "web-1", "web", door, rasa)

    assert [(one.outcome, one.text) for one in journal.kept] == [("refused", None)]


async def test_a_failing_journal_costs_no_answer(door: FrontDoor) -> None:
    TURNS.keep_in(FakeJournal(fails=OSError("the disk is full")))  # type: ignore[arg-type]

    said = await take_turn(door.admit("怎麼退選"), "web-1", "web", door, rasa)

    assert said[0]["text"] == "點退選"


async def test_a_stuck_journal_costs_no_answer_and_does_not_pile_up(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_journal, "PATIENCE", 0.01)
    go_on = threading.Event()
    journal = FakeJournal(waits=go_on)
    TURNS.keep_in(journal)  # type: ignore[arg-type]

    said = [
        await take_turn(door.admit("怎麼退選"), "web-1", "web", door, rasa)
        for _ in range(turn_journal.MOST_WAITING + 3)
    ]

    assert all(one[0]["text"] == "點退選" for one in said)
    go_on.set()
    while TURNS._waiting:
        await asyncio.sleep(0.01)
    assert len(journal.kept) == turn_journal.MOST_WAITING


async def test_without_a_journal_nothing_is_kept(door: FrontDoor) -> None:
    said = await take_turn(door.admit("怎麼退選"), "web-1", "web", door, rasa)

    assert said[0]["text"] == "點退選"
