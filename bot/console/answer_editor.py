"""Editing one answer: a form of fields, its YAML for who knows it, and the preview for each channel."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from sanic.response import HTTPResponse

from bot.console.answer_form import choices, given_fields, placeholders, stepped
from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.tools import Shown, Tools
from bot.console.visit import Refused, Visit
from bot.editing.drafts import Drafts, NotNow
from bot.editing.field_faults import FieldFault, by_field, field_faults
from bot.editing.fields import AnswerFields, NoFields, fields_of, merged, text_with
from bot.editing.files import EditError, checked_answer, stamp, tidied
from bot.knowledge.freshness import review_by
from bot.knowledge.models import Knowledge

NO_FIELDS = "no_fields"
"""The problem of a file that fields cannot show or change."""
_REVIEWED = re.compile(r"^reviewed:[^\r\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """What an editor page shows of an edit under way."""

    fields: AnswerFields | None = None
    """None in the YAML view."""
    text: str = ""
    note: str = ""
    base: str = ""
    """The name of the file's text that it was made from."""
    was: str = ""
    """That text itself, in the form of fields."""
    both: tuple[str, ...] = ()
    """Fields that somebody else has changed meanwhile, too."""
    faults: tuple[FieldFault, ...] = ()
    problem: str = ""
    shown: tuple[Shown, ...] = ()
    focus: str = ""
    """The field or button that the cursor goes to."""


class Editor:
    """The pages of one answer and their steps."""

    def __init__(self, house: House, tools: Tools) -> None:
        self._house = house
        self._tools = tools
        self._kb_dir = house.settings.kb_dir
        self.drafts = Drafts(house.engine, house.knowledge, self._kb_dir, house.clock)

    def known(self, topic: str) -> Knowledge:
        """The knowledge as it stands; raises Refused where the topic has no answer."""
        knowledge = self._house.knowledge.get(fresh=True)
        if topic not in knowledge.answers:
            raise Refused(404)
        return knowledge

    async def fresh(self, topic: str, as_yaml: bool, problem: str = "", draft: str = "") -> Sheet:
        """The answer as its file has it, or as a draft of the same text does; as YAML where fields cannot show it."""
        self.known(topic)
        text = await in_thread(self.drafts.text_of, topic)
        if not as_yaml:
            try:
                shown, note = await in_thread(self._draft, topic, text, draft)
                return Sheet(fields_of(shown), note=note, base=stamp(text), was=text, problem=problem)
            except NoFields:
                problem = problem or NO_FIELDS
        return Sheet(text=text, base=stamp(text), problem=problem)

    async def page(self, visit: Visit, topic: str, sheet: Sheet, status: int = 200) -> HTTPResponse:
        """The page of an edit."""
        knowledge, house = self.known(topic), self._house
        answer = knowledge.answers[topic]
        return visit.page(
            "answer.html",
            status,
            answer=answer,
            desk=knowledge.desks[answer.desk].name,
            by=review_by(answer, knowledge),
            today=house.clock().date(),
            sheet=sheet,
            faults=by_field(sheet.faults),
            choices=choices(knowledge),
            placeholders=placeholders(knowledge),
            waiting=await in_thread(self.drafts.waiting, topic),
            history=await in_thread(self.drafts.history, topic),
            people={one.login: one.name for one in await in_thread(house.accounts.all)},
            file=answer.path.relative_to(self._kb_dir.parent).as_posix(),
        )

    def written(self, topic: str, given: AnswerFields, base: str, today: datetime.date) -> tuple[str, Any]:
        """The file's text with the fields in it, and the faults of the fields. Raises EditError and NotNow."""
        faults = field_faults(given, topic, self._house.knowledge.get(), today)
        current = self.drafts.text_of(topic)
        if stamp(current) != base:
            raise NotNow("stale")
        return ("" if faults else text_with(current, given)), faults

    def _draft(self, topic: str, text: str, draft: str) -> tuple[str, str]:
        """The draft's text and note where it was made from this text, else the text."""
        try:
            found = self.drafts.get(int(draft)) if draft.isascii() and draft.isdigit() and len(draft) < 10 else None
        except NotNow:
            found = None
        return (found.text, found.note) if found and (found.topic, found.base) == (topic, stamp(text)) else (text, "")

    async def rebased(self, topic: str, given: AnswerFields, was: str, note: str) -> Sheet:
        """What was given, put onto the file as it stands now. Raises NoFields."""
        text = await in_thread(self.drafts.text_of, topic)
        found, both = merged(fields_of(was), fields_of(text), given)
        return Sheet(found, note=note, base=stamp(text), was=text, both=both)

    async def preview(self, topic: str, text: str) -> tuple[Shown, ...]:
        """What each channel makes of a text; raises EditError."""
        knowledge = self.known(topic)
        changed = await in_thread(checked_answer, text, topic, self._kb_dir, knowledge)
        return tuple(await in_thread(self._tools.preview, changed, knowledge, self._house.clock()))


def add_answer_editor(pages: Pages, house: House, tools: Tools) -> None:
    """Add both views of the editor, and what can be done there."""
    editor = Editor(house, tools)

    @pages.get("/answers/<topic:str>", right="answers")
    async def answer(visit: Visit, topic: str) -> HTTPResponse:
        return await editor.page(visit, topic, await editor.fresh(topic, False, draft=visit.query("draft")))

    @pages.get("/answers/<topic:str>/yaml", right="answers")
    async def as_yaml(visit: Visit, topic: str) -> HTTPResponse:
        return await editor.page(visit, topic, await editor.fresh(topic, True))

    @pages.post("/answers/<topic:str>", right="answers")
    async def edit(visit: Visit, topic: str) -> HTTPResponse:
        given = given_fields(visit.request.body)
        kept: dict[str, Any] = {name: visit.field(name) for name in ("note", "base", "was")}
        if visit.field("row"):
            given, focus = stepped(given, visit.field("row"))
            return await editor.page(visit, topic, Sheet(given, focus=focus, **kept))
        editor.known(topic)
        given = given.tidied()
        try:
            if visit.field("step") == "rebase":
                return await editor.page(visit, topic, await editor.rebased(topic, given, kept["was"], kept["note"]))
            text, faults = await in_thread(editor.written, topic, given, kept["base"], house.clock().date())
            if faults:
                return await editor.page(visit, topic, Sheet(given, faults=tuple(faults), **kept), 400)
            if visit.field("step") == "yaml":
                return await editor.page(visit, topic, Sheet(text=text, **kept))
            if visit.field("step") == "preview":
                return await editor.page(visit, topic, Sheet(given, shown=await editor.preview(topic, text), **kept))
            draft = await in_thread(
                editor.drafts.propose, topic, text, visit.staff.login, kept["note"], kept["base"], exact=True
            )
        except NoFields:
            return await editor.page(visit, topic, Sheet(given, problem=NO_FIELDS, **kept), 400)
        except EditError as error:
            return await editor.page(visit, topic, Sheet(given, problem=str(error), **kept), 400)
        except NotNow as error:
            return await editor.page(visit, topic, Sheet(given, problem=error.reason, **kept), 409)
        return await _proposed(visit, topic, draft)

    @pages.post("/answers/<topic:str>/yaml", right="answers")
    async def edit_yaml(visit: Visit, topic: str) -> HTTPResponse:
        editor.known(topic)
        text, note, base = tidied(visit.field("text")), visit.field("note"), visit.field("base")
        kept: dict[str, Any] = {"text": text, "note": note, "base": base}
        try:
            if visit.field("step") == "preview":
                return await editor.page(visit, topic, Sheet(shown=await editor.preview(topic, text), **kept))
            draft = await in_thread(editor.drafts.propose, topic, text, visit.staff.login, note, base)
        except EditError as error:
            return await editor.page(visit, topic, Sheet(problem=str(error), **kept), 400)
        except NotNow as error:
            return await editor.page(visit, topic, Sheet(problem=error.reason, **kept), 409)
        return await _proposed(visit, topic, draft)

    @pages.post("/answers/<topic:str>/reviewed", right="answers")
    async def reviewed(visit: Visit, topic: str) -> HTTPResponse:
        editor.known(topic)
        try:
            text = await in_thread(editor.drafts.text_of, topic)
            dated = _REVIEWED.sub(f"reviewed: {house.clock().date()}", text, count=1)
            draft = await in_thread(
                editor.drafts.propose, topic, dated, visit.staff.login, visit.field("note"), exact=True
            )
        except EditError as error:
            return await editor.page(visit, topic, await editor.fresh(topic, False, str(error)), 400)
        except NotNow as error:
            return await editor.page(visit, topic, await editor.fresh(topic, False, error.reason), 409)
        return await _proposed(visit, topic, draft, "answer_reviewed")


async def _proposed(visit: Visit, topic: str, draft: int, deed: str = "answer_proposed") -> HTTPResponse:
    await visit.record(deed, topic, {"draft": draft})
    return visit.see_other(f"/drafts/{draft}?said=proposed")
