"""Events of the platforms."""

from __future__ import annotations

import datetime
from typing import Any

from clock import MORNING, Clock
from sqlalchemy import text

from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound


def event(name: str, person: str = "U1", **data: Any) -> Inbound:
    return Inbound("line", name, person, data, MORNING)


def test_an_event_that_comes_twice_is_new_once(engine: Any, clock: Clock) -> None:
    inbox = Inbox(engine, clock)

    first = inbox.take_in([event("a", text="x"), event("a", text="x"), event("b")])
    second = Inbox(engine, clock).take_in([event("b"), event("c")])

    assert [one.event for one in first] == ["a", "b"]
    assert [one.event for one in second] == ["c"]


def test_an_event_that_is_done_is_still_known(engine: Any, clock: Clock) -> None:
    inbox = Inbox(engine, clock)
    inbox.take_in([event("a")])
    inbox.finish(inbox.claim("line", "U1"))

    assert inbox.take_in([event("a")]) == []
    assert inbox.waiting("line") == []


def test_a_persons_events_are_claimed_together_in_the_order_they_came(engine: Any, clock: Clock) -> None:
    inbox = Inbox(engine, clock)
    inbox.take_in([event("b", text="1"), event("x", "U2"), event("a", text="2")])

    claimed = inbox.claim("line", "U1")

    assert [(one.event, one.data) for one in claimed] == [("b", {"text": "1"}), ("a", {"text": "2"})]
    assert inbox.waiting("line") == ["U2"]


def test_what_one_worker_holds_another_does_not_get_nor_what_comes_meanwhile(engine: Any, clock: Clock) -> None:
    inbox, other = Inbox(engine, clock), Inbox(engine, clock)
    inbox.take_in([event("a")])
    inbox.claim("line", "U1", seconds=90)
    inbox.take_in([event("b")])

    assert other.waiting("line") == [] and other.claim("line", "U1") == []

    clock.now += datetime.timedelta(seconds=91)
    assert [one.event for one in other.claim("line", "U1")] == ["a", "b"]


def test_what_comes_while_a_turn_runs_is_there_after_it(engine: Any, clock: Clock) -> None:
    inbox = Inbox(engine, clock)
    inbox.take_in([event("a")])
    claimed = inbox.claim("line", "U1")
    inbox.take_in([event("b")])

    inbox.finish(claimed)

    assert [one.event for one in inbox.claim("line", "U1")] == ["b"]


def test_what_is_given_back_is_there_at_once(engine: Any, clock: Clock) -> None:
    inbox = Inbox(engine, clock)
    inbox.take_in([event("a")])

    inbox.release(inbox.claim("line", "U1"))

    assert inbox.waiting("line") == ["U1"]


def test_finishing_puts_the_replies_into_the_outbox_and_deletes_what_the_event_said(engine: Any, clock: Clock) -> None:
    inbox, outbox = Inbox(engine, clock), Outbox(engine, clock)
    inbox.take_in([event("a", text="secret words")])
    claimed = inbox.claim("line", "U1")

    inbox.finish(claimed, [Outbound("line:a", "line", "U1", {"messages": []})])
    inbox.finish(claimed, [Outbound("line:a", "line", "U1", {"messages": []})])

    assert [due.key for due in outbox.claim("line")] == ["line:a"]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT data FROM inbound")).scalars().all() == [None]


def test_an_event_that_its_sender_took_back_is_worked_on_no_more(engine: Any, clock: Clock) -> None:
    inbox = Inbox(engine, clock)
    inbox.take_in([event("a"), event("b")])

    assert inbox.drop("line", "a") and not inbox.drop("line", "unknown")

    assert [one.event for one in inbox.claim("line", "U1")] == ["b"]


def test_the_ids_of_events_are_forgotten_after_thirty_days(engine: Any, clock: Clock) -> None:
    inbox = Inbox(engine, clock)
    inbox.take_in([event("a"), event("b", "U2")])
    inbox.finish(inbox.claim("line", "U1"))

    clock.now += datetime.timedelta(days=31)
    inbox.tidy()

    assert [one.event for one in inbox.take_in([event("a"), event("b", "U2")])] == ["a"]
