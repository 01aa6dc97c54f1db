"""The page where a person proves to be a learner before LINE links the accounts: a demo one, or the way back from the
platform's."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, select_autoescape
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.line_link import LINK_TOKEN, AccountLink
from bot.channels.web_requests import Refused, answered, body_of
from bot.learners.demo import demo_learners
from bot.learners.records import TAIPEI
from bot.learners.token import TokenCheck
from bot.settings import Settings

LARGEST_FORM = 20_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self' https://access.line.me"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE = Environment(autoescape=select_autoescape(default=True)).from_string(
    (Path(__file__).parent / "line_sign_in.html").read_text(encoding="utf-8")
)


def add_sign_in(routes: Blueprint, settings: Settings, link: AccountLink, tokens: TokenCheck) -> None:
    """Add the routes: GET shows the page, POST takes a learner's token, or in demo mode the choice of a learner.

    The token comes in the body of a POST alone: an address stands in logs.
    """

    @routes.route("/sign-in", methods=["GET"])  # type: ignore[misc]
    @answered
    async def page(request: Request) -> HTTPResponse:
        return _page(settings, str(request.args.get("linkToken") or ""))

    @routes.route("/sign-in", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def sign_in(request: Request) -> HTTPResponse:
        form = await _form(request)
        link_token = form.get("linkToken") or str(request.args.get("linkToken") or "")
        if not LINK_TOKEN.match(link_token):
            return _page(settings, "", 400)
        learner_id, problem = _learner(form, settings, tokens)
        if learner_id is None:
            return _page(settings, link_token, 400, problem)
        return response.redirect(await link.dialog(link_token, learner_id), headers=HEADERS, status=303)


def _learner(form: dict[str, str], settings: Settings, tokens: TokenCheck) -> tuple[str | None, str]:
    """The learner who is proven or, in demo mode, chosen; else what is wrong."""
    token = form.get("token", "").strip()
    if token:
        return tokens.learner_id(token), "token"
    chosen = form.get("learner", "")
    if settings.demo and chosen in (one.learner_id for one in _demo_learners()):
        return chosen, ""
    return None, "choice"


def _page(settings: Settings, link_token: str, status: int = 200, problem: str = "") -> HTTPResponse:
    if not LINK_TOKEN.match(link_token):
        status, problem = 400, "link"
    known: dict[str, Any] = {"link_token": link_token, "demo": settings.demo, "problem": problem}
    text = _PAGE.render(**known, learners=_demo_learners() if settings.demo else [])
    return response.html(text, status=status, headers=HEADERS)


def _demo_learners() -> list[Any]:
    return list(demo_learners(datetime.datetime.now(TAIPEI).date()))


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(415, "send a form")
    text = (await body_of(request, LARGEST_FORM)).decode("utf-8", "replace")
    try:
        return {name: values[-1] for name, values in parse_qs(text, max_num_fields=10).items()}
    except ValueError as error:
        raise Refused(400, "the form holds too many fields") from error
