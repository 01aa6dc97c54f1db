"""One turn through Rasa: always a sentence back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.front_door import Admitted, FrontDoor
from bot.channels.turn import take_turn
from bot.knowledge.live import LiveKnowledge
from bot.learners.token import TokenCheck


@pytest.fixture(scope="module")
def door() -> FrontDoor:
    return FrontDoor(LiveKnowledge.shared(Path(__file__).parents[2] / "kb"), TokenCheck("key"))


class FakeRasa:
    """Takes messages as Rasa does, says what it is told to, and then fails if it is told to."""

    def __init__(self, *says: dict[str, Any], fails: Exception | None = None) -> None:
        self.heard: list[UserMessage] = []
        self._says = says
        self._fails = fails

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        for one in self._says:
            await message.output_channel.send_response(message.sender_id, dict(one))
        if self._fails is not None:
            raise self._fails


async def test_the_replies_come_back_in_order_each_message_whole(door: FrontDoor) -> None:
    rasa = FakeRasa({"text": "第一段\n\n第二段"}, {"text": "第二則", "custom": {"type": "fallback"}})

    said = await take_turn(Admitted("你好", {}), "rest-1", "rest", door, rasa)

    assert [one["text"] for one in said if "text" in one] == ["第一段\n\n第二段", "第二則"]
    assert [one["custom"] for one in said if "custom" in one] == [{"type": "fallback"}]
    assert {one["recipient_id"] for one in said} == {"rest-1"}


async def test_buttons_come_back_with_their_text(door: FrontDoor) -> None:
    buttons = [{"title": "都不是", "payload": "都不是"}]

    said = await take_turn(Admitted("你好", {}), "a", "web", door, FakeRasa({"text": "哪個？", "buttons": buttons}))

    assert said == [{"recipient_id": "a", "text": "哪個？", "buttons": buttons}]


async def test_rasa_hears_the_admitted_text_its_metadata_and_the_channel(door: FrontDoor) -> None:
    rasa = FakeRasa({"text": "好"})
    metadata = {"learner_id": "T5602110801"}

    await take_turn(Admitted("我的時數", metadata), "web-1", "web", door, rasa)

    (heard,) = rasa.heard
    assert (heard.text, heard.sender_id, heard.input_channel) == ("我的時數", "web-1", "web")
    assert heard.metadata == metadata and heard.metadata is not metadata


@pytest.mark.parametrize("refusal", ["ask_empty", "ask_shorter", "ask_words"])
async def test_a_refused_message_is_answered_at_once_and_rasa_hears_nothing(refusal: str, door: FrontDoor) -> None:
    rasa = FakeRasa({"text": "never said"})

    said = await take_turn(Admitted("", {}, refusal), "a", "rest", door, rasa)

    assert said[0] == {"recipient_id": "a", "text": door.phrase(refusal)}
    assert said[1:] == [{"recipient_id": "a", "custom": {"type": "fallback"}}]
    assert rasa.heard == []


async def test_a_turn_that_fails_apologises(door: FrontDoor) -> None:
    said = await take_turn(Admitted("你好", {}), "a", "rest", door, FakeRasa(fails=RuntimeError("boom")))

    assert said[-1] == {"recipient_id": "a", "text": door.phrase("apology")}
    assert "boom" not in repr(said)


async def test_a_turn_that_fails_after_it_spoke_keeps_what_was_said(door: FrontDoor) -> None:
    rasa = FakeRasa({"text": "說到一半"}, fails=RuntimeError("boom"))

    said = await take_turn(Admitted("你好", {}), "a", "rest", door, rasa)

    assert [one["text"] for one in said] == ["說到一半"]


@pytest.mark.parametrize("says", [(), ({"custom": {"type": "fallback"}},), ({"text": ""},)])
async def test_a_turn_without_a_sentence_gets_one(says: tuple[dict[str, Any], ...], door: FrontDoor) -> None:
    said = await take_turn(Admitted("你好", {}), "a", "rest", door, FakeRasa(*says))

    assert said[-1]["text"] == door.phrase("apology")
