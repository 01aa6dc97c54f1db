"""Working off what LINE sent: a person's events in order, quick messages in a row as one turn, each answered once."""

from __future__ import annotations

import asyncio
import datetime
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.line_answers import Answers, Said
from bot.channels.line_database import AWAY, in_turn
from bot.channels.line_draw import SHOW
from bot.channels.line_events import CHANNEL
from bot.learners.clock import Clock
from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound

logger = logging.getLogger(__name__)

MOST_TURNS, WITHIN_SECONDS = 30, 60.0
"""Turns of one person that are answered within this time."""
SIDE_BY_SIDE = 20
LOOK_SECONDS = 2.0
AWAY_SECONDS = 1.0


@dataclass(frozen=True)
class Pace:
    """How long things last, in seconds; LINE documents the first one as about a minute."""

    token: float = 55.0
    """A reply token's life, counted from when its event came in."""
    slow: float = 40.0
    """After this the token buys a fresh one with a button that shows the answer."""
    quiet: float = 1.0
    """A pause of this length ends a row of quick messages."""
    longest_turn: float = 100.0
    hold: float = 120.0
    """Events of a process that died are worked on again after this: longer than any turn."""


class Turns:
    """The worker of one process; several share the inbox."""

    def __init__(
        self,
        inbox: Inbox,
        outbox: Outbox,
        answers: Answers,
        put: Callable[[], None],
        clock: Clock,
        pace: Pace,
    ) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._answers = answers
        self._put = put
        self._clock = clock
        self._pace = pace
        self._news = asyncio.Event()
        self._working: dict[str, asyncio.Task[None]] = {}
        self._last_heard: dict[str, float] = {}
        self._turns: dict[str, deque[float]] = {}
        self._stopping = False

    def heard(self, events: Sequence[Inbound]) -> None:
        """New events are in the inbox; of messages that may come in a row, more is waited for."""
        for one in events:
            if one.data["kind"] in ("text", "file") and not one.data.get("group"):
                self._last_heard[one.person] = time.monotonic()
        self._news.set()

    async def run(self) -> None:
        """Work until stopped; a database that is away is looked for again."""
        while not self._stopping:
            self._news.clear()
            try:
                waiting = await in_turn(self._inbox.waiting, CHANNEL)
            except AWAY as error:
                logger.error("the inbox of LINE cannot be read: %s", type(error).__name__)
                waiting = []
            for person in waiting:
                if person not in self._working and len(self._working) < SIDE_BY_SIDE and not self._stopping:
                    self._working[person] = asyncio.ensure_future(self._work(person))
            try:
                await asyncio.wait_for(self._news.wait(), LOOK_SECONDS)
            except asyncio.TimeoutError:
                self._tidy()

    async def stop(self, seconds: float) -> None:
        """Begin nothing more, let turns end for a while, and give back what did not end."""
        self._stopping = True
        self._news.set()
        running = list(self._working.values())
        if running:
            await asyncio.wait(running, timeout=seconds)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _work(self, person: str) -> None:
        """Answer all that waits of one person."""
        events: list[Inbound] = []
        try:
            while not self._stopping:
                await self._settle(person)
                events = await in_turn(self._inbox.claim, CHANNEL, person, self._pace.hold)
                if not events:
                    return
                turn = first_turn(events)
                replies = await self._replies(turn, retracted(events))
                await in_turn(self._inbox.finish, turn, replies)
                if replies:
                    self._put()
                events = events[len(turn) :]
                if not events and not self._last_heard.get(person):
                    return
                await in_turn(self._inbox.release, events)
                events = []
        except AWAY as error:
            logger.error("the queues of LINE do not work: %s", type(error).__name__)
            await asyncio.sleep(AWAY_SECONDS)
        except Exception as error:
            logger.error("a turn on LINE failed: %s", type(error).__name__)
        finally:
            del self._working[person]
            if events:
                await self._give_back(events)
            self._news.set()

    async def _give_back(self, events: Sequence[Inbound]) -> None:
        try:
            await asyncio.shield(in_turn(self._inbox.release, events))
        except AWAY:
            # They come free by themselves when their time is up.
            logger.error("events of LINE could not be given back")

    async def _settle(self, person: str) -> None:
        """Wait until the person pauses, at most three pauses long."""
        begun = time.monotonic()
        while (last := self._last_heard.get(person)) is not None:
            now = time.monotonic()
            seconds = min(last + self._pace.quiet, begun + 3 * self._pace.quiet) - now
            if seconds <= 0:
                break
            await asyncio.sleep(seconds)
        self._last_heard.pop(person, None)

    async def _replies(self, turn: Sequence[Inbound], taken_back: set[str]) -> list[Outbound]:
        """What answers a turn, as one outbound message."""
        last = turn[-1]
        turn = [one for one in turn if one.data.get("message") not in taken_back or one.data["kind"] == "unsend"]
        if not turn:
            return []
        token = next((one for one in reversed(turn) if "reply_token" in one.data), None)
        answering = asyncio.ensure_future(self._said(turn))
        try:
            asked_to_wait = await self._ask_to_wait(answering, token, last)
            said = await answering
        finally:
            answering.cancel()
        show = last.data["kind"] == "tap" and last.data["data"] == SHOW
        if not said and not show:
            return []
        data: dict[str, Any] = {"messages": said, "turn": True}
        if show:
            data["otherwise"] = self._answers.show_nothing()
        if asked_to_wait:
            data["hold"] = True
        elif token is not None:
            data |= self._token(token)
        return [Outbound(f"line:{last.event}", CHANNEL, last.person, data)]

    async def _said(self, turn: Sequence[Inbound]) -> Said:
        person = turn[0].person
        if turn[0].data["kind"] in ("text", "tap", "file", "other") and (said := self._too_many(person)) is not None:
            return said
        try:
            return await asyncio.wait_for(self._answers.to(turn), self._pace.longest_turn)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # What it says may hold what the person said: its kind alone is told.
            logger.error("an answer on LINE failed: %s", type(error).__name__)
            return self._answers.apology()

    async def _ask_to_wait(self, answering: asyncio.Future[Said], token: Inbound | None, last: Inbound) -> bool:
        """Whether the answer took so long that the token was given for a button that shows it."""
        if token is None:
            return False
        age = (self._clock() - token.received_at).total_seconds()
        if self._pace.slow <= age:
            return False
        await asyncio.wait({answering}, timeout=self._pace.slow - age)
        if answering.done():
            return False
        data = {"wait": True, "messages": [], "turn": True, **self._token(token)}
        await in_turn(self._outbox.put, [Outbound(f"line:{last.event}:wait", CHANNEL, last.person, data)])
        self._put()
        return True

    def _token(self, event: Inbound) -> dict[str, Any]:
        until = event.received_at + datetime.timedelta(seconds=self._pace.token)
        return {"reply_token": event.data["reply_token"], "reply_until": until.isoformat()}

    def _too_many(self, person: str) -> Said | None:
        """What to say to somebody who writes too much: a word once, then nothing; None where all is well."""
        now, turns = time.monotonic(), self._turns.setdefault(person, deque())
        while turns and turns[0] <= now - WITHIN_SECONDS:
            turns.popleft()
        turns.append(now)
        if len(turns) <= MOST_TURNS:
            return None
        if len(turns) == MOST_TURNS + 1:
            return self._answers.slow_down()
        turns.pop()
        return []

    def _tidy(self) -> None:
        now = time.monotonic()
        for person in [one for one, turns in self._turns.items() if not turns or turns[-1] <= now - WITHIN_SECONDS]:
            del self._turns[person]


def first_turn(events: Sequence[Inbound]) -> list[Inbound]:
    """The first event and those that belong to the same turn: texts in a row, or files in a row, of one person."""
    kind = events[0].data["kind"]
    if kind not in ("text", "file") or _alone(events[0]):
        return [events[0]]
    return list(takewhile(lambda one: one.data["kind"] == kind and not _alone(one), events))


def _alone(event: Inbound) -> bool:
    """In a group each message is somebody else's; a contact given to a form stands for itself."""
    return bool(event.data.get("group") or event.data.get("alone"))


def retracted(events: Sequence[Inbound]) -> set[str]:
    """The messages among these that their sender took back."""
    return {one.data["message"] for one in events if one.data["kind"] == "unsend"}
