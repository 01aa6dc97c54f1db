"""A case: what was asked, what was said, what the records and the knowledge say of it, and what can be done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.cases.records import Case, NoSuchCase
from bot.cases.rules import LiveRules
from bot.cases.tables import CaseEventRow
from bot.console.case_rules import steps_of
from bot.console.case_search import may_see
from bot.console.clocks import Clocks
from bot.console.house import House
from bot.console.learner_panel import learner_panel
from bot.console.suggestions import suggestions
from bot.console.visit import Refused
from bot.staff.accounts import Staff

MOST_OTHERS = 5
LARGEST_ID = 2**31 - 1
"""More than the database counts to."""


def subject_of(case: Case) -> str:
    """What the audit trail and the presence call a case."""
    return f"case {case.number}"


def case_for(house: House, me: Staff, case_id: int) -> Case:
    """The case where it is theirs to see; refuses otherwise, with 404 only where there is none."""
    if case_id > LARGEST_ID:
        raise Refused(404)
    try:
        case = house.cases.get(case_id)
    except NoSuchCase as error:
        raise Refused(404) from error
    if not may_see(me, case):
        raise Refused(403, f"case {case.number}")
    return case


def last_event(engine: Engine, case_id: int) -> int:
    """The newest event of a case: what a page that shows it has seen."""
    with engine.connect() as connection:
        newest = select(func.max(CaseEventRow.id)).where(CaseEventRow.case_id == case_id)
        return int(connection.execute(newest).scalar() or 0)


def letters(house: House, case_id: int) -> list[int]:
    """The case's e-mails that could not be delivered, as the outbox numbers them."""
    own = f"case:{case_id}:mail:"
    return [one.id for one in house.outbox.dead("email") if one.key.startswith(own)]


def field_names(house: House) -> dict[str, str]:
    """How kb/case_forms.yml calls what a form asks for."""
    try:
        forms = LiveRules.shared(house.settings.kb_dir).get(house.knowledge.get()).forms
    except ValueError:
        # The ids still say enough to help somebody.
        return {}
    return {field.id: field.label for form in forms.values() for field in form.fields}


def shown(house: House, me: Staff, case: Case) -> dict[str, Any]:
    """Everything that the page shows."""
    knowledge, now = house.knowledge.get(), house.clock()
    help_desk = house.help_desk.get(knowledge)
    portal = (case.diagnosis or {}).get("portal")
    everybody = house.accounts.all()
    events = house.cases.events(case.id)
    topic = knowledge.topics.get(case.topic or "")
    others = [*house.cases.of_conversation(case.conversation)]
    if case.learner_id:
        others += house.cases.of_learner(case.learner_id)
    return {
        "case": case,
        "events": events,
        "seen": events[-1].id if events else 0,
        "files": house.cases.files(case.id),
        "clock_of": Clocks(knowledge, help_desk.desk, now).of(case),
        "steps": steps_of(me, case),
        "names": {one.login: one.name for one in everybody},
        "colleagues": [one for one in everybody if one.may("cases") and may_see(one, case)],
        "desk_names": {one.id: one.name for one in knowledge.desks.values()},
        "outside": [one.id for one in knowledge.desks.values() if one.mailboxes and one.id != "platform"],
        "topic": topic,
        "suggestions": suggestions(case.topic, knowledge),
        "canned": help_desk.canned,
        "panel": learner_panel(house.engine, case.learner_id, portal, knowledge, now) if case.learner_id else None,
        "earlier": [one for one in {one.id: one for one in others}.values() if one.id != case.id and may_see(me, one)][
            :MOST_OTHERS
        ],
        "here": house.presence.others(subject_of(case), me.login),
        "returned": len(letters(house, case.id)),
        "field_names": field_names(house),
    }
