"""Answering questions for a desk's phone, mailbox and hours, and for a person to talk to."""

from __future__ import annotations

import datetime
from typing import Any

from bot.knowledge.fill import phone_text
from bot.knowledge.models import Desk, Knowledge
from bot.speech.facts import DeskFacts
from bot.speech.reply import Reply, desk_buttons
from bot.speech.views import contact_view

COMMON_DESKS = ("platform", "egov", "ecpa", "moica", "env_edu")
"""Offered where the person named none, in the order in which people need them."""


def speak_contact(desk_id: str, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """Everything about one desk; where the sources leave out its phone or hours, the next desk that can help."""
    desk = knowledge.desks[desk_id]
    return Reply(_card(desk, knowledge, now), (), _card_custom(desk, knowledge, now))


def speak_contact_choice(knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """The platform's desk, with buttons for the others: the person named none."""
    say = knowledge.phrases
    text = "\n".join([say["contact_which"], "", _card(knowledge.desks["platform"], knowledge, now)])
    others = [desk for desk in COMMON_DESKS if desk != "platform"]
    custom = _card_custom(knowledge.desks["platform"], knowledge, now)
    return Reply(text, desk_buttons(others, knowledge), custom)


def desk_card(desk: Desk, knowledge: Knowledge, now: datetime.datetime) -> tuple[str, dict[str, Any]]:
    """Everything about a desk, in words and machine-readable."""
    return _card(desk, knowledge, now), _card_custom(desk, knowledge, now)


def contact_custom(desk: Desk, knowledge: Knowledge, now: datetime.datetime) -> dict[str, Any]:
    """The machine-readable part of a contact reply (contracts section 3), without a view."""
    state = DeskFacts(knowledge, now).opening(desk)
    opens_at = state.opens_at.isoformat() if state.opens_at else None
    return {"type": "contact", "desk": desk.id, "open_now": state.open_now, "opens_at": opens_at}


def _card_custom(desk: Desk, knowledge: Knowledge, now: datetime.datetime) -> dict[str, Any]:
    """The machine-readable part of a reply whose text holds the whole card of the desk."""
    view = contact_view(desk, DeskFacts(knowledge, now))
    return {**contact_custom(desk, knowledge, now), "view": view}


def _card(desk: Desk, knowledge: Knowledge, now: datetime.datetime) -> str:
    say = knowledge.phrases
    facts = DeskFacts(knowledge, now)
    found = facts.reach(desk)
    if desk.faxes:
        fax = say["list_comma"].join(phone_text(phone, knowledge) for phone in desk.faxes)
        found.append(say["fact_fax"].format(phones=fax))
    lines = [desk.name, *(say["note"].format(text=fact) for fact in found)]
    if desk.hours_note:
        lines.append(say["note"].format(text=desk.hours_note))
    if facts.opening(desk).open_now is False and desk.mailboxes:
        lines.append(say["note"].format(text=say["contact_closed_hint"]))
    if desk.website:
        lines.append(say["note"].format(text=say["contact_website"].format(url=knowledge.links[desk.website].url)))
    lines.append(say["contact_handles"].format(handles=say["list_comma"].join(desk.handles)))
    lines.append(say["contact_refuses"].format(refuses=say["list_comma"].join(desk.refuses)))
    if desk.hours is None or not (desk.phones or desk.mailboxes):
        following = knowledge.desks[desk.next_desk]
        if following.phones or following.mailboxes:
            text = say["sentence_gap"].join(facts.reach(following))
            lines.append(say["contact_next"].format(name=following.name, facts=text))
        else:
            lines.append(say["contact_next_bare"].format(name=following.name))
    return "\n".join(lines)
