"""A turn while an agent has the conversation, and the contact that a form asks for."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.cases.contact import reference_in
from bot.cases.help_desk import HelpDesk
from bot.cases.records import Draft
from bot.channels.front_door import FILE_ALONE, Admitted, FrontDoor
from bot.channels.turn import take_turn
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import migrate, open_database
from bot.learners.token import TokenCheck

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
ME = "line-U1"


@pytest.fixture
def desk(tmp_path: Path, kb_dir: Path) -> HelpDesk:
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")
    migrate(engine)
    return HelpDesk.on(engine, LiveKnowledge.shared(kb_dir), KEY, tmp_path / "attachments")


@pytest.fixture
def door(desk: HelpDesk, kb_dir: Path) -> FrontDoor:
    return FrontDoor(LiveKnowledge.shared(kb_dir), TokenCheck(KEY), desk)


class FakeRasa:
    """Says hello to whatever it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message.text)
        await message.output_channel.send_response(message.sender_id, {"text": "小幫手的回答"})


def taken(desk: HelpDesk) -> int:
    case = desk.cases.open(Draft("report", "platform", "line", ME, "時數沒進來"))
    desk.cases.take(case.id, "lin")
    return case.id


async def say(text: str, door: FrontDoor, rasa: FakeRasa, sender: str = ME) -> list[str]:
    said = await take_turn(door.admit(text, sender_id=sender), sender, "line", door, rasa)
    return [one["text"] for one in said if one.get("text")]


def said_in(desk: HelpDesk, case_id: int) -> list[str]:
    return [str(event.data["text"]) for event in desk.cases.events(case_id) if event.kind == "said"]


async def test_without_a_case_the_bot_answers(door: FrontDoor) -> None:
    assert await say("怎麼退選", door, FakeRasa()) == ["小幫手的回答"]


async def test_while_an_agent_has_the_case_the_bot_is_silent_and_says_so_once(door: FrontDoor, desk: HelpDesk) -> None:
    case_id, rasa = taken(desk), FakeRasa()

    first, second = await say("我補充一下", door, rasa), await say("還有，電話是 0912-345-678", door, rasa)

    assert len(first) == 1 and "回到小幫手" in first[0] and second == []
    assert rasa.heard == []
    assert said_in(desk, case_id) == ["我補充一下", "還有，電話是 [電話]"]


async def test_only_the_conversation_of_the_case_is_silent(door: FrontDoor, desk: HelpDesk) -> None:
    taken(desk)

    assert await say("怎麼退選", door, FakeRasa(), sender="line-U2") == ["小幫手的回答"]


async def test_a_message_of_signs_alone_goes_to_the_agent_and_nothing_at_all_to_nobody(
    door: FrontDoor, desk: HelpDesk
) -> None:
    case_id = taken(desk)

    await say("👍", door, FakeRasa())
    empty = await say("   ", door, FakeRasa())

    assert said_in(desk, case_id) == ["👍"] and empty == [door.phrase("ask_empty")]


@pytest.mark.parametrize("text", ["回到小幫手", "「回到小幫手」", "我要回到小幫手。"])
async def test_who_wants_the_bot_back_has_it(text: str, door: FrontDoor, desk: HelpDesk) -> None:
    taken(desk)
    rasa = FakeRasa()

    (back,) = await say(text, door, rasa)
    answer = await say("怎麼退選", door, rasa)

    assert "小幫手回來了" in back and answer == ["小幫手的回答"]
    assert await say("回到小幫手", door, rasa) == [door.phrase("case_bot_is_here")]


async def test_after_it_is_settled_the_bot_is_back(door: FrontDoor, desk: HelpDesk) -> None:
    case_id = taken(desk)

    desk.cases.resolve(case_id, "lin")

    assert await say("謝謝", door, FakeRasa()) == ["小幫手的回答"]


async def test_where_the_database_is_away_the_bot_answers(kb_dir: Path, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'without_tables.db'}")
    desk = HelpDesk.on(engine, LiveKnowledge.shared(kb_dir), KEY, tmp_path)
    door = FrontDoor(LiveKnowledge.shared(kb_dir), TokenCheck(KEY), desk)

    assert await say("怎麼退選", door, FakeRasa()) == ["小幫手的回答"]
    assert door.admit("0912-345-678", sender_id=ME).text == "[電話]"


@pytest.mark.parametrize(
    "typed", ["王小明 0912-345-678", "ming@example.com", "02-2700-1234 分機 5", "國外 +1 415 555 2671"]
)
def test_a_contact_that_is_asked_for_becomes_a_reference(typed: str, door: FrontDoor, desk: HelpDesk) -> None:
    desk.contacts.ask(ME)

    admitted = door.admit(typed, sender_id=ME)

    assert reference_in(admitted.text) == admitted.text and admitted.refusal is None
    assert desk.contacts.open(ME, admitted.text) == typed
    assert door.shown(admitted.text) == door.phrase("contact_shown") and door.shown("你好") == "你好"


def test_a_contact_that_nobody_asked_for_is_redacted_as_ever(door: FrontDoor, desk: HelpDesk) -> None:
    desk.contacts.ask(ME)

    assert door.admit("0912-345-678", sender_id="line-U2").text == "[電話]"
    assert door.admit("0912-345-678").text == "[電話]"


def test_a_national_id_has_no_exception_and_a_platform_id_needs_none(door: FrontDoor, desk: HelpDesk) -> None:
    desk.contacts.ask(ME)
    assert door.admit("A123456789", sender_id=ME).text == "[身分證字號]"

    admitted = door.admit("0912-345-678 A123456789 密碼是abcd1234 T1234567890", sender_id=ME)

    value = desk.contacts.open(ME, admitted.text)
    assert value == "0912-345-678 [身分證字號] 密碼是[密碼] T1234567890"


def test_words_without_a_contact_stay_words_while_it_is_asked(door: FrontDoor, desk: HelpDesk) -> None:
    desk.contacts.ask(ME)

    for text in ("取消", "怎麼退選", "不想留", "環教網的 02-2388-4848 打不通"):
        assert door.admit(text, sender_id=ME).text == text


async def test_no_log_ever_holds_a_contact(door: FrontDoor, desk: HelpDesk, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    desk.contacts.ask(ME)

    await say("王小明 0912-345-678", door, FakeRasa())

    assert "0912" not in caplog.text and "345-678" not in caplog.text


async def test_a_file_without_words_is_an_answer_only_where_it_is_waited_for(door: FrontDoor, desk: HelpDesk) -> None:
    rasa, alone = FakeRasa(), Admitted("", {}, FILE_ALONE)

    unasked = await take_turn(alone, ME, "line", door, rasa)
    desk.contacts.ask_for_files(ME)
    await take_turn(alone, ME, "line", door, rasa)
    desk.contacts.stop_asking(ME)
    over = await take_turn(alone, ME, "line", door, rasa)

    assert unasked[0]["text"] == over[0]["text"] == door.phrase(FILE_ALONE)
    assert rasa.heard == [door.phrase("case_file_sent")]


async def test_a_file_without_words_reaches_the_agent(door: FrontDoor, desk: HelpDesk) -> None:
    case_id = taken(desk)

    await take_turn(Admitted("", {}, FILE_ALONE), ME, "line", door, FakeRasa())

    assert said_in(desk, case_id) == [door.phrase("case_file_sent")]


def test_asking_for_files_takes_no_contact_and_leaves_one_alone(door: FrontDoor, desk: HelpDesk) -> None:
    desk.contacts.ask_for_files(ME)
    assert door.admit("0912-345-678", sender_id=ME).text == "[電話]"

    desk.contacts.ask(ME)
    reference = door.admit("0912-345-678", sender_id=ME).text
    desk.contacts.ask_for_files(ME)
    desk.contacts.stop_asking(ME)

    assert desk.contacts.open(ME, reference) == "0912-345-678" and not desk.contacts.awaits_files(ME)
