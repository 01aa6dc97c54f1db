"""The page where a person proves to be a learner before LINE links the accounts: a demo one, or the way back from the
platform's."""

from __future__ import annotations

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.line_link import LINK_TOKEN, AccountLink
from bot.channels.sign_in_page import HEADERS, demo_people, form_of, page
from bot.channels.web_requests import answered
from bot.learners.token import TokenCheck
from bot.settings import Settings


def add_sign_in(routes: Blueprint, settings: Settings, link: AccountLink, tokens: TokenCheck) -> None:
    """Add the routes: GET shows the page, POST takes a learner's token, or in demo mode the choice of a learner.

    The token comes in the body of a POST alone: an address stands in logs.
    """

    @routes.route("/sign-in", methods=["GET"])  # type: ignore[misc]
    @answered
    async def show(request: Request) -> HTTPResponse:
        return _page(settings, str(request.args.get("linkToken") or ""))

    @routes.route("/sign-in", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def sign_in(request: Request) -> HTTPResponse:
        form = await form_of(request)
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
    if settings.demo and chosen in demo_people():
        return chosen, ""
    return None, "choice"


def _page(settings: Settings, link_token: str, status: int = 200, problem: str = "") -> HTTPResponse:
    if not LINK_TOKEN.match(link_token):
        status, problem = 400, "link"
    people = demo_people() if settings.demo else {}
    return page("line.html", status, link_token=link_token, demo=settings.demo, problem=problem, people=people)
