"""The only way to add a route to the console: each names the right that it needs, and is guarded by it."""

from __future__ import annotations

import asyncio
import functools
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.console.house import House
from bot.console.rendering import Templates
from bot.console.safety import Safety
from bot.console.threads import in_thread
from bot.console.visit import Refused, Visit
from bot.staff.accounts import Staff
from bot.staff.roles import Right

logger = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[HTTPResponse | None]]
Decorator = Callable[[Handler], Handler]
NOT_FOUND = (404, 405)
NAVIGATION = ("/cases", "/learning", "/answers", "/notices", "/figures", "/audit", "/staff")
"""What stands at the top of every page where it is there and one's to see; base.html has the words."""


@dataclass(frozen=True)
class Route:
    """A route and the right that it needs; None is whoever is signed in."""

    method: str
    path: str
    right: Right | None


class Pages:
    """Adds guarded routes to the app."""

    def __init__(self, app: Sanic, house: House, safety: Safety, templates: Templates) -> None:
        self._app = app
        self._house = house
        self._safety = safety
        self._templates = templates
        self.routes: list[Route] = []
        templates.know(places_of=self.places_of)

    def places_of(self, staff: Staff) -> list[str]:
        """The entries of the navigation that somebody may open, in its order."""
        rights = {one.path: one.right for one in self.routes if one.method == "GET"}
        return [one for one in NAVIGATION if one in rights and staff.may(rights[one] or "cases")]

    async def recognise(self, request: Request) -> None:
        """Who asked for what no page answers: the page that says so is theirs, too."""
        try:
            await self._visit(request, used=False)
        except Exception as error:
            logger.error("nobody can be recognised: %s", type(error).__name__)

    def get(self, path: str, right: Right | None, by_itself: bool = False) -> Decorator:
        """A page to read; `by_itself` where pages ask for it on their own, which keeps nobody signed in."""
        return functools.partial(self._add, "GET", path, right, not by_itself)

    def post(self, path: str, right: Right | None, by_itself: bool = False) -> Decorator:
        """A form or call that changes something; it must carry the session's CSRF token."""
        return functools.partial(self._add, "POST", path, right, not by_itself)

    def _add(self, method: str, path: str, right: Right | None, used: bool, handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def guarded(request: Request, **parts: Any) -> HTTPResponse | None:
            try:
                visit = await self._visit(request, used)
                if visit is None:
                    return self._to_sign_in(request)
                if method == "POST":
                    self._check_origin(request, visit)
                if right is not None and not visit.may(right):
                    raise Refused(403)
                return await handler(visit, **parts)
            except Exception as error:
                return await self.failed(request, error)

        self.routes.append(Route(method, path, right))
        # Sanic wants a name for each route, and several handlers may be called the same.
        name = f"{method}_{path}".replace("/", "_").replace("<", "").replace(">", "").replace(":", "_")
        self._app.add_route(guarded, path, methods=[method], name=name)
        return handler

    async def _visit(self, request: Request, used: bool) -> Visit | None:
        token = request.cookies.get(self._safety.session_cookie) or ""
        used = used and request.headers.get("x-by-itself") != "1"
        session = await in_thread(self._house.sessions.of, token, used) if token else None
        if session is None:
            return None
        request.ctx.session = session
        address = self._safety.address(request)
        known = (self._house, self._templates, session.staff, session.csrf, address, token)
        return Visit(request, *known, by_itself=not used)

    def _check_origin(self, request: Request, visit: Visit) -> None:
        given = request.headers.get("x-csrf") or visit.field("csrf")
        if not self._safety.own_page(request) or not hmac.compare_digest(given.encode(), visit.csrf.encode()):
            raise Refused(403, "csrf")

    def _to_sign_in(self, request: Request) -> HTTPResponse:
        wanted = request.headers.get("accept", "*/*")
        if request.method != "GET" or not any(kind in wanted for kind in ("text/html", "*/*")):
            return response.text("sign in first", status=401)
        place = f"{request.path}?{request.query_string}" if request.query_string else request.path
        back = f"?{urlencode({'next': place})}" if place != "/" else ""
        return response.redirect(f"/sign-in{back}", status=303)

    async def failed(self, request: Request, error: Exception) -> HTTPResponse:
        """The page of an error; the trail tells of what somebody was not allowed."""
        status, reason = _status_of(error)
        session = getattr(request.ctx, "session", None)
        if status == 403 and session is not None:
            deed = {"method": request.method, "why": reason or "right"}
            address = self._safety.address(request)
            await in_thread(self._house.audit.record, session.staff.login, "denied", request.path, deed, address)
        if "text/html" not in request.headers.get("accept", "text/html"):
            return response.text(f"{status} {reason}", status=status)
        known = {"me": session.staff, "csrf": session.csrf} if session else {"me": None, "csrf": ""}
        page = self._templates.render("error.html", status=status, reason=reason, path=request.path, said="", **known)
        return response.html(page, status=status)


def _status_of(error: Exception) -> tuple[int, str]:
    if isinstance(error, Refused):
        return error.status, error.reason
    if isinstance(error, SanicException):
        return (404, "") if error.status_code in NOT_FOUND else (error.status_code or 500, "")
    if isinstance(error, (SQLAlchemyError, OSError, asyncio.TimeoutError)):
        logger.error("the console cannot reach what it needs: %s", type(error).__name__)
        return 503, ""
    logger.error("a page of the console failed", exc_info=error)
    return 500, ""
