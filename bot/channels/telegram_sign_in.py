"""The pages of an account link: the demo's sign-in, and what the platform's own sign-in comes back to."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.sign_in_page import demo_people, form_of, page
from bot.channels.telegram_link import Linking
from bot.channels.web_requests import Refused
from bot.learners.token import TokenCheck
from bot.settings import Settings

PAGE = "telegram.html"


def add_sign_in(routes: Blueprint, linking: Linking, tokens: TokenCheck, settings: Settings) -> None:
    """Add the pages; those of the demo in the demo alone."""

    async def close(code: str, learner_id: str | None) -> HTTPResponse:
        if learner_id is None:
            return page(PAGE, 403, step="unproven")
        try:
            closing = await linking.proven(code, learner_id)
        except (SQLAlchemyError, OSError):
            return page(PAGE, 503, step="away")
        if closing is None:
            return page(PAGE, 410, step="expired")
        return page(PAGE, step="back", code=closing, address=linking.way_back(closing))

    @routes.route("/linked", methods=["POST"], stream=True)  # type: ignore[misc]
    async def linked(request: Request) -> HTTPResponse:
        """Where the platform's sign-in sends the person's browser, with the learner's token, as a form."""
        form = await _form(request)
        return await close(form.get("code", ""), tokens.learner_id(form.get("token")))

    if not settings.demo:
        return
    people = demo_people()

    @routes.route("/sign-in", methods=["GET"])  # type: ignore[misc]
    async def show(request: Request) -> HTTPResponse:
        return page(PAGE, step="choose", code=request.args.get("code", ""), people=people)

    @routes.route("/sign-in", methods=["POST"], stream=True)  # type: ignore[misc]
    async def sign_in(request: Request) -> HTTPResponse:
        form = await _form(request)
        learner_id = form.get("learner_id", "")
        return await close(form.get("code", ""), learner_id if learner_id in people else None)


async def _form(request: Request) -> dict[str, str]:
    """An unreadable form proves nothing: a person gets the page that says so."""
    try:
        return await form_of(request)
    except Refused:
        return {}
