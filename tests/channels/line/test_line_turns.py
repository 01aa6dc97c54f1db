"""Turns on LINE: quick messages as one, slow answers behind a button, taps that know what they mean."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from line_platform import ANN, BEN

from bot.channels.line_turns import MOST_TURNS, Pace

pytestmark = pytest.mark.thorough

SLOW = Pace(quiet=0.05, slow=0.3)


async def test_several_quick_messages_in_a_row_are_one_turn(open_line: Any, platform: Any) -> None:
    line = await open_line(Pace(quiet=1.0))

    for text in ("我的密碼", "忘記了", "怎麼辦"):
        await line.say(ANN, text)
    await platform.told()
    await line.idle()

    assert [heard.text for heard in line.heard] == ["我的密碼\n忘記了\n怎麼辦"]
    assert len(platform.delivered) == 1


async def test_what_two_people_write_at_the_same_time_stays_apart(line: Any, platform: Any) -> None:
    await line.send(platform.text(ANN, "忘記密碼"), platform.text(BEN, "怎麼退選"), platform.text(ANN, "臉書的"))
    await line.idle()

    told = {one.person: one.text for one in platform.delivered}
    assert told == {ANN: "聽到：忘記密碼\n臉書的", BEN: "聽到：怎麼退選"}


async def test_of_a_row_what_cannot_be_read_counts_only_where_nothing_else_came(line: Any, platform: Any) -> None:
    await line.send(platform.text(ANN, "😀"), platform.text(ANN, "忘記密碼"))
    await line.idle()
    answer = await line.ask(ANN, "😀")

    assert platform.delivered[0].text == "聽到：忘記密碼"
    assert "看不懂只有符號" in answer.text


async def test_a_row_that_is_too_long_gets_a_sentence(line: Any, platform: Any) -> None:
    await line.send(*(platform.text(ANN, "問" * 1500) for _ in range(3)))
    await line.idle()

    assert line.heard == []
    assert "太長" in platform.delivered[0].text


async def test_a_slow_answer_is_shown_by_a_button_that_brings_a_fresh_token(open_line: Any, platform: Any) -> None:
    line = await open_line(SLOW)
    line.go.clear()
    await line.say(ANN, "忘記密碼")

    wait = (await platform.told())[0]
    await line.send(platform.tap(ANN, wait.quick["看答案"]))
    line.go.set()
    answer = (await platform.told(2))[1]
    await line.idle()

    assert (wait.how, answer.how, answer.text) == ("reply", "reply", "聽到：忘記密碼")
    assert len(platform.delivered) == 2 and platform.requests["push"] == 0


async def test_a_slow_answer_is_also_shown_to_whoever_writes_on_instead(open_line: Any, platform: Any) -> None:
    line = await open_line(SLOW)
    line.go.clear()
    await line.say(ANN, "忘記密碼")
    await platform.told()

    line.go.set()
    await line.idle()
    answer = await line.ask(ANN, "怎麼退選")
    again = await line.send(platform.tap(ANN, "show"))
    nothing = (await platform.told(3))[2]

    assert answer.text == "聽到：忘記密碼\n聽到：怎麼退選"
    assert again == 200 and "已經都給您了" in nothing.text


async def test_a_button_sends_its_sentence_for_whoever_was_shown_it(line: Any, platform: Any) -> None:
    title = "用我的e政府登入的忘記密碼該怎麼辦才好呢請告訴我"
    line.answers["忘記密碼"] = [{"text": "哪一個？", "buttons": [{"title": title, "payload": "我的e政府忘記密碼"}]}]

    shown = await line.ask(ANN, "忘記密碼")
    await line.send(platform.tap(ANN, shown.quick[title]), platform.tap(BEN, shown.quick[title]))
    await line.idle()

    told = {one.person: one.text for one in platform.delivered[1:]}
    assert told[ANN] == "聽到：我的e政府忘記密碼"
    assert "過期" in told[BEN]
    assert "e政府" not in shown.quick[title]


@pytest.mark.parametrize("data", ["button:none", "anything", "", "button:" + "x" * 90, "/restart"])
async def test_a_stale_or_unknown_button_is_answered_politely(data: str, line: Any, platform: Any) -> None:
    await line.send(platform.tap(ANN, data))

    assert "過期" in (await platform.told())[0].text
    assert line.heard == []


async def test_a_button_is_stale_after_a_month(line: Any, platform: Any) -> None:
    line.answers["忘記密碼"] = [{"text": "哪一個？", "buttons": [{"title": "甲", "payload": "甲"}]}]
    shown = await line.ask(ANN, "忘記密碼")

    platform.clock.move(31 * 86400)
    await line.send(platform.tap(ANN, shown.quick["甲"]))

    assert "過期" in (await platform.told(2))[1].text


async def test_where_rasa_fails_the_person_still_gets_a_sentence(line: Any, platform: Any) -> None:
    line.answers["忘記密碼"] = [5]

    assert "很抱歉" in (await line.ask(ANN, "忘記密碼")).text


async def test_whoever_writes_without_end_is_asked_to_slow_down_once(open_line: Any, platform: Any) -> None:
    line = await open_line(Pace(quiet=0.0))

    for number in range(MOST_TURNS + 5):
        await line.send(platform.tap(ANN, f"button:{number}"))
    await line.idle()

    assert len(platform.delivered) == MOST_TURNS + 1
    assert "太快" in platform.delivered[-1].text


async def test_a_server_that_is_told_to_stop_gives_back_what_it_did_not_answer(open_line: Any, platform: Any) -> None:
    line = await open_line(Pace(quiet=30.0))
    await line.say(ANN, "忘記密碼")

    await asyncio.wait_for(line.stop(), 30)
    again = await open_line()
    await again.idle()

    assert [one.text for one in platform.delivered] == ["聽到：忘記密碼"]


async def test_answers_to_one_person_keep_their_order(line: Any, platform: Any) -> None:
    platform.trouble = ["500"]

    await line.say(ANN, "甲")
    await platform.until(lambda: line.heard)
    await line.send(platform.tap(ANN, "button:x"))
    await line.idle()

    assert [one.text[:3] for one in platform.delivered] == ["聽到：", "這個按"]
