"""Where the tabs of a session listen, and what is going on there just now; all in memory, all of this process."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MOST_MESSAGES = 30
WITHIN_SECONDS = 60


class Listener:
    """One open tab."""

    def __init__(self, typing: list[str]) -> None:
        self._wakeful = asyncio.Event()
        self._news = False
        self._typing = typing

    def wake(self) -> None:
        """There is something new."""
        self._news = True
        self._wakeful.set()

    def type(self, turn: str) -> None:
        """The bot begins to write."""
        self._typing.append(turn)
        self._wakeful.set()

    def typing(self) -> list[str]:
        """The turns that began since the last call."""
        begun, self._typing = self._typing, []
        return begun

    def typed(self) -> bool:
        """Whether a turn began since then."""
        return bool(self._typing)

    async def wait(self, seconds: float) -> bool:
        """Whether there was news within this time.

        Not asyncio.wait_for: in Python 3.10 it swallows a page's leaving that coincides with news.
        """
        timer = asyncio.get_running_loop().call_later(seconds, self._wakeful.set)
        try:
            await self._wakeful.wait()
        finally:
            timer.cancel()
        self._wakeful.clear()
        news, self._news = self._news, False
        return news


@dataclass
class Room:
    """One session."""

    accepting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while something is taken in, so that what comes first counts first."""
    speaking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the turn that is being answered."""
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """Turns taken in and not answered yet."""
    listeners: set[Listener] = field(default_factory=set)
    heard: deque[float] = field(default_factory=deque)
    """When the latest messages came."""

    def wait_seconds(self) -> int:
        """How long until the next message may come; 0 where it may come now."""
        now = time.monotonic()
        while self.heard and self.heard[0] <= now - WITHIN_SECONDS:
            self.heard.popleft()
        return 0 if len(self.heard) < MOST_MESSAGES else int(self.heard[0] + WITHIN_SECONDS - now) + 1

    def count(self) -> None:
        """One more message came."""
        self.heard.append(time.monotonic())

    def empty(self) -> bool:
        """Whether nothing would be lost with this room."""
        self.wait_seconds()
        busy = self.accepting.locked() or self.speaking.locked() or self.running or self.listeners
        return not (busy or self.heard)


class Rooms:
    """The rooms of all sessions."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self.closed = False

    def of(self, session: str) -> Room:
        """The room of a session, opened where it is not yet."""
        return self._rooms.setdefault(session, Room())

    @contextmanager
    def listening(self, session: str) -> Iterator[Listener]:
        """A listener for as long as a tab is open."""
        room = self.of(session)
        listener = Listener(list(room.running) if room.speaking.locked() else [])
        room.listeners.add(listener)
        try:
            yield listener
        finally:
            room.listeners.discard(listener)

    def wake(self, session: str) -> None:
        """Tell the tabs of a session that there is something new."""
        if room := self._rooms.get(session):
            for listener in room.listeners:
                listener.wake()

    def type(self, session: str, turn: str) -> None:
        """Tell the tabs of a session that the bot begins to write."""
        for listener in self.of(session).listeners:
            listener.type(turn)

    def listened(self) -> list[str]:
        """The sessions with an open tab."""
        return [session for session, room in self._rooms.items() if room.listeners]

    def running(self) -> frozenset[tuple[str, str]]:
        """Session and turn of all that is being answered."""
        return frozenset((session, turn) for session, room in self._rooms.items() for turn in room.running)

    def tidy(self) -> None:
        """Let go of the rooms where nobody is."""
        for session in [session for session, room in self._rooms.items() if room.empty()]:
            del self._rooms[session]

    async def close(self, seconds: float) -> None:
        """Let running turns end, then end every open tab's stream: an open one would hold up the server's stop."""
        running = [task for room in self._rooms.values() for task in room.running.values()]
        if running:
            await asyncio.wait(running, timeout=seconds)
        self.closed = True
        for session in self._rooms:
            self.wake(session)
