"""Taking messages in exactly once, and answering each of them, one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.front_door import FILE_ALONE, LONGEST_MESSAGE, Admitted, FrontDoor
from bot.channels.turn import OnNewMessage, take_turn
from bot.channels.web_bubbles import events
from bot.channels.web_requests import Refused, in_thread
from bot.channels.web_rooms import Rooms
from bot.dialogue.transcript import Accepted, Said, Transcripts

logger = logging.getLogger(__name__)

RETRY_SECONDS = (0.5, 2, 8)
"""Waits between the attempts to keep a reply where the database is away."""
"""The phrase that answers a file without words."""
SHOWN = 200
"""Signs that the history shows of a message that was too long to answer."""


class Turns:
    """The messages of all sessions."""

    def __init__(self, store: Transcripts, rooms: Rooms, door: FrontDoor, on_new_message: OnNewMessage) -> None:
        self._store = store
        self._rooms = rooms
        self._door = door
        self._on_new_message = on_new_message

    async def accept(self, session: str, turn: str, message: str, attachments: Sequence[str]) -> Accepted:
        """Keep a message and begin to answer it; both also happen where whoever sent it is gone meanwhile."""
        return await asyncio.shield(asyncio.ensure_future(self._accept(session, turn, message, attachments)))

    async def _accept(self, session: str, turn: str, message: str, attachments: Sequence[str]) -> Accepted:
        room = self._rooms.of(session)
        admitted = self._door.admit(message, sender_id=sender_of(session))
        if attachments and admitted.refusal == "ask_empty":
            admitted = replace(admitted, refusal=FILE_ALONE)
        async with room.accepting:
            seconds = room.wait_seconds()
            if seconds:
                raise Refused(429, f"too many messages; wait {seconds} seconds", retry_after=seconds)
            text = self._shown(admitted, message)
            # What was being answered when it came again may be done once the store says that it was not.
            answering = turn in room.running
            accepted = await in_thread(self._store.accept, session, turn, text, attachments)
            if accepted.new:
                room.count()
            if accepted.unanswered and not answering:
                if accepted.learner_id:
                    admitted = replace(admitted, metadata={"learner_id": accepted.learner_id})
                room.running[turn] = asyncio.ensure_future(self._answer(session, turn, admitted))
        self._rooms.wake(session)
        return accepted

    def _shown(self, admitted: Admitted, message: str) -> str:
        if admitted.text or admitted.refusal != "ask_shorter":
            return self._door.shown(admitted.text)
        return self._door.admit(message[:LONGEST_MESSAGE]).text[:SHOWN] + "…"

    async def _answer(self, session: str, turn: str, admitted: Admitted) -> None:
        room = self._rooms.of(session)
        try:
            async with room.speaking:
                self._rooms.type(session, turn)
                said = await take_turn(admitted, sender_of(session), "web", self._door, self._on_new_message)
                await self._finish(session, turn, events(said, self._door.desk_name))
        except Exception:
            # The message stays unanswered in the store, whose upkeep will apologise for it.
            logger.exception("a reply of the chat page could not be kept")
        finally:
            room.running.pop(turn, None)
            self._rooms.wake(session)

    async def _finish(self, session: str, turn: str, said: list[Said]) -> None:
        for seconds in RETRY_SECONDS:
            try:
                await in_thread(self._store.finish, session, turn, said)
                return
            except (SQLAlchemyError, OSError, asyncio.TimeoutError):
                await asyncio.sleep(seconds)
        await in_thread(self._store.finish, session, turn, said)


def sender_of(session: str) -> str:
    """The name of a session's conversation in Rasa."""
    return f"web-{session}"
