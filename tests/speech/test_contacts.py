"""Answering questions for a desk and for a person to talk to."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from bot.desks.hours import TAIPEI
from bot.knowledge.models import Knowledge
from bot.speech.contacts import COMMON_DESKS, contact_custom, speak_contact, speak_contact_choice

DESKS = ("platform", "egov", "ecpa", "moica", "env_edu", "lifelong", "teacher", "agency_hr", "mooc")
WORKED = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
SUNDAY = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=TAIPEI)


@pytest.mark.parametrize("desk_id", DESKS)
@pytest.mark.parametrize("now", [WORKED, SUNDAY])
def test_every_desk_says_all_that_is_known_of_it(desk_id: str, now: datetime.datetime, knowledge: Knowledge) -> None:
    desk = knowledge.desks[desk_id]

    reply = speak_contact(desk_id, knowledge, now)

    assert "{" not in reply.text and "None" not in reply.text
    for fact in (
        desk.name,
        *(phone.number for phone in (*desk.phones, *desk.faxes)),
        *(extension for phone in desk.phones for extension in phone.extensions),
        *(box.address for box in desk.mailboxes),
        *desk.handles,
        *desk.refuses,
    ):
        assert fact in reply.text
    assert reply.custom is not None
    assert list(reply.custom) == ["type", "desk", "open_now", "opens_at", "view"]
    assert (reply.custom["type"], reply.custom["desk"]) == ("contact", desk_id)


def test_an_open_desk_has_no_opening_to_wait_for(knowledge: Knowledge) -> None:
    custom = contact_custom(knowledge.desks["egov"], knowledge, WORKED)

    assert custom == {"type": "contact", "desk": "egov", "open_now": True, "opens_at": None}


def test_a_closed_desk_says_when_it_opens_with_the_offset_of_taipei(knowledge: Knowledge) -> None:
    custom = contact_custom(knowledge.desks["egov"], knowledge, SUNDAY)

    assert custom == {"type": "contact", "desk": "egov", "open_now": False, "opens_at": "2026-11-23T08:30:00+08:00"}


def test_a_desk_whose_hours_no_source_gives_is_neither_open_nor_closed(knowledge: Knowledge) -> None:
    custom = contact_custom(knowledge.desks["platform"], knowledge, WORKED)

    assert (custom["open_now"], custom["opens_at"]) == (None, None)


def test_a_closed_desk_with_a_mailbox_recommends_to_write_and_an_open_one_does_not(knowledge: Knowledge) -> None:
    hint = knowledge.phrases["contact_closed_hint"]

    closed, opened = (speak_contact("egov", knowledge, now).text for now in (SUNDAY, WORKED))

    assert hint in closed
    assert hint not in opened


def test_a_desk_of_unknown_hours_names_the_next_desk_with_its_facts(knowledge: Knowledge) -> None:
    moica, following = knowledge.desks["moica"], knowledge.desks[knowledge.desks["moica"].next_desk]

    text = speak_contact("moica", knowledge, WORKED).text

    assert moica.hours is None
    assert following.name in text and following.mailboxes[0].address in text


def test_a_next_desk_without_phone_and_mailbox_is_named_without_facts(knowledge: Knowledge) -> None:
    silent = replace(knowledge.desks["egov"], phones=(), mailboxes=(), hours=None)
    desks = {**knowledge.desks, "egov": silent}

    text = speak_contact("moica", replace(knowledge, desks=desks), WORKED).text

    assert text.endswith(knowledge.phrases["contact_next_bare"].format(name=silent.name))


def test_who_names_no_desk_gets_the_platforms_and_buttons_for_the_others(knowledge: Knowledge) -> None:
    reply = speak_contact_choice(knowledge, WORKED)

    assert knowledge.desks["platform"].mailboxes[0].address in reply.text
    assert len(reply.buttons) == len(COMMON_DESKS) - 1
    assert all(title == payload for title, payload in reply.buttons)
    assert [knowledge.desks[desk].aka in title for desk, (title, _) in zip(COMMON_DESKS[1:], reply.buttons)] == [
        True
    ] * 4
    assert reply.custom is not None and reply.custom["desk"] == "platform"
