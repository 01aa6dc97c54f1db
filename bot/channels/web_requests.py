"""Reading what the page sends and answering it: JSON both ways, and every failure is a sentence."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.session import Sessions
from bot.dialogue.transcript import NoRoom, NotTheirs
from bot.learners.threads import Threads

logger = logging.getLogger(__name__)

LARGEST_JSON = 200_000
"""Bytes; the longest message has 2,000 signs."""
DATABASE_SECONDS = 10
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
in_thread = Threads(8, "web", DATABASE_SECONDS).do
"""Does database work beside the event loop; raises asyncio.TimeoutError where the database does not answer."""
_BEARER = re.compile(r"(?i:bearer) (\S+)\Z")

Handler = Callable[..., Awaitable[HTTPResponse | None]]


class Refused(Exception):
    """A request that cannot be done: its status and why."""

    def __init__(self, status: int, error: str, retry_after: int | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.body: dict[str, Any] = {"error": error}
        self.headers = dict(PRIVATE)
        if retry_after is not None:
            self.body["retry_after"] = retry_after
            self.headers["Retry-After"] = str(retry_after)


def answered(handler: Handler) -> Handler:
    """The handler, its failures told as JSON."""

    @functools.wraps(handler)
    async def safe(request: Request, **parts: str) -> HTTPResponse | None:
        try:
            return await handler(request, **parts)
        except Refused as refused:
            return response.json(refused.body, refused.status, headers=refused.headers)
        except NotTheirs:
            return told("there is no such thing in this conversation", 404)
        except NoRoom:
            return told("there are too many files already; send the message first", 409)
        except SanicException as error:
            return told(str(error), error.status_code)
        except (SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
            logger.error("the store of the chat page does not work: %s", error)
            away = Refused(503, "the service is away for a moment; please try again", retry_after=5)
            return response.json(away.body, away.status, headers=away.headers)
        except Exception:
            logger.exception("a request of the chat page failed")
            return told("this did not work; please try again", 500)

    return safe


def told(error: str, status: int) -> HTTPResponse:
    """An error as JSON."""
    return response.json({"error": error}, status, headers=PRIVATE)


def given(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    """An answer as JSON that nobody keeps."""
    return response.json(body, status, headers=PRIVATE, ensure_ascii=False)


def session_of(request: Request, sessions: Sessions) -> str:
    """The session of the ticket that the request carries; refuses where there is none of ours."""
    bearer = _BEARER.match(request.headers.get("authorization", ""))
    session = sessions.session_of(bearer.group(1)) if bearer else None
    if session is None:
        raise Refused(401, "a valid ticket is needed: POST session gives one")
    return session


async def body_of(request: Request, limit: int) -> bytes:
    """The body of a streamed request, refused once it is too large."""
    too_large = Refused(413, f"at most {limit} bytes")
    declared = request.headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared[:18]) > limit:
        raise too_large
    body = bytearray()
    async for part in request.stream:
        body += part
        if len(body) > limit:
            raise too_large
    return bytes(body)


async def json_of(request: Request) -> dict[str, Any]:
    """The JSON object that the request carries."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        # A form of another site cannot send this type without asking first.
        raise Refused(415, "send application/json")
    try:
        body = json.loads((await body_of(request, LARGEST_JSON)).decode("utf-8"))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "the body must be a JSON object in UTF-8")
    return body
