"""The pages of an account link: the demo's sign-in, and what the platform's own sign-in comes back to."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.telegram_link import Linking
from bot.channels.web_requests import Refused, body_of
from bot.learners.demo import demo_learners
from bot.learners.token import TokenCheck
from bot.queues.inbox import now_in_taipei
from bot.settings import Settings

LARGEST_FORM = 20_000
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def add_sign_in(routes: Blueprint, linking: Linking, tokens: TokenCheck, settings: Settings) -> None:
    """Add the pages; those of the demo in the demo alone."""
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True)

    def page(step: str, status: int = 200, **values: Any) -> HTTPResponse:
        return response.html(pages.get_template("link.html").render(step=step, **values), status, headers=HEADERS)

    async def close(code: str, learner_id: str | None) -> HTTPResponse:
        if learner_id is None:
            return page("unproven", 403)
        try:
            closing = await linking.proven(code, learner_id)
        except (SQLAlchemyError, OSError):
            return page("away", 503)
        if closing is None:
            return page("expired", 410)
        return page("back", code=closing, address=linking.way_back(closing))

    @routes.route("/linked", methods=["POST"], stream=True)  # type: ignore[misc]
    async def linked(request: Request) -> HTTPResponse:
        """Where the platform's sign-in sends the person's browser, with the learner's token, as a form."""
        form = await _form(request)
        return await close(form.get("code", ""), tokens.learner_id(form.get("token")))

    if not settings.demo:
        return
    people = {one.learner_id: one.display_name for one in demo_learners(now_in_taipei().date())}

    @routes.route("/sign-in", methods=["GET"])  # type: ignore[misc]
    async def show(request: Request) -> HTTPResponse:
        return page("choose", code=request.args.get("code", ""), people=people)

    @routes.route("/sign-in", methods=["POST"], stream=True)  # type: ignore[misc]
    async def sign_in(request: Request) -> HTTPResponse:
        form = await _form(request)
        learner_id = form.get("learner_id", "")
        return await close(form.get("code", ""), learner_id if learner_id in people else None)


async def _form(request: Request) -> dict[str, str]:
    try:
        body = await body_of(request, LARGEST_FORM)
    except Refused:
        return {}
    found = parse_qs(body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in found.items()}
