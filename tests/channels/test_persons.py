"""Working person by person on what came in."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from bot.channels.pace import Pace
from bot.channels.persons import Persons, Postponed
from bot.learners.database import migrate, open_database
from bot.learners.records import TAIPEI
from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound

pytestmark = pytest.mark.thorough


class Desk:
    """Persons at work, and what they were given to answer."""

    def __init__(self, inbox: Inbox, outbox: Outbox) -> None:
        self.inbox, self.outbox = inbox, outbox
        self.given: list[tuple[str, list[str]]] = []
        self.problems: list[Exception] = []
        self.busy: set[str] = set()
        self.go = asyncio.Event()
        self.go.set()
        self.persons = Persons(inbox, "x", self._answer, quiet_seconds=0.05, hold_seconds=0.3, look_seconds=0.05)
        self.task = asyncio.ensure_future(self.persons.run())

    async def _answer(self, person: str, events: Sequence[Inbound]) -> list[Outbound]:
        assert person not in self.busy, "one person's events were worked on twice at once"
        self.busy.add(person)
        try:
            await self.go.wait()
            if self.problems:
                raise self.problems.pop(0)
            self.given.append((person, [event.event for event in events]))
            return [Outbound(f"x:{events[-1].event}", "x", person, {})]
        finally:
            self.busy.discard(person)

    def hear(self, event: str, person: str = "p") -> None:
        self.inbox.take_in([Inbound("x", event, person, {}, datetime.datetime.now(TAIPEI))])
        self.persons.heard(person)

    async def until(self, count: int) -> None:
        async def wait() -> None:
            while sum(len(events) for _, events in self.given) < count or self.persons._running:
                await asyncio.sleep(0.01)

        await asyncio.wait_for(wait(), 60)


@pytest_asyncio.fixture(loop_scope="function")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")
    migrate(engine)
    found = Desk(Inbox(engine), Outbox(engine))
    yield found
    found.go.set()
    await found.persons.stop()
    await found.task
    engine.dispose()


async def test_each_event_is_given_once_and_its_reply_goes_out(desk: Desk) -> None:
    for number in range(20):
        desk.hear(str(number), f"p{number % 5}")
    await desk.until(20)

    assert sorted(event for _, events in desk.given for event in events) == sorted(map(str, range(20)))
    assert desk.outbox.waiting("x") == len(desk.given)


async def test_what_comes_while_a_person_is_answered_waits_for_its_turn(desk: Desk) -> None:
    desk.go.clear()
    desk.hear("1")
    while not desk.busy:
        await asyncio.sleep(0.01)
    desk.hear("2")
    desk.hear("3", "other")
    desk.go.set()
    await desk.until(3)

    assert [events for person, events in desk.given if person == "p"] == [["1"], ["2"]]


async def test_what_nobody_told_of_is_found_all_the_same(desk: Desk) -> None:
    desk.inbox.take_in([Inbound("x", "1", "p", {}, datetime.datetime.now(TAIPEI))])

    await desk.until(1)

    assert desk.given == [("p", ["1"])]


@pytest.mark.parametrize("problem", [Postponed(0.05), RuntimeError("x"), OperationalError("x", {}, Exception())])
async def test_what_cannot_be_answered_now_is_answered_later(problem: Exception, desk: Desk) -> None:
    desk.problems.append(problem)
    desk.hear("1")

    await desk.until(1)

    assert desk.given == [("p", ["1"])]


async def test_what_does_not_end_in_time_is_given_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.persons.STOP_SECONDS", 0.1)
    desk.go.clear()
    desk.hear("1")
    while not desk.busy:
        await asyncio.sleep(0.01)

    await desk.persons.stop()

    assert desk.inbox.waiting("x") == ["p"]


def test_the_pace_of_one_person_is_not_that_of_another() -> None:
    pace = Pace(most=2, within_seconds=3600)
    for _ in range(2):
        pace.count("a")

    assert pace.too_fast("a") and not pace.too_fast("b")


def test_whoever_was_too_fast_may_go_on_after_a_while() -> None:
    pace = Pace(most=1, within_seconds=0.0)
    pace.count("a")

    assert not pace.too_fast("a")


def test_the_pace_forgets_those_who_are_long_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.pace.FORGET_ABOVE", 3)
    pace = Pace(within_seconds=0.0)
    for person in "abcde":
        pace.count(person)

    heard: dict[str, Any] = pace._heard
    assert len(heard) <= 4
