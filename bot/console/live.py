"""What happens while a page is open: changes told as events, and who else has the case open."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Callable
from typing import Any

from sanic import response
from sanic.response import HTTPResponse

from bot.console.case_page import case_for, last_event, subject_of
from bot.console.case_search import version
from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Visit
from bot.staff.presence import Presence

LOOK_EVERY = 1.0
BEAT_EVERY = 5
"""Looks: a sign that the connection lives, and that somebody has the case open."""
Look = Callable[[], dict[str, Any]]


class Seat:
    """One open page at a case, for as long as its stream lives."""

    def __init__(self, presence: Presence, subject: str, login: str) -> None:
        self._presence, self._subject, self._login = presence, subject, login
        self._last: datetime.datetime | None = None

    def beat(self) -> None:
        """The page is still open."""
        self._last = self._presence.beat(self._subject, self._login)

    def leave(self) -> None:
        """It is not; whoever has beaten since, another page of theirs or this one hidden, has it open still."""
        if self._last is not None:
            self._presence.leave(self._subject, self._login, self._last)


def add_live(pages: Pages, house: House) -> None:
    """Add the streams and the heartbeat of hidden pages."""

    @pages.get("/cases/live", right="cases", by_itself=True)
    async def queue(visit: Visit) -> None:
        await _stream(visit, lambda: {"version": version(house.engine, visit.staff)})

    @pages.get("/cases/<case_id:int>/live", right="cases", by_itself=True)
    async def case_live(visit: Visit, case_id: int) -> None:
        subject = subject_of(await in_thread(case_for, house, visit.staff, case_id))

        def look() -> dict[str, Any]:
            here = house.presence.others(subject, visit.staff.login)
            return {"version": str(last_event(house.engine, case_id)), "here": here}

        await _stream(visit, look, Seat(house.presence, subject, visit.staff.login))

    @pages.post("/cases/<case_id:int>/here", right="cases", by_itself=True)
    async def here(visit: Visit, case_id: int) -> HTTPResponse:
        subject = subject_of(await in_thread(case_for, house, visit.staff, case_id))
        if visit.field("left") == "1":
            await in_thread(house.presence.leave, subject, visit.staff.login)
        else:
            await in_thread(house.presence.beat, subject, visit.staff.login)
        return response.empty()

    async def _stream(visit: Visit, look: Look, seat: Seat | None = None) -> None:
        out = await visit.request.respond(
            content_type="text/event-stream; charset=utf-8", headers={"X-Accel-Buffering": "no"}
        )
        try:
            await _told(visit, out, look, seat)
        finally:
            if seat is not None:
                await in_thread(seat.leave)


async def _told(visit: Visit, out: Any, look: Look, seat: Seat | None) -> None:
    """Tell every change until the page or the session is gone."""
    last: dict[str, Any] | None = None
    looks = 0
    while not (visit.request.app.ctx.stopping.is_set() or visit.request.transport.is_closing()):
        if looks % BEAT_EVERY == 0:
            if not await in_thread(visit.still_signed_in):
                await out.send(b"event: over\ndata: {}\n\n")
                return
            if seat is not None:
                await _to_its_end(seat.beat)
            await out.send(b": beat\n\n")
        now = await in_thread(look)
        if now != last:
            last = now
            await out.send(f"data: {json.dumps(now, ensure_ascii=False)}\n\n".encode())
        looks += 1
        await asyncio.sleep(LOOK_EVERY)


async def _to_its_end(beat: Callable[[], None]) -> None:
    """Beat, and also where the page goes meanwhile wait for it: it must not come after the leaving."""
    beating = asyncio.ensure_future(in_thread(beat))
    try:
        await asyncio.shield(beating)
    except asyncio.CancelledError:
        await asyncio.wait({beating})
        raise
