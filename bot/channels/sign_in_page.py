"""Where people of every platform prove to be learners: what the pages of an account link share."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from jinja2 import Environment, FileSystemLoader
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web_requests import Refused, body_of
from bot.learners.clock import now_in_taipei
from bot.learners.demo import demo_learners
from bot.settings import Settings

LARGEST_FORM = 20_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
        # LINE's own dialog is where its form is sent on to.
        "form-action 'self' https://access.line.me"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True)


def possible(settings: Settings) -> bool:
    """Whether there is a sign-in that a phone can open, and a way back from it."""
    return bool(settings.public_url and (settings.demo or settings.sign_in_url))


def at_the_platform(sign_in_url: str, **query: str) -> str:
    """The address of the platform's own sign-in, with what it is told."""
    return f"{sign_in_url}{'&' if '?' in sign_in_url else '?'}{urlencode(query)}"


def page(name: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A page of the folder pages/."""
    return response.html(_PAGES.get_template(name).render(values), status, headers=HEADERS)


def demo_people() -> dict[str, str]:
    """The made-up learners whom anybody may be in the demo: id and name."""
    return {one.learner_id: one.display_name for one in demo_learners(now_in_taipei().date())}


async def form_of(request: Request) -> dict[str, str]:
    """The fields of the form that a streamed request carries; raises Refused where it is none."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(415, "send a form")
    text = (await body_of(request, LARGEST_FORM)).decode("utf-8", "replace")
    try:
        return {name: values[-1] for name, values in parse_qs(text, max_num_fields=10).items()}
    except ValueError as error:
        raise Refused(400, "the form holds too many fields") from error
