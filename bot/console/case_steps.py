"""The page of a case and every step that can be taken there."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sanic.response import HTTPResponse

from bot.cases.records import Case, CaseEvent, NoSuchCase, TakenByOther, WrongState
from bot.cases.work import LONGEST_TEXT
from bot.console.case_page import case_for, last_event, letters, shown, subject_of
from bot.console.case_rules import Steps, steps_of
from bot.console.case_search import may_see
from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Refused, Visit
from bot.knowledge.public import public_facts
from bot.privacy.redact import redact

Allowed = Callable[[Steps], bool]
Do = Callable[[Visit, Case], object]


def add_case(pages: Pages, house: House) -> None:
    """Add the page and its forms."""
    cases = house.cases
    locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    @pages.get("/cases/<case_id:int>", right="cases")
    async def case_page(visit: Visit, case_id: int) -> HTTPResponse:
        case = await in_thread(case_for, house, visit.staff, case_id)
        if not visit.by_itself:
            seen = {"learner": case.learner_id is not None, "contact": case.contact is not None}
            await visit.record("case_seen", subject_of(case), seen)
        await in_thread(house.presence.beat, subject_of(case), visit.staff.login)
        return await _page(visit, case)

    async def _page(visit: Visit, case: Case, status: int = 200, problem: str = "", **kept: str) -> HTTPResponse:
        values = await in_thread(shown, house, visit.staff, case)
        return visit.page("case.html", status, **values, problem=problem, kept=kept, longest=LONGEST_TEXT)

    def step(name: str, allowed: Allowed, do: Do, careful: bool, words: bool = False) -> None:
        """A form at /cases/ID/NAME; a careful one is not taken where something happened since its page was shown."""

        @pages.post(f"/cases/<case_id:int>/{name}", right="cases")
        async def form(visit: Visit, case_id: int) -> HTTPResponse:
            # One at a time: a form that was sent twice finds what the first one did.
            async with locks[case_id]:
                case = await in_thread(case_for, house, visit.staff, case_id)
                back = f"/cases/{case_id}"
                if words and await in_thread(_said_already, house, visit, case):
                    return visit.see_other(f"{back}?said={SAID[name]}")
                if not allowed(steps_of(visit.staff, case)):
                    return await _refuse(visit, case, name)
                seen = visit.field("seen")
                if careful and seen != str(await in_thread(last_event, house.engine, case_id)):
                    if words and visit.field("text"):
                        return await _page(visit, case, 409, "changed", **{name: visit.field("text")})
                    return visit.see_other(f"{back}?said=changed")
                try:
                    await in_thread(do, visit, case)
                except TakenByOther:
                    return await _page(visit, case, 409, "taken", **{name: visit.field("text")})
                except WrongState:
                    kept = {name: visit.field("text")} if words else {}
                    return await _page(visit, case, 400, "text" if words else "changed", **kept)
                except NoSuchCase as error:
                    raise Refused(404) from error
            await visit.record(f"case_{SAID[name]}", subject_of(case), _detail(visit, name))
            return await _back(visit, case_id, SAID[name])

    async def _refuse(visit: Visit, case: Case, name: str) -> HTTPResponse:
        """The role forbids it (403, audited), or a colleague was quicker (409, with what was written)."""
        stale = visit.field("seen") != str(await in_thread(last_event, house.engine, case.id))
        if name == "reply":
            return await _page(visit, case, 409, "taken" if case.assignee else "changed", reply=visit.field("text"))
        if not steps_of(visit.staff, case).work and not stale:
            raise Refused(403, subject_of(case))
        if visit.field("text"):
            return await _page(visit, case, 409, "changed", **{name: visit.field("text")})
        return visit.see_other(f"/cases/{case.id}?said=changed")

    async def _back(visit: Visit, case_id: int, said: str) -> HTTPResponse:
        """To the case, or to the queue where it is no longer theirs to see."""
        try:
            case = await in_thread(house.cases.get, case_id)
        except NoSuchCase:
            return visit.see_other(f"/cases?said={said}")
        return visit.see_other(f"/cases/{case_id}?said={said}" if may_see(visit.staff, case) else f"/cases?said={said}")

    def _assign(visit: Visit, case: Case) -> None:
        colleague = house.accounts.get(visit.field("to"))
        if colleague is None or not may_see(colleague, case):
            raise WrongState("nobody who may see the case")
        cases.take(case.id, colleague.login, over=True)

    def _resend(visit: Visit, case: Case) -> None:
        for letter in letters(house, case.id):
            house.outbox.revive(letter)

    step("take", lambda it: it.take or it.take_over, lambda v, c: cases.take(c.id, v.staff.login, _over(v, c)), False)
    step("reply", lambda it: it.reply, lambda v, c: cases.reply(c.id, v.staff.login, v.field("text")), False, True)
    step("note", lambda it: True, lambda v, c: cases.note(c.id, v.staff.login, v.field("text")), False, True)
    step("transfer", lambda it: it.finish, lambda v, c: cases.transfer(c.id, v.staff.login, v.field("to")), True)
    step("assign", lambda it: it.assign, _assign, True)
    step("wait", lambda it: it.wait, lambda v, c: cases.wait(c.id, v.staff.login), True)
    step("resolve", lambda it: it.finish, lambda v, c: cases.resolve(c.id, v.staff.login, v.field("text")), True, True)
    step("close", lambda it: it.close, lambda v, c: cases.close(c.id, v.staff.login), True)
    step("reopen", lambda it: it.reopen, lambda v, c: cases.reopen(c.id, v.staff.login), False)
    step("resend", lambda it: it.delete, _resend, False)
    step("delete", lambda it: it.delete, _delete(house), True)


SAID = {
    "take": "taken",
    "reply": "replied",
    "note": "noted",
    "transfer": "transferred",
    "assign": "assigned",
    "wait": "waiting",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "reopened",
    "resend": "resent",
    "delete": "deleted",
}
"""What the page says after each step; the audit trail calls it case_ and this."""


def _over(visit: Visit, case: Case) -> bool:
    return steps_of(visit.staff, case).take_over and visit.field("over") == "1"


def _delete(house: House) -> Do:
    def delete(visit: Visit, case: Case) -> None:
        if visit.field("sure") != "yes":
            raise WrongState("not confirmed")
        house.cases.delete(case.id, visit.staff.login)

    return delete


def _said_already(house: House, visit: Visit, case: Case) -> bool:
    """Whether these very words were kept since the form was shown: it was sent twice, perhaps over a restart."""
    given, seen = visit.field("text"), visit.field("seen")
    if not given or not seen.isascii() or not seen.isdigit():
        return False
    words = redact(given, public_facts(house.knowledge.get()))
    kind = "note" if visit.request.path.endswith("/note") else "reply"

    def same(event: CaseEvent) -> bool:
        mine = event.id > int(seen) and event.kind == kind and event.staff == visit.staff.login
        return mine and event.data.get("text") == words

    return any(same(event) for event in house.cases.events(case.id))


def _detail(visit: Visit, name: str) -> dict[str, Any]:
    return {"to": visit.field("to")[:40]} if name in ("transfer", "assign") else {}
