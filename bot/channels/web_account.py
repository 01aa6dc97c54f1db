"""The routes about the person: sign in, sign out, and what they think of a reply."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.front_door import FrontDoor
from bot.channels.session import Sessions
from bot.channels.web_requests import Refused, answered, given, in_thread, json_of, session_of
from bot.channels.web_rooms import Rooms
from bot.dialogue.transcript import Transcripts, Verdict
from bot.learners.token import TokenCheck

REASONS = ("wrong", "unclear", "incomplete", "other")
LONGEST_COMMENT = 500


def add_account(
    routes: Blueprint, sessions: Sessions, store: Transcripts, rooms: Rooms, tokens: TokenCheck, door: FrontDoor
) -> None:
    """Add the routes."""

    @routes.route("/sign-in", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def sign_in(request: Request) -> HTTPResponse:
        session = session_of(request, sessions)
        proof = tokens.proof((await json_of(request)).get("token"))
        if proof is None:
            raise Refused(400, "the token is not valid or no longer valid")
        await in_thread(store.sign_in, session, *proof)
        rooms.wake(session)
        return given({"signed_in": True})

    @routes.route("/sign-out", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def sign_out(request: Request) -> HTTPResponse:
        session = session_of(request, sessions)
        await json_of(request)
        await in_thread(store.sign_out, session)
        rooms.wake(session)
        return given({"signed_in": False})

    @routes.route("/feedback", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def feedback(request: Request) -> HTTPResponse:
        session = session_of(request, sessions)
        verdict = _verdict_in(await json_of(request), door)
        await in_thread(store.judge, session, verdict)
        rooms.wake(session)
        return given({"event": verdict.event})


def _verdict_in(body: dict[str, Any], door: FrontDoor) -> Verdict:
    event, helpful, reason = body.get("event"), body.get("helpful"), body.get("reason")
    comment = body.get("comment") or ""
    if not isinstance(event, int) or isinstance(event, bool) or not 0 < event < 1_000_000_000:
        raise Refused(400, "event must be the number of an event")
    if not isinstance(helpful, bool):
        raise Refused(400, "helpful must be true or false")
    if reason is not None and reason not in REASONS:
        raise Refused(400, f"reason must be one of {', '.join(REASONS)}")
    if not isinstance(comment, str) or len(comment) > LONGEST_COMMENT:
        raise Refused(400, f"comment must be a string of at most {LONGEST_COMMENT} signs")
    return Verdict(event, helpful, reason, door.admit(comment).text)
