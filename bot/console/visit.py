"""One request of somebody who is signed in, as the pages see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.rendering import Templates
from bot.console.threads import in_thread
from bot.staff.accounts import Staff
from bot.staff.roles import Right


class Refused(Exception):
    """Raised where a request cannot be done; error.html has the words of each status, and those of some reasons."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(f"{status} {reason}".strip())
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Visit:
    """Who asks, for what, and how to answer."""

    request: Request
    house: House
    templates: Templates
    staff: Staff
    csrf: str
    address: str
    token: str
    by_itself: bool = False
    """Whether a page asked on its own, without anybody's hand."""

    def still_signed_in(self) -> bool:
        """Whether the session still holds and the person is still who they were."""
        session = self.house.sessions.of(self.token, used=False)
        return session is not None and session.staff == self.staff

    def may(self, right: Right) -> bool:
        """Whether the person has the right."""
        return self.staff.may(right)

    def query(self, name: str, default: str = "") -> str:
        """A parameter of the address, trimmed."""
        return clean(self.request.args.get(name, default))

    def queries(self, name: str) -> list[str]:
        """Every value of a parameter that may stand several times."""
        return [clean(one) for one in self.request.args.getlist(name, [])]

    def field(self, name: str, default: str = "") -> str:
        """A field of the form, its line ends as everywhere else, trimmed at its ends."""
        return clean((self.request.form or {}).get(name, default))

    def fields(self, name: str) -> list[str]:
        """Every value of a field that may stand several times."""
        form = self.request.form
        return [clean(one) for one in form.getlist(name, [])] if form else []

    def page(self, template: str, status: int = 200, /, **values: Any) -> HTTPResponse:
        """A page from a template; it knows `me`, `csrf`, `path`, `said` besides the values."""
        known = {"me": self.staff, "csrf": self.csrf, "path": self.request.path, "said": self.query("said")}
        return response.html(self.templates.render(template, **{**known, **values}), status=status)

    def see_other(self, path: str) -> HTTPResponse:
        """To another page of the console, after a form."""
        return response.redirect(inside(path), status=303)

    async def record(self, action: str, subject: str = "", data: Mapping[str, Any] | None = None) -> None:
        """An entry in the audit trail."""
        await in_thread(self.house.audit.record, self.staff.login, action, subject, data, self.address)


def clean(given: object) -> str:
    """A text as it may be kept: one sort of line end, nothing invisible that a database refuses, trimmed."""
    text = str(given).replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").strip()


def inside(path: str) -> str:
    """The path where it is one of the console's own, else the start: nobody is sent to another site."""
    parts = urlsplit(path)
    own = not parts.scheme and not parts.netloc and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if own and "\\" not in path and path.isprintable() else "/"
