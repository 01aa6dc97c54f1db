"""Every turn is kept in the journal; whatever goes wrong with that, the person gets the answer."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.front_door import Admitted, FrontDoor
from bot.journal.journal import Journal
from bot.journal.turns import turn_of

logger = logging.getLogger(__name__)
PATIENCE = 2.0
"""Seconds that an answer waits for the journal at most."""
MOST_WAITING = 8
"""Turns that a stuck journal holds; further ones are not kept rather than piled up."""
TakeTurn = Callable[..., Awaitable[list[dict[str, Any]]]]


class TurnJournal:
    """Where the turns of this process are kept; nowhere until a journal is given."""

    def __init__(self) -> None:
        self._journal: Journal | None = None
        self._counts: Counter[tuple[str, str]] = Counter()
        self._waiting: set[asyncio.Future[Any]] = set()

    def keep_in(self, journal: Journal | None) -> None:
        """From now on keep turns there."""
        self._journal = journal

    async def note(
        self, admitted: Admitted, sender_id: str, channel: str, door: FrontDoor, said: list[dict[str, Any]]
    ) -> None:
        """Keep a turn; raises nothing."""
        journal = self._journal
        if journal is None:
            return
        try:
            refused = admitted.refusal is not None
            hashed, now = journal.conversation(sender_id), journal.now()
            turn = turn_of(said, now, channel, hashed, door.shown(admitted.text), refused, door.phrase("apology"))
            self._counts[channel, turn.outcome] += 1
            await self._in_thread(lambda: journal.write(turn))
        except Exception as error:
            logger.error("a turn could not be kept in the journal: %s", type(error).__name__)

    def counted(self) -> list[tuple[tuple[str, str], int]]:
        """How many turns there were since the process began, by channel and outcome."""
        return sorted(self._counts.items())

    async def forget(self, sender_id: str) -> None:
        """Forget the words of a conversation; raises where that fails, for a person asked for it."""
        if self._journal is not None:
            await asyncio.to_thread(self._journal.forget, sender_id)

    async def _in_thread(self, write: Callable[[], object]) -> None:
        if len(self._waiting) >= MOST_WAITING:
            raise TimeoutError
        task = asyncio.ensure_future(asyncio.to_thread(write))
        self._waiting.add(task)
        task.add_done_callback(self._done)
        await asyncio.wait({task}, timeout=PATIENCE)

    def _done(self, task: asyncio.Future[Any]) -> None:
        self._waiting.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("a turn could not be kept in the journal: %s", type(task.exception()).__name__)


TURNS = TurnJournal()
"""Of this process; the server says where the journal is (bot.commands.rasa_server)."""


def kept_in_the_journal(take_turn: TakeTurn) -> TakeTurn:
    """A turn that is noted once it is over."""

    @functools.wraps(take_turn)
    async def noted(
        admitted: Admitted, sender_id: str, channel: str, door: FrontDoor, *further: Any
    ) -> list[dict[str, Any]]:
        said = await take_turn(admitted, sender_id, channel, door, *further)
        await TURNS.note(admitted, sender_id, channel, door, said)
        return said

    return noted
