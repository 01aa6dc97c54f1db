"""Answers: which must be looked at again, and editing one with a preview for each channel."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.tools import Tools
from bot.console.visit import Refused, Visit
from bot.editing.drafts import Drafts, NotNow
from bot.editing.files import EditError, checked_answer, stamp, tidied
from bot.knowledge.freshness import review_by
from bot.knowledge.models import Answer

SOON = datetime.timedelta(days=30)
_REVIEWED = re.compile(r"^reviewed:.*$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """An answer in the list."""

    answer: Answer
    by: datetime.date
    state: str
    """late, soon or fresh."""
    drafts: int


def add_answers(pages: Pages, house: House, tools: Tools) -> None:
    """Add the list, the editor, and what can be done there."""
    kb_dir = house.settings.kb_dir
    drafts = Drafts(house.engine, house.knowledge, kb_dir, house.clock)

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

    async def editor(visit: Visit, topic: str, status: int = 200, problem: str = "", **kept: Any) -> HTTPResponse:
        knowledge = house.knowledge.get(fresh=True)
        if topic not in knowledge.answers:
            raise Refused(404)
        text = await in_thread(drafts.text_of, topic)
        answer = knowledge.answers[topic]
        given = {"text": text, "note": "", "base": stamp(text), **kept}
        return visit.page(
            "answer.html",
            status,
            answer=answer,
            by=review_by(answer, knowledge),
            today=house.clock().date(),
            given=given,
            problem=problem,
            shown=kept.get("shown", ()),
            waiting=await in_thread(drafts.waiting, topic),
            history=await in_thread(drafts.history, topic),
            people=await _people(house),
            file=answer.path.relative_to(kb_dir.parent).as_posix(),
        )

    @pages.get("/answers/<topic:str>", right="answers")
    async def answer(visit: Visit, topic: str) -> HTTPResponse:
        return await editor(visit, topic)

    @pages.post("/answers/<topic:str>", right="answers")
    async def edit(visit: Visit, topic: str) -> HTTPResponse:
        text, note, base = tidied(visit.field("text")), visit.field("note"), visit.field("base")
        kept: dict[str, Any] = {"text": text, "note": note, "base": base}
        knowledge = house.knowledge.get(fresh=True)
        if topic not in knowledge.answers:
            raise Refused(404)
        try:
            if visit.field("step") == "preview":
                changed = await in_thread(checked_answer, text, topic, kb_dir, knowledge)
                shown = await in_thread(tools.preview, changed, knowledge, house.clock())
                return await editor(visit, topic, shown=shown, **kept)
            draft = await in_thread(drafts.propose, topic, text, visit.staff.login, note, base)
        except EditError as error:
            return await editor(visit, topic, 400, str(error), **kept)
        except NotNow as error:
            return await editor(visit, topic, 409, error.reason, **kept)
        await visit.record("answer_proposed", topic, {"draft": draft})
        return visit.see_other(f"/drafts/{draft}?said=proposed")

    @pages.post("/answers/<topic:str>/reviewed", right="answers")
    async def reviewed(visit: Visit, topic: str) -> HTTPResponse:
        try:
            text = await in_thread(drafts.text_of, topic)
            dated = _REVIEWED.sub(f"reviewed: {house.clock().date()}", text, count=1)
            draft = await in_thread(drafts.propose, topic, dated, visit.staff.login, visit.field("note"))
        except EditError as error:
            return await editor(visit, topic, 400, str(error))
        except NotNow as error:
            if error.reason == "unknown":
                raise Refused(404) from error
            return await editor(visit, topic, 409, error.reason)
        await visit.record("answer_reviewed", topic, {"draft": draft})
        return visit.see_other(f"/drafts/{draft}?said=proposed")

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
