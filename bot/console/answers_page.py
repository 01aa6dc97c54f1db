"""Answers: which must be looked at again, and bringing back what stood before an edit."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Refused, Visit
from bot.editing.drafts import Drafts, NotNow
from bot.editing.files import EditError
from bot.knowledge.freshness import review_by
from bot.knowledge.models import Answer

SOON = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """An answer in the list."""

    answer: Answer
    by: datetime.date
    state: str
    """late, soon or fresh."""
    drafts: int


def add_answers(pages: Pages, house: House) -> None:
    """Add the list, and the way back to what stood before an edit."""
    drafts = Drafts(house.engine, house.knowledge, house.settings.kb_dir, house.clock)

    @pages.get("/answers", right="answers")
    async def answers(visit: Visit) -> HTTPResponse:
        knowledge, today = house.knowledge.get(fresh=True), house.clock().date()
        waiting = await in_thread(drafts.waiting)
        counts: dict[str, int] = {}
        for draft in waiting:
            counts[draft.topic] = counts.get(draft.topic, 0) + 1
        words = visit.query("q")[:80].casefold()
        found = []
        for answer in knowledge.answers.values():
            by = review_by(answer, knowledge)
            state = "late" if by < today else "soon" if by < today + SOON else "fresh"
            found.append(Row(answer, by, state, counts.get(answer.topic, 0)))
        shown = [
            row
            for row in sorted(found, key=lambda row: (row.by, row.answer.topic))
            if words in f"{row.answer.title} {row.answer.topic} {row.answer.short}".casefold()
            and visit.query("state") in ("", row.state)
        ]
        return visit.page(
            "answers.html",
            rows=shown,
            q=visit.query("q")[:80],
            chosen=visit.query("state"),
            counts={state: sum(row.state == state for row in found) for state in ("late", "soon")},
            waiting=waiting,
            titles={topic.id: topic.title for topic in knowledge.topics.values()},
            people=await _people(house),
        )

    @pages.post("/versions/<version:int>/bring-back", right="answers")
    async def bring_back(visit: Visit, version: int) -> HTTPResponse:
        try:
            draft = await in_thread(drafts.bring_back, version, visit.staff.login)
        except EditError as error:
            raise Refused(400, "edit") from error
        except NotNow as error:
            raise Refused(404 if error.reason == "unknown" else 409, error.reason) from error
        await visit.record("answer_brought_back", str(version), {"draft": draft})
        return visit.see_other(f"/drafts/{draft}?said=proposed")


async def _people(house: House) -> dict[str, str]:
    return {one.login: one.name for one in await in_thread(house.accounts.all)}
