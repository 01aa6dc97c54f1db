"""The events of a session as a stream: first what was missed, then what happens."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

from sanic.request import Request
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.web_requests import PRIVATE, Refused, in_thread
from bot.channels.web_rooms import Listener, Rooms
from bot.dialogue.transcript import BATCH, StoredEvent, Transcripts

logger = logging.getLogger(__name__)

BEAT_SECONDS = 15
HEADERS = {**PRIVATE, "X-Accel-Buffering": "no"}
"""A proxy that buffers would hold replies back."""
_NUMBER = re.compile(r"[0-9]{1,9}\Z")


def seen_by(request: Request) -> int:
    """The newest event that the page knows."""
    after = request.headers.get("last-event-id") or request.args.get("after") or "0"
    if not _NUMBER.match(after):
        raise Refused(400, "after must be the number of an event")
    return int(after)


async def stream(request: Request, store: Transcripts, rooms: Rooms, session: str) -> None:
    """Send the events behind the newest known one for as long as the page listens.

    Every event is read from the store, by number: none is lost or doubled, whatever is going on meanwhile.
    """
    after = seen_by(request)
    with rooms.listening(session) as listener:
        events = await in_thread(store.events, session, after)
        out = await request.respond(content_type="text/event-stream; charset=utf-8", headers=HEADERS)
        await out.send(b": hello\n\n")
        try:
            await _tell(out, store, session, events, after, listener, rooms)
        except (SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
            # The page asks again, and is then told in a sentence.
            logger.error("the store of the chat page does not work: %s", error)


async def _tell(
    out: Any,
    store: Transcripts,
    session: str,
    events: list[StoredEvent],
    after: int,
    listener: Listener,
    rooms: Rooms,
) -> None:
    over: set[str] = set()
    live = False
    while not rooms.closed:
        for event in events:
            await out.send(_line(event.kind, event.data, event.number))
            after = event.number
            if event.kind == "done":
                over.add(event.data["turn"])
        if len(events) < BATCH:
            if not live:
                # What the store held is told: from here on it is news.
                await out.send(b": live\n\n")
                live = True
            for turn in listener.typing():
                if turn not in over:
                    await out.send(_line("typing", {"turn": turn}))
            over.clear()
            events = []
            if not await listener.wait(BEAT_SECONDS):
                if not listener.typed():
                    await out.send(b": beat\n\n")
                continue
        events = await in_thread(store.events, session, after)


def _line(kind: str, data: dict[str, Any], number: int | None = None) -> bytes:
    head = f"event: {kind}\n" if number is None else f"id: {number}\nevent: {kind}\n"
    return f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")
