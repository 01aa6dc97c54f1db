"""The queue: which cases there are, filtered, sorted, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sanic.response import HTTPResponse

from bot.cases.records import Case
from bot.console.case_search import AGES, PER_PAGE, SORTS, Wanted, count, search
from bot.console.clocks import Clock, Clocks
from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Visit
from bot.staff.accounts import Staff

CHANNELS = ("web", "line", "telegram", "rest", "socketio", "email")
VIEWS = {
    "unfinished": Wanted(),
    "mine": Wanted(assignee="me"),
    "nobody": Wanted(assignee="nobody"),
    "late": Wanted(state="late"),
}
"""The views at the top, each with its number of cases."""


@dataclass(frozen=True)
class Line:
    """A case in the list."""

    case: Case
    clock: Clock
    assignee: str
    """The name, or the login of whoever is gone."""


def add_queue(pages: Pages, house: House) -> None:
    """Add the page."""

    @pages.get("/cases", right="cases")
    async def queue(visit: Visit) -> HTTPResponse:
        wanted = Wanted.of({name: visit.query(name) for name in visit.request.args})
        return visit.page("queue.html", **await in_thread(_shown, house, visit.staff, wanted))


def _shown(house: House, me: Staff, wanted: Wanted) -> dict[str, Any]:
    knowledge = house.knowledge.get()
    clocks = Clocks(knowledge, house.help_desk.get(knowledge).desk, house.clock())
    cases, total = search(house.engine, me, wanted, clocks)
    everybody = house.accounts.all()
    names = {one.login: one.name for one in everybody}
    views = []
    for name, view in VIEWS.items():
        mine = replace(view, assignee=me.login) if view.assignee == "me" else view
        same = (mine.state, mine.assignee) == (wanted.state, wanted.assignee)
        number = count(house.engine, me, mine, clocks)
        views.append({"name": name, "href": address(mine), "here": same, "count": number})
    pages = max(1, -(-total // PER_PAGE))
    page = min(wanted.page, pages)
    return {
        "lines": [Line(one, clocks.of(one), names.get(one.assignee or "", one.assignee or "")) for one in cases],
        "total": total,
        "wanted": wanted,
        "page": page,
        "pages": pages,
        "earlier": address(replace(wanted, page=page - 1)) if page > 1 else None,
        "later": address(replace(wanted, page=page + 1)) if page < pages else None,
        "views": views,
        "filtered": replace(wanted, page=1, sort="urgent") not in (one for one in _views_of(me)),
        "desks": {one.id: one.aka for one in knowledge.desks.values() if me.sees_desk(one.id)},
        "topics": {one.id: one.title for one in knowledge.topics.values()},
        "channels": CHANNELS,
        "people": [one for one in everybody if one.may("cases")],
        "ages": AGES,
        "sorts": list(SORTS),
    }


def _views_of(me: Staff) -> list[Wanted]:
    return [replace(view, assignee=me.login) if view.assignee == "me" else view for view in VIEWS.values()]


def address(wanted: Wanted) -> str:
    """Where the queue shows this; what is as usual is left out."""
    usual = Wanted()
    given = {name: value for name, value in vars(wanted).items() if value != getattr(usual, name)}
    return f"/cases?{urlencode(given)}" if given else "/cases"
