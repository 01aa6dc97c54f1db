"""Each event is answered exactly once: over duplicates, disorder, restarts, outages, and by polling as well."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest
from telegram_people import TIMES, OpenBot, Phone
from telegram_stand_in import Fault, Telegram

from bot.learners.database import migrate, open_database

DOUBLED = 0.3


@pytest.mark.parametrize(("persons", "count"), [(20, 100), pytest.param(250, 1000, marks=pytest.mark.thorough)])
async def test_events_with_duplicates_disorder_and_two_restarts_are_each_answered_once(
    persons: int, count: int, open_bot: OpenBot, telegram: Telegram
) -> None:
    chance = random.Random(6)
    phones = [Phone(10_000 + number) for number in range(persons)]
    events = [phones[number % persons].text(f"問{number}") for number in range(count)]
    deliveries = events + chance.sample(events, int(count * DOUBLED))
    chance.shuffle(deliveries)
    telegram.fail("sendMessage", *[Fault(502) if chance.random() < 0.05 else Fault() for _ in range(count)])

    bot = await open_bot()
    bots = [bot]
    for at, update in enumerate(deliveries):
        if at in (count * 4 // 10, count * 9 // 10):
            await bot.stop()
            bot = await open_bot()
            bots.append(bot)
        await bot.get(update)
    await bot.idle()

    heard = [line for one in bots for message in one.heard for line in message.text.split("\n")]
    said = [line.removeprefix("聽到：") for text in telegram.texts() for line in text.split("\n")]
    assert sorted(heard) == sorted(f"問{number}" for number in range(count))
    assert sorted(said) == sorted(heard)
    for number in chance.sample(range(persons), 20):
        mine = [f"問{at}" for at in range(number, count, persons)]
        assert sorted(line for text in telegram.texts(phones[number].id) for line in text[3:].split("\n")) == sorted(
            mine
        )


async def test_a_process_that_is_killed_in_mid_turn_leaves_the_question_to_the_next(
    open_bot: OpenBot, telegram: Telegram
) -> None:
    first = await open_bot(replace(TIMES, hold=0.5))
    first.go.clear()
    await first.get(Phone(1).text("忘記密碼"))
    await telegram.until(lambda: first.heard)
    await first.kill()

    second = await open_bot()
    await telegram.until_sent(1)
    await second.idle()

    assert telegram.texts() == ["聽到：忘記密碼"]


async def test_a_restart_in_mid_turn_lets_the_turn_end(open_bot: OpenBot, telegram: Telegram) -> None:
    first = await open_bot()
    first.go.clear()
    await first.get(Phone(1).text("忘記密碼"))
    await telegram.until(lambda: first.heard)
    stopping = asyncio.ensure_future(first.stop())
    await asyncio.sleep(0)
    first.go.set()
    await stopping

    second = await open_bot()
    await telegram.until_sent(1)
    await second.idle()

    assert telegram.texts() == ["聽到：忘記密碼"]
    assert second.heard == []


async def test_two_processes_answer_each_event_once(open_bot: OpenBot, telegram: Telegram, database_url: str) -> None:
    migrate(open_database(database_url))
    bots = [await open_bot(DATABASE_URL=database_url), await open_bot(DATABASE_URL=database_url)]
    for number in range(60):
        update = Phone(300 + number % 20).text(f"問{number}")
        for bot in bots:
            await bot.get(update)
    for bot in bots:
        await bot.idle()

    said = [line for text in telegram.texts() for line in text.removeprefix("聽到：").split("\n")]
    assert sorted(said) == sorted(f"問{number}" for number in range(60))


async def test_polling_answers_without_a_webhook_and_confirms_only_what_is_kept(
    open_bot: OpenBot, telegram: Telegram
) -> None:
    telegram.webhook = {"url": "https://elsewhere.example"}
    telegram.updates = [Phone(1).text("忘記密碼"), {"update_id": 60_000_000, "message": {"nonsense": True}}]
    bot = await open_bot(EPARK_TELEGRAM_POLLING="1", EPARK_TELEGRAM_SECRET="")

    await telegram.until_sent(1)
    telegram.updates.append({**Phone(1).text("怎麼退選"), "update_id": 60_000_001})
    await telegram.until_sent(2)
    await telegram.until(lambda: not telegram.updates)

    assert telegram.texts() == ["聽到：忘記密碼", "聽到：怎麼退選"]
    assert telegram.webhook is None
    assert (await bot.post(Phone(1).text("x")))[0] == 404


async def test_polling_goes_on_after_a_failure_and_a_restart_without_repeating(
    open_bot: OpenBot, telegram: Telegram
) -> None:
    telegram.fail("getUpdates", Fault(502), Fault(429, "Too Many Requests", {"retry_after": 1}))
    telegram.updates = [Phone(1).text("忘記密碼")]
    first = await open_bot(EPARK_TELEGRAM_POLLING="1")
    await telegram.until_sent(1)
    await first.idle()
    kept = list(telegram.updates)
    await first.kill()

    # Killed before it could say that it has them: Telegram tells them again.
    telegram.updates = kept or telegram.updates
    second = await open_bot(EPARK_TELEGRAM_POLLING="1")
    telegram.updates.append(Phone(2).text("怎麼退選"))
    await telegram.until_sent(2)
    await second.idle()

    assert telegram.texts() == ["聽到：忘記密碼", "聽到：怎麼退選"]


async def test_polling_confirms_nothing_that_the_database_did_not_take(open_bot: OpenBot, telegram: Telegram) -> None:
    bot = await open_bot(EPARK_TELEGRAM_POLLING="1")
    with bot.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbound RENAME TO elsewhere")
    telegram.updates.append(Phone(1).text("忘記密碼"))
    asked = len(telegram.of("getUpdates"))
    await telegram.until(lambda: len(telegram.of("getUpdates")) > asked + 1)
    still = list(telegram.updates)
    with bot.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO inbound")
    await telegram.until_sent(1)

    assert len(still) == 1
    assert telegram.texts() == ["聽到：忘記密碼"]
