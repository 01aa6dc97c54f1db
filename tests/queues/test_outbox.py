"""Messages to be sent."""

from __future__ import annotations

import asyncio
import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from clock import MORNING, Clock
from sqlalchemy import text

from bot.queues.delivery import Delivery, GiveUp, TryAgain, backoff
from bot.queues.outbox import Outbox
from bot.queues.records import Due, Outbound


@pytest.fixture
def outbox(engine: Any, clock: Clock) -> Outbox:
    return Outbox(engine, clock)


def message(key: str, person: str = "U1", **data: Any) -> Outbound:
    return Outbound(key, "line", person, data)


def test_the_same_key_is_sent_once_also_after_it_was_sent(outbox: Outbox) -> None:
    outbox.put([message("a", n=1), message("a", n=2)])
    [due] = outbox.claim("line")
    outbox.sent(due.id)
    outbox.put([message("a", n=3)])

    assert due.data == {"n": 1}
    assert outbox.claim("line") == []


def test_a_persons_messages_go_one_after_the_other_and_different_persons_side_by_side(outbox: Outbox) -> None:
    outbox.put([message("a"), message("b"), message("x", "U2")])

    first = outbox.claim("line")
    meanwhile = outbox.claim("line")
    outbox.sent(first[0].id)

    assert [one.key for one in first] == ["a", "x"] and meanwhile == []
    assert [one.key for one in outbox.claim("line")] == ["b"]


def test_a_failed_attempt_waits_and_holds_back_what_comes_after_it(outbox: Outbox, clock: Clock) -> None:
    outbox.put([message("a"), message("b")])
    [due] = outbox.claim("line")

    outbox.again(due.id, 30, "503")

    assert outbox.claim("line") == []
    clock.now += datetime.timedelta(seconds=30)
    [due] = outbox.claim("line")
    assert (due.key, due.attempts, due.tried_at) == ("a", 1, None)


def test_an_attempt_that_never_reported_back_is_told_to_the_next(outbox: Outbox, clock: Clock) -> None:
    outbox.put([message("a")])
    outbox.claim("line", seconds=60)

    clock.now += datetime.timedelta(seconds=61)
    [due] = outbox.claim("line")

    assert due.tried_at == MORNING and due.attempts == 0


def test_what_cannot_be_delivered_is_kept_as_a_dead_letter_and_can_be_revived(outbox: Outbox) -> None:
    outbox.put([message("a", text="words"), message("b")])
    [due] = outbox.claim("line")

    outbox.give_up(due.id, "blocked")

    assert [(one.key, one.why, one.attempts) for one in outbox.dead("line")] == [("a", "blocked", 1)]
    assert outbox.dead("email") == []
    assert [one.key for one in outbox.claim("line")] == ["b"]
    assert outbox.revive(due.id) and not outbox.revive(due.id)
    outbox.sent(due.id + 1)
    assert [(one.key, one.data) for one in outbox.claim("line")] == [("a", {"text": "words"})]


def test_what_was_sent_keeps_nothing_of_what_it_said(outbox: Outbox, engine: Any) -> None:
    outbox.put([message("a", text="words")])
    outbox.sent(outbox.claim("line")[0].id)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT data FROM outbound")).scalars().all() == [None]


def test_what_waits_for_somebody_who_left_is_dropped(outbox: Outbox) -> None:
    outbox.put([message("a"), message("b"), message("x", "U2")])

    assert outbox.drop("line", "U1") == 2

    assert [one.key for one in outbox.claim("line")] == ["x"] and outbox.waiting("line") == 1


def test_many_workers_claim_each_message_once(outbox: Outbox) -> None:
    outbox.put([message(str(n), f"U{n}") for n in range(60)])

    with ThreadPoolExecutor(4) as pool:
        claimed = [one.key for found in pool.map(lambda _n: outbox.claim("line", most=7), range(16)) for one in found]

    assert len(claimed) == len(set(claimed))
    assert len(claimed) + sum(len(outbox.claim("line")) for _n in range(4)) == 60


async def until(condition: Any) -> None:
    for _look in range(600):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")


async def test_the_delivery_sends_everything_in_order_over_failures(outbox: Outbox, clock: Clock) -> None:
    outbox.put([message("a"), message("b"), message("x", "U2"), message("bad", "U3")])
    heard: list[str] = []
    refused = {"a": 2}

    async def send(due: Due) -> None:
        if refused.get(due.key):
            refused[due.key] -= 1
            clock.now += datetime.timedelta(seconds=5)
            raise TryAgain("503", 0)
        if due.key == "bad":
            raise GiveUp("blocked")
        heard.append(due.key)

    delivery = Delivery(outbox, "line", send, look_seconds=0.05)
    running = asyncio.ensure_future(delivery.run())
    await until(lambda: len(heard) == 3)
    await until(lambda: outbox.waiting("line") == 0)
    await delivery.stop()
    await running

    assert heard.index("a") < heard.index("b") and sorted(heard) == ["a", "b", "x"]
    assert [one.key for one in outbox.dead()] == ["bad"]


async def test_a_stop_lets_what_is_being_sent_end_and_begins_nothing_more(outbox: Outbox) -> None:
    outbox.put([message("a"), message("b")])
    begun, go_on = asyncio.Event(), asyncio.Event()
    heard: list[str] = []

    async def send(due: Due) -> None:
        begun.set()
        await go_on.wait()
        heard.append(due.key)

    delivery = Delivery(outbox, "line", send, look_seconds=0.05)
    running = asyncio.ensure_future(delivery.run())
    await begun.wait()
    stopping = asyncio.ensure_future(delivery.stop())
    go_on.set()
    await stopping
    await running

    assert heard == ["a"]
    assert [one.key for one in outbox.claim("line")] == ["b"]


async def test_an_error_nobody_thought_of_is_tried_again_and_its_words_are_not_kept(outbox: Outbox) -> None:
    outbox.put([message("a", text="A123456789")])
    heard: list[int] = []

    async def send(due: Due) -> None:
        heard.append(due.attempts)
        if not due.attempts:
            raise ValueError("A123456789")

    delivery = Delivery(Outbox(outbox._engine), "line", send, look_seconds=0.05)
    running = asyncio.ensure_future(delivery.run())
    await until(lambda: outbox.waiting("line") == 0)
    await delivery.stop()
    await running

    assert heard == [0, 1]


def test_the_waits_grow_to_five_minutes() -> None:
    assert [backoff(n) for n in (0, 1, 2, 3)] == [1, 2, 4, 8]
    assert backoff(50) == 300
