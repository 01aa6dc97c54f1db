"""Signing in and out."""

from __future__ import annotations

import hmac
import secrets

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.rendering import Templates
from bot.console.safety import Safety
from bot.console.threads import in_line, in_thread
from bot.console.visit import Visit, inside


def add_sign_in(app: Sanic, pages: Pages, house: House, safety: Safety, templates: Templates) -> None:
    """Add the page, its form, and signing out."""

    def page(status: int, back: str, problem: str = "", wait: int = 0, login: str = "", said: str = "") -> HTTPResponse:
        ticket = secrets.token_urlsafe(24)
        known = {"me": None, "csrf": "", "path": "/sign-in", "said": said}
        shown = {"ticket": ticket, "back": back, "problem": problem, "minutes": -(-wait // 60), "login": login}
        body = templates.render("sign_in.html", **known, **shown, demo=house.settings.demo)
        answer = response.html(body, status=status)
        safety.give_cookie(answer, safety.form_cookie, ticket)
        if wait:
            answer.headers["Retry-After"] = str(wait)
        return answer

    @app.get("/sign-in")  # type: ignore[misc]
    async def show(request: Request) -> HTTPResponse:
        try:
            if await _session(request, house, safety):
                return response.redirect("/", status=303)
        except Exception as error:
            return await pages.failed(request, error)
        return page(200, inside(request.args.get("next", "/")), said=request.args.get("said", ""))

    @app.post("/sign-in")  # type: ignore[misc]
    async def sign_in(request: Request) -> HTTPResponse:
        try:
            return await _try(request)
        except Exception as error:
            return await pages.failed(request, error)

    async def _try(request: Request) -> HTTPResponse:
        form = request.form or {}
        back, login = inside(str(form.get("next", "/"))), str(form.get("login", "")).strip().lower()
        if not safety.own_page(request) or not _same_ticket(request, str(form.get("ticket", "")), safety):
            # A page that was open for days, or cookies are off: the form is simply shown again.
            return page(400, back, "stale", login=login)
        address = safety.address(request)
        wait = await in_thread(house.attempts.begin, login, address)
        if wait is not None:
            await in_thread(house.audit.record, "", "sign_in_limited", "", {}, address)
            return page(429, back, "limited", wait, login)
        staff = await in_line(house.accounts.proved, login, str(form.get("password", "")))
        if staff is None:
            # The login as typed may be a password in the wrong field: the trail does not repeat it.
            await in_thread(house.audit.record, "", "sign_in_failed", "", {}, address)
            return page(401, back, "wrong", login=login)
        await in_thread(house.attempts.succeeded, login)
        old = request.cookies.get(safety.session_cookie)
        if old:
            await in_thread(house.sessions.end, old)
        token = await in_thread(house.sessions.begin, staff.login)
        await in_thread(house.audit.record, staff.login, "signed_in", "", {}, address)
        answer = response.redirect(back, status=303)
        safety.give_cookie(answer, safety.session_cookie, token)
        return answer

    @pages.post("/sign-out", right=None)
    async def sign_out(visit: Visit) -> HTTPResponse:
        await in_thread(house.sessions.end, visit.request.cookies[safety.session_cookie])
        await visit.record("signed_out")
        answer = response.redirect("/sign-in", status=303)
        safety.take_cookie(answer, safety.session_cookie)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    @app.get("/health")  # type: ignore[misc]
    async def health(request: Request) -> HTTPResponse:
        return response.text("ok")

    @app.exception(Exception)  # type: ignore[misc]
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        await pages.recognise(request)
        return await pages.failed(request, error)

    @pages.get("/", right=None)
    async def start(visit: Visit) -> HTTPResponse:
        return visit.see_other(next(iter(pages.places_of(visit.staff)), "/account"))


async def _session(request: Request, house: House, safety: Safety) -> bool:
    token = request.cookies.get(safety.session_cookie)
    return bool(token) and await in_thread(house.sessions.of, str(token), False) is not None


def _same_ticket(request: Request, given: str, safety: Safety) -> bool:
    """Whether the form is the one that this browser was given."""
    kept = request.cookies.get(safety.form_cookie) or ""
    return bool(kept) and hmac.compare_digest(kept.encode(), given.encode())
