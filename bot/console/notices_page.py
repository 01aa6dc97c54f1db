"""Notices: announcements that head answers and the greeting while they hold."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Visit
from bot.editing.field_faults import FieldFault, by_field, text_faults_of
from bot.editing.files import EditError
from bot.editing.notices import NoticeEntry, delete_notice, save_notice
from bot.knowledge.models import Knowledge, Notice

_ID = re.compile(r"[a-z0-9_-]{1,60}\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
EVERY, GREETING, CHOSEN = "all", "greeting", "chosen"


def add_notices(pages: Pages, house: House) -> None:
    """Add the page and its steps."""

    async def shown(
        visit: Visit, status: int = 200, problem: str = "", faults: Iterable[FieldFault] = (), **kept: Any
    ) -> HTTPResponse:
        knowledge, now = house.knowledge.get(fresh=True), house.clock()
        given = {"id": "", "text": "", "where": EVERY, "topics": [], "begin": _local(now), "end": "", **kept}
        return visit.page(
            "notices.html",
            status,
            notices=sorted(knowledge.notices, key=lambda one: (_state(one, now), one.begin)),
            state={one.id: _state(one, now) for one in knowledge.notices},
            titles={topic.id: topic.title for topic in knowledge.topics.values() if topic.id in knowledge.answers},
            given=given,
            problem=problem,
            faults=by_field(faults),
        )

    @pages.get("/notices", right="notices")
    async def notices(visit: Visit) -> HTTPResponse:
        wanted = visit.query("edit")
        found = [one for one in house.knowledge.get(fresh=True).notices if one.id == wanted]
        return await shown(visit, **_kept(found[0])) if found else await shown(visit)

    @pages.post("/notices", right="notices")
    async def save(visit: Visit) -> HTTPResponse:
        named, where = visit.field("id"), visit.field("where")
        chosen = visit.fields("topics")
        begin, end = visit.field("begin"), visit.field("end")
        kept: dict[str, Any] = {
            "id": named,
            "text": visit.field("text"),
            "where": where,
            "topics": chosen,
            "begin": begin,
            "end": end,
        }
        if named and not _ID.match(named):
            return await shown(visit, 400, "id", **kept)
        faults = [*_faults(kept, house.knowledge.get(fresh=True))]
        if faults:
            return await shown(visit, 400, faults=faults, **kept)
        topics = {EVERY: None, GREETING: ()}.get(where, tuple(chosen))
        name = named or f"{house.clock():%Y%m%d}-{secrets.token_hex(3)}"
        entry = NoticeEntry(name, visit.field("text"), topics, begin.replace("T", " ")[:16], end.replace("T", " ")[:16])
        try:
            await in_thread(save_notice, house.settings.kb_dir, entry)
        except EditError as error:
            return await shown(visit, 400, str(error), **kept)
        await visit.record("notice_saved", name, {"from": entry.begin, "to": entry.end})
        return visit.see_other("/notices?said=saved")

    @pages.post("/notices/<notice:str>/delete", right="notices")
    async def delete(visit: Visit, notice: str) -> HTTPResponse:
        await in_thread(delete_notice, house.settings.kb_dir, notice)
        await visit.record("notice_deleted", notice)
        return visit.see_other("/notices?said=saved")


def _faults(kept: Mapping[str, Any], knowledge: Knowledge) -> Iterator[FieldFault]:
    """What is wrong with the fields."""
    if not kept["text"]:
        yield FieldFault("text", "required")
    yield from text_faults_of("text", kept["text"], knowledge)
    if kept["where"] == CHOSEN and not kept["topics"]:
        yield FieldFault("topics", "choose")
    begin, end = _moment(kept["begin"]), _moment(kept["end"])
    yield from (FieldFault(name, "moment") for name, one in (("begin", begin), ("end", end)) if one is None)
    if begin is not None and end is not None and end <= begin:
        yield FieldFault("end", "ends")


def _moment(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text[:16]) if _MOMENT.match(text) else None
    except ValueError:
        return None


def _state(notice: Notice, now: datetime.datetime) -> str:
    if notice.end <= now:
        return "over"
    return "holds" if notice.begin <= now else "ahead"


def _kept(notice: Notice) -> dict[str, Any]:
    where = EVERY if notice.topics is None else CHOSEN if notice.topics else GREETING
    return {
        "id": notice.id,
        "text": notice.text,
        "where": where,
        "topics": list(notice.topics or ()),
        "begin": _local(notice.begin),
        "end": _local(notice.end),
    }


def _local(moment: datetime.datetime) -> str:
    """As a form's date-and-time field has it."""
    return f"{moment:%Y-%m-%dT%H:%M}"
