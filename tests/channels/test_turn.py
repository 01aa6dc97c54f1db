"""One turn through Rasa: always a sentence back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.front_door import Admitted, FrontDoor
from bot.channels.turn import MOST_FURTHER, take_turn
from bot.dialogue.context import CONTINUES, FURTHER
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


class FindsFurther:
    """Answers as Rasa does and finds the next of these questions in each message it hears."""

    def __init__(self, *questions: str, fails_at: int | None = None) -> None:
        self.heard: list[UserMessage] = []
        self._questions = list(questions)
        self._fails_at = fails_at

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        if len(self.heard) - 1 == self._fails_at:
            raise RuntimeError("boom")
        further = FURTHER.get()
        assert further is not None
        if self._questions:
            further.append(self._questions.pop(0))
        await message.output_channel.send_response(message.sender_id, {"text": f"答：{message.text}"})


async def test_the_second_question_of_a_message_is_a_turn_of_its_own(door: FrontDoor) -> None:
    rasa = FindsFurther("證書怎麼印")

    said = await take_turn(Admitted("怎麼退選，還有證書怎麼印", {"learner_id": "T1"}), "a", "rest", door, rasa)

    assert [one["text"] for one in said] == ["答：怎麼退選，還有證書怎麼印", "答：證書怎麼印"]
    first, second = rasa.heard
    assert (second.text, second.sender_id, second.input_channel) == ("證書怎麼印", "a", "rest")
    assert first.metadata == {"learner_id": "T1"}
    assert second.metadata == {"learner_id": "T1", CONTINUES: True}


async def test_a_third_question_found_in_the_second_is_answered_too(door: FrontDoor) -> None:
    rasa = FindsFurther("證書怎麼印？時數何時上傳？", "時數何時上傳？")

    await take_turn(Admitted("退選？證書怎麼印？時數何時上傳？", {}), "a", "rest", door, rasa)

    assert [one.text for one in rasa.heard][1:] == ["證書怎麼印？時數何時上傳？", "時數何時上傳？"]


async def test_one_message_never_takes_turns_without_end(door: FrontDoor) -> None:
    rasa = FindsFurther(*["又一個問題"] * 50)

    await take_turn(Admitted("很多問題", {}), "a", "rest", door, rasa)

    assert len(rasa.heard) == 1 + MOST_FURTHER


async def test_a_second_question_that_fails_leaves_the_answer_to_the_first(door: FrontDoor) -> None:
    rasa = FindsFurther("證書怎麼印", fails_at=1)

    said = await take_turn(Admitted("怎麼退選，還有證書怎麼印", {}), "a", "rest", door, rasa)

    assert [one["text"] for one in said] == ["答：怎麼退選，還有證書怎麼印"]


async def test_what_one_message_left_over_never_reaches_the_next(door: FrontDoor) -> None:
    await take_turn(Admitted("很多問題", {}), "a", "rest", door, FindsFurther(*["又一個問題"] * 9))
    rasa = FakeRasa({"text": "好"})

    await take_turn(Admitted("你好", {}), "a", "rest", door, rasa)

    assert [one.text for one in rasa.heard] == ["你好"]
