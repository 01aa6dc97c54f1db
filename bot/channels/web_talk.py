"""The routes of a conversation: session, messages, events, restart, delete."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.session import Sessions
from bot.channels.turn_journal import TURNS
from bot.channels.web_events import stream
from bot.channels.web_requests import Refused, answered, given, in_thread, json_of, session_of
from bot.channels.web_rooms import Room, Rooms
from bot.channels.web_turns import Turns, sender_of
from bot.dialogue.transcript import Transcripts

MOST_ATTACHMENTS = 8
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


def add_talk(routes: Blueprint, sessions: Sessions, store: Transcripts, rooms: Rooms, turns: Turns) -> None:
    """Add the routes."""

    @routes.route("/session", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def session(request: Request) -> HTTPResponse:
        await json_of(request)
        return given({"ticket": sessions.new()[1]}, 201)

    @routes.route("/messages", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def messages(request: Request) -> HTTPResponse:
        session = session_of(request, sessions)
        turn, message, attachments = _message_in(await json_of(request))
        accepted = await turns.accept(session, turn, message, attachments)
        return given({"id": turn, "event": accepted.event}, 202)

    @routes.route("/events", methods=["GET"])  # type: ignore[misc]
    @answered
    async def events(request: Request) -> None:
        await stream(request, store, rooms, session_of(request, sessions))

    @routes.route("/restart", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def restart(request: Request) -> HTTPResponse:
        session = session_of(request, sessions)
        await json_of(request)
        room = rooms.of(session)
        async with room.accepting, room.speaking:
            await forget(request.app, session)
            await in_thread(store.append, session, "restarted", {})
        rooms.wake(session)
        return given({"restarted": True})

    @routes.route("/conversation", methods=["DELETE"])  # type: ignore[misc]
    @answered
    async def delete(request: Request) -> HTTPResponse:
        session = session_of(request, sessions)
        room = rooms.of(session)
        async with room.accepting:
            await _silence(room)
            await forget(request.app, session)
            await TURNS.forget(sender_of(session))
            await in_thread(store.clear, session)
        rooms.wake(session)
        return given({"cleared": True})


def _message_in(body: dict[str, Any]) -> tuple[str, str, list[str]]:
    turn, message, attachments = body.get("id"), body.get("message"), body.get("attachments")
    if not isinstance(turn, str) or not _ID.match(turn):
        raise Refused(400, "id must be 1 to 64 letters, digits, - or _")
    if not isinstance(message, str):
        raise Refused(400, "message must be a string")
    attachments = [] if attachments is None else attachments
    if not isinstance(attachments, list) or not all(isinstance(one, str) and _ID.match(one) for one in attachments):
        raise Refused(400, "attachments must be a list of attachment ids")
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refused(400, f"at most {MOST_ATTACHMENTS} attachments a message")
    return turn, message, attachments


async def _silence(room: Room) -> None:
    """Stop what is being answered: its words would come after the deletion."""
    running = list(room.running.values())
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def forget(app: Sanic, session: str) -> None:
    """Let Rasa forget a conversation; its agent wraps the store that endpoints.yml names."""
    agent = getattr(app.ctx, "agent", None)
    if agent is not None:
        store = agent.tracker_store
        await getattr(store, "_tracker_store", store).forget(sender_of(session))
