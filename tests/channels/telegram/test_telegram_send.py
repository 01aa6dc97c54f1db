"""Sending to Telegram: whatever goes wrong on the way, each message arrives once, in order, or somebody is told."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import Any

import pytest
from telegram_people import TIMES, Bot, OpenBot, Phone
from telegram_stand_in import Fault, Telegram

from bot.queues.outbox import Outbox
from bot.queues.records import Outbound

_KEYS = itertools.count(1)


def to(person: str, *texts: str, **more: Any) -> Outbound:
    """A message for the outbox, as a case puts it there."""
    return Outbound(f"test:{next(_KEYS)}", "telegram", person, {"messages": [{"text": one, **more} for one in texts]})


async def settled(bot: Bot) -> None:
    while bot.outbox.waiting("telegram"):
        await asyncio.sleep(0.02)


async def test_what_somebody_else_puts_into_the_outbox_arrives_in_order(bot: Bot, telegram: Telegram) -> None:
    bot.outbox.put([to("1", "一"), to("1", "二", "三"), to("2", "別人"), to("1", "四")])

    await telegram.until_sent(5)

    assert telegram.texts(1) == ["一", "二", "三", "四"]
    assert telegram.texts(2) == ["別人"]


async def test_an_agents_words_are_marked_as_such(bot: Bot, telegram: Telegram) -> None:
    bot.outbox.put([to("1", "我們查過了 <b>", custom={"type": "agent"})])

    (sent,) = await telegram.until_sent(1)

    assert sent.raw == f"<b>{bot.phrases['telegram_agent']}</b>\n\n我們查過了 &lt;b&gt;"


async def test_too_many_calls_are_waited_for_as_long_as_telegram_says(bot: Bot, telegram: Telegram) -> None:
    telegram.fail("sendMessage", Fault(429, "Too Many Requests: retry after 1", {"retry_after": 1}))
    bot.outbox.put([to("1", "一"), to("1", "二")])
    await telegram.until(lambda: telegram.of("sendMessage"))
    with bot.engine.connect() as connection:
        due = connection.exec_driver_sql("SELECT attempts FROM outbound ORDER BY id").scalars().all()

    await telegram.until_sent(2)

    assert telegram.texts() == ["一", "二"]
    assert due in ([0, 0], [1, 0])
    assert len(telegram.of("sendMessage")) == 3


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_an_inner_failure_is_tried_again(status: int, bot: Bot, telegram: Telegram) -> None:
    telegram.fail("sendMessage", Fault(status, "Internal Server Error"))
    bot.outbox.put([to("1", "一"), to("1", "二")])

    await telegram.until_sent(2)
    await settled(bot)

    assert telegram.texts() == ["一", "二"]


async def test_an_outage_loses_nothing_and_repeats_nothing(bot: Bot, telegram: Telegram) -> None:
    await telegram.go_away()
    for number in range(6):
        await bot.get(Phone(100 + number).text(f"問{number}"))
    while bot.outbox.waiting("telegram") < 6:
        await asyncio.sleep(0.02)
    bot.outbox.put([to("100", "案件的回覆")])

    await telegram.come_back()
    await telegram.until_sent(7)
    await settled(bot)

    assert sorted(telegram.texts()) == sorted([*(f"聽到：問{number}" for number in range(6)), "案件的回覆"])
    assert telegram.texts(100) == ["聽到：問0", "案件的回覆"]


async def test_whoever_blocked_the_bot_is_known_as_gone_and_the_message_as_dead(bot: Bot, telegram: Telegram) -> None:
    telegram.fail("sendMessage", Fault(403, "Forbidden: bot was blocked by the user"))
    bot.outbox.put([to("1", "一")])

    await settled(bot)

    (dead,) = bot.outbox.dead("telegram")
    assert "blocked" in dead.why
    assert bot.chats.is_gone("telegram", "1")
    assert telegram.sent == []


async def test_html_that_telegram_dislikes_goes_out_as_plain_text_once(bot: Bot, telegram: Telegram) -> None:
    telegram.fail("sendMessage", Fault(400, "Bad Request: can't parse entities: whatever"))
    bot.outbox.put([to("1", "【標題】\n看 https://example.gov.tw/a 再說 & 問")])

    (sent,) = await telegram.until_sent(1)

    assert sent.text == sent.raw == "【標題】\n看 https://example.gov.tw/a 再說 & 問"
    assert "parse_mode" not in telegram.of("sendMessage")[1]


async def test_what_telegram_refuses_in_every_way_is_given_up_and_the_next_goes_on(
    bot: Bot, telegram: Telegram
) -> None:
    telegram.fail("sendMessage", *[Fault(400, "Bad Request: no")] * 2)
    bot.outbox.put([to("1", "一"), to("1", "二")])

    await telegram.until_sent(1)
    await settled(bot)

    assert telegram.texts() == ["二"]
    assert [dead.why for dead in bot.outbox.dead("telegram")] == ["sendMessage: 400 Bad Request: no"]


async def test_a_chat_that_is_not_there_is_not_tried_twice(bot: Bot, telegram: Telegram) -> None:
    telegram.fail("sendMessage", Fault(400, "Bad Request: chat not found"))
    bot.outbox.put([to("1", "一")])

    await settled(bot)

    assert len(telegram.of("sendMessage")) == 1 and len(bot.outbox.dead("telegram")) == 1


async def test_a_group_that_moved_is_followed(bot: Bot, telegram: Telegram) -> None:
    moved = {"migrate_to_chat_id": -100300}
    telegram.fail("sendMessage", Fault(400, "Bad Request: group chat was upgraded to a supergroup chat", moved))
    bot.outbox.put([to("-300", "一")])

    (sent,) = await telegram.until_sent(1)

    assert sent.chat_id == -100300


async def test_a_thread_that_is_gone_is_answered_in_the_group(bot: Bot, telegram: Telegram) -> None:
    telegram.fail("sendMessage", Fault(400, "Bad Request: message thread not found"))
    bot.outbox.put([to("-300.7", "一")])

    (sent,) = await telegram.until_sent(1)

    assert (sent.chat_id, sent.thread) == (-300, None)


async def test_a_token_that_telegram_refuses_loses_no_message(bot: Bot, telegram: Telegram) -> None:
    telegram.fail("sendMessage", Fault(401, "Unauthorized"))
    bot.outbox.put([to("1", "一")])
    await telegram.until(lambda: telegram.of("sendMessage"))

    assert bot.outbox.waiting("telegram") == 1


async def test_where_no_answer_came_the_message_is_repeated_with_a_word_about_it(
    open_bot: OpenBot, telegram: Telegram
) -> None:
    bot = await open_bot(replace(TIMES, call=0.5))
    telegram.fail("sendMessage", Fault(silent=True), Fault(done=True))
    bot.outbox.put([to("1", "一"), to("2", "二")])
    await settled(bot)

    again = bot.phrases["telegram_again"]

    assert sorted(telegram.texts()) in (
        sorted(["二", f"{again}\n\n二", f"{again}\n\n一"]),
        sorted(["一", f"{again}\n\n一", f"{again}\n\n二"]),
    )


async def test_a_long_message_goes_on_after_a_failure_where_it_stopped(bot: Bot, telegram: Telegram) -> None:
    paragraphs = [f"第{number}段" + "字" * 3000 for number in range(3)]
    telegram.fail("sendMessage", Fault(500, "x"), Fault(500, "x"))
    bot.outbox.put([to("1", "\n\n".join(paragraphs), buttons=[{"title": "好", "payload": "好"}])])

    await telegram.until_sent(3)
    await settled(bot)

    assert telegram.texts() == paragraphs
    assert [bool(sent.rows) for sent in telegram.sent] == [False, False, True]


async def test_a_long_message_that_a_kill_cut_goes_on_where_it_stopped(open_bot: OpenBot, telegram: Telegram) -> None:
    first = await open_bot()
    paragraphs = [f"第{number}段" + "字" * 3000 for number in range(3)]
    telegram.fail("sendMessage", Fault(), Fault(silent=True))
    first.outbox.put([to("1", "\n\n".join(paragraphs))])
    await telegram.until(lambda: len(telegram.of("sendMessage")) == 2)
    await first.kill()

    second = await open_bot()
    await telegram.until_sent(3)
    await settled(second)

    # Nobody can know what became of the second piece: it says so.
    assert telegram.texts() == [paragraphs[0], f"{second.phrases['telegram_again']}\n\n{paragraphs[1]}", paragraphs[2]]


async def test_what_was_only_claimed_when_the_process_was_killed_is_sent_without_a_word(
    open_bot: OpenBot, telegram: Telegram
) -> None:
    first = await open_bot()
    await first.kill()
    outbox = Outbox(first.engine)
    outbox.put([to("1", "一")])
    assert outbox.claim("telegram", seconds=0.1)

    await open_bot()
    await telegram.until_sent(1)

    assert telegram.texts() == ["一"]


async def test_a_restart_in_mid_delivery_lets_it_end(open_bot: OpenBot, telegram: Telegram) -> None:
    bot = await open_bot()
    bot.outbox.put([to(str(number), "一") for number in range(10)])
    await telegram.until(lambda: telegram.of("sendMessage"))
    await bot.stop()

    again = await open_bot()
    await telegram.until_sent(10)
    await settled(again)

    assert telegram.texts() == ["一"] * 10


async def test_no_error_tells_the_token(bot: Bot, telegram: Telegram, caplog: pytest.LogCaptureFixture) -> None:
    telegram.fail("sendMessage", Fault(502), Fault(400, "Bad Request: x"), Fault(401, "Unauthorized"))
    bot.outbox.put([to("1", "一")])
    await telegram.until(lambda: len(telegram.of("sendMessage")) == 3)
    await telegram.go_away()
    bot.outbox.put([to("2", "二")])
    while not any("2" for _ in bot.outbox.dead()) and bot.outbox.waiting("telegram") == 0:
        await asyncio.sleep(0.02)

    with bot.engine.connect() as connection:
        whys = connection.exec_driver_sql("SELECT why FROM outbound").scalars().all()

    assert not any("TEST-token" in text for text in [caplog.text, *whys])
