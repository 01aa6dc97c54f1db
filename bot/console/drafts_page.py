"""A proposed edit: what it changes, how each channel shows it, and the second person's decision."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.tools import Shown, Tools
from bot.console.visit import Refused, Visit
from bot.editing.drafts import OPEN, Draft, Drafts, NotNow
from bot.editing.files import EditError, checked_answer, stamp

CONTEXT = 3
"""Unchanged lines around a change."""


def add_drafts(pages: Pages, house: House, tools: Tools) -> None:
    """Add the page and its two steps."""
    kb_dir = house.settings.kb_dir
    drafts = Drafts(house.engine, house.knowledge, kb_dir, house.clock)

    async def read(draft_id: int) -> Draft:
        try:
            return await in_thread(drafts.get, draft_id)
        except NotNow as error:
            raise Refused(404) from error

    @pages.get("/drafts/<draft_id:int>", right="answers")
    async def draft(visit: Visit, draft_id: int) -> HTTPResponse:
        found = await read(draft_id)
        knowledge = house.knowledge.get(fresh=True)
        if found.topic not in knowledge.answers:
            raise Refused(404)
        current = await in_thread(drafts.text_of, found.topic)
        problem = ""
        shown: tuple[Shown, ...] = ()
        try:
            changed = await in_thread(checked_answer, found.text, found.topic, kb_dir, knowledge)
            shown = tuple(await in_thread(tools.preview, changed, knowledge, house.clock()))
        except EditError as error:
            problem = str(error)
        return visit.page(
            "draft.html",
            draft=found,
            title=knowledge.topics[found.topic].title,
            lines=list(changes(current, found.text)),
            stale=found.state == OPEN and stamp(current) != found.base,
            based=stamp(current) == found.base,
            own=found.author == visit.staff.login,
            problem=problem,
            shown=shown,
            people={one.login: one.name for one in await in_thread(house.accounts.all)},
        )

    @pages.post("/drafts/<draft_id:int>/approve", right="answers")
    async def approve(visit: Visit, draft_id: int) -> HTTPResponse:
        found = await read(draft_id)
        try:
            await in_thread(drafts.approve, draft_id, visit.staff.login)
        except NotNow as error:
            raise Refused(403 if error.reason == "own" else 409, error.reason) from error
        except EditError as error:
            raise Refused(409, "edit") from error
        await visit.record("answer_approved", found.topic, {"draft": draft_id, "author": found.author})
        return visit.see_other(f"/answers/{found.topic}?said=approved")

    @pages.post("/drafts/<draft_id:int>/decline", right="answers")
    async def decline(visit: Visit, draft_id: int) -> HTTPResponse:
        found = await read(draft_id)
        try:
            await in_thread(drafts.decline, draft_id, visit.staff.login)
        except NotNow as error:
            raise Refused(409, error.reason) from error
        await visit.record("answer_declined", found.topic, {"draft": draft_id, "author": found.author})
        return visit.see_other(f"/answers/{found.topic}?said=declined")


def changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The lines around what changed: what became of each (added, removed, same, gap) and its text."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=CONTEXT, lineterm="")
    for at, line in enumerate(found):
        if at < 2:
            continue
        if line.startswith("@@"):
            yield "gap", ""
        else:
            yield {"+": "added", "-": "removed"}.get(line[0], "same"), line[1:]
