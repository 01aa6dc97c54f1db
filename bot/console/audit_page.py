"""The audit trail, for supervisors."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Visit
from bot.learners.records import TAIPEI
from bot.staff.audit import AuditFilter

PER_PAGE = 100


def add_audit(pages: Pages, house: House) -> None:
    """Add the page."""

    @pages.get("/audit", right="audit")
    async def audit(visit: Visit) -> HTTPResponse:
        given = {name: visit.query(name)[:80] for name in ("login", "action", "subject", "from", "to")}
        since, before = _day(given["from"]), _day(given["to"])
        wanted = AuditFilter(
            login=given["login"],
            action=given["action"],
            subject=given["subject"],
            since=since,
            before=None if before is None else before + datetime.timedelta(days=1),
        )
        text = visit.query("page")
        page = min(int(text), 10_000) if text.isascii() and text.isdigit() and int(text) else 1
        found = await in_thread(house.audit.find, wanted, PER_PAGE + 1, (page - 1) * PER_PAGE)
        await visit.record("audit_seen", "", {name: value for name, value in given.items() if value})
        everybody = await in_thread(house.accounts.all)
        later = {**{name: value for name, value in given.items() if value}}
        return visit.page(
            "audit.html",
            deeds=found[:PER_PAGE],
            given=given,
            page=page,
            people={one.login: one.name for one in everybody},
            earlier=f"/audit?{urlencode({**later, 'page': page - 1})}" if page > 1 else None,
            later=f"/audit?{urlencode({**later, 'page': page + 1})}" if len(found) > PER_PAGE else None,
        )


def _day(text: str) -> datetime.datetime | None:
    """The midnight that a day begins with; None where it is none."""
    try:
        return datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time(), TAIPEI)
    except ValueError:
        return None
