"""The delivered knowledge against what the sources give, read by hand (004 and CONFLICTS.md) and written out here."""

from __future__ import annotations

import datetime
from pathlib import Path

from bot.knowledge.models import Knowledge

WORKING_WEEK = range(5)


def test_the_desks_are_exactly_those_that_the_topics_need(knowledge: Knowledge) -> None:
    desks = set(knowledge.desks)

    assert desks == {"platform", "egov", "ecpa", "moica", "env_edu", "lifelong", "teacher", "agency_hr", "mooc"}


def test_every_phone_number_that_the_sources_give_stands_in_desks_and_no_other(knowledge: Knowledge) -> None:
    phones = {desk.id: {phone.number: phone.extensions for phone in desk.phones} for desk in knowledge.desks.values()}

    assert phones == {
        "platform": {},
        "egov": {"02-2192-7111": ()},
        "ecpa": {"02-2397-9108": ("2",)},
        "moica": {"0800-080-117": (), "412-1166": ()},
        "env_edu": {
            "02-2388-4848": ("189", "198", "199"),
            "02-6630-9988": ("107", "109", "434"),
            "02-2311-7722": ("2762", "2768"),
        },
        "lifelong": {},
        "teacher": {},
        "agency_hr": {},
        "mooc": {},
    }


def test_the_card_holders_other_hotline_says_what_it_is_for_and_how_mobiles_dial_it(knowledge: Knowledge) -> None:
    (label,) = (phone.label for phone in knowledge.desks["moica"].phones if phone.number == "412-1166")

    assert "工商憑證" in label
    assert "手機請加 02" in label


def test_the_only_fax_is_that_of_the_application_form_and_says_how_old_it_is(knowledge: Knowledge) -> None:
    faxes = {desk.id: [fax.number for fax in desk.faxes] for desk in knowledge.desks.values() if desk.faxes}

    assert faxes == {"egov": ["02-2192-7186"]}
    assert "101 年" in knowledge.desks["egov"].faxes[0].label


def test_every_mailbox_that_the_sources_give_stands_in_desks_and_no_other(knowledge: Knowledge) -> None:
    mailboxes = {desk.id: [box.address for box in desk.mailboxes] for desk in knowledge.desks.values()}

    assert mailboxes == {
        "platform": ["e-learning@hrd.gov.tw"],
        "egov": ["egov@service.gov.tw"],
        "ecpa": ["pemis@dgpa.gov.tw"],
        "moica": [],
        "env_edu": ["epaelearn@gmail.com"],
        "lifelong": [],
        "teacher": [],
        "agency_hr": [],
        "mooc": [],
    }


def test_only_two_desks_have_service_hours_in_the_sources(knowledge: Knowledge) -> None:
    hours = {desk.id: desk.hours for desk in knowledge.desks.values() if desk.hours is not None}

    nine, noon, two, five = datetime.time(9), datetime.time(12), datetime.time(14), datetime.time(17)
    egov_day = ((datetime.time(8, 30), datetime.time(18)),)
    assert hours == {
        "egov": {day: egov_day for day in WORKING_WEEK},
        "ecpa": {day: ((nine, noon), (two, five)) for day in WORKING_WEEK},
    }


def test_desks_with_service_hours_are_closed_on_holidays(knowledge: Knowledge) -> None:
    closed = {desk.id: desk.closed_on_holidays for desk in knowledge.desks.values() if desk.hours is not None}

    assert closed == {"egov": True, "ecpa": True}


def test_outdated_and_foreign_contacts_stand_nowhere_in_the_knowledge(kb_dir: Path) -> None:
    outdated = ("2392005", "email.rad", "dpga.gov.tw", "23165300", "2316-5300", "service.gov.tw:", "www.service.gov.tw")

    text = "\n".join(
        line
        for path in sorted(kb_dir.rglob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "誤植" not in line and "舊公告" not in line
    )

    assert [fact for fact in outdated if fact in text] == []


def test_every_link_that_is_given_is_one_of_the_sources(knowledge: Knowledge) -> None:
    urls = {link.url for link in knowledge.links.values()}

    assert urls == {
        "https://elearn.hrd.gov.tw",
        "https://elearn.hrd.gov.tw/mooc/index.php",
        "https://elearn.hrd.gov.tw/mooc/course_index.php?course_type=mooc",
        "https://ecpa.dgpa.gov.tw",
        "https://www.cp.gov.tw/portal/",
        "https://www.gsp.gov.tw/privacy.htm",
        "https://www.gsp.gov.tw/index-download-2.htm",
        "https://www.facebook.com/",
        "https://accounts.google.com/",
        "https://reurl.cc/pWjxQ4",
        "https://elearn.epa.gov.tw/default.aspx",
    }


def test_all_55_faq_topics_have_an_answer(knowledge: Knowledge) -> None:
    faq = {topic.id for topic in knowledge.topics.values() if topic.kind == "faq"}

    assert len(faq) == 55
    assert set(knowledge.answers) == faq


def test_the_topics_are_those_that_were_agreed(knowledge: Knowledge) -> None:
    others: dict[str, set[str]] = {}
    for topic in knowledge.topics.values():
        others.setdefault(topic.kind, set()).add(topic.id)

    assert others["contact"] == {"contact_desk"}
    assert others["personal"] == {"my_hours_status", "my_course_status", "my_account_status", "my_learning_summary"}
    assert others["service"] == {"talk_to_human", "report_problem", "case_status"}
    assert others["conversation"] == {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "stop",
        "help",
        "bot_challenge",
        "complain",
        "out_of_scope",
    }


def test_every_answer_cites_a_source_and_offers_a_way_on(knowledge: Knowledge) -> None:
    answers = knowledge.answers.values()

    lacking = [answer.topic for answer in answers if not (answer.sources and answer.related and answer.contacts)]

    assert lacking == []


def test_no_nationwide_override_is_delivered(knowledge: Knowledge) -> None:
    nationwide = [override for override in knowledge.calendar if override.desk is None]

    assert nationwide == []


def test_following_the_next_desk_always_leads_to_somebody_who_can_be_reached(knowledge: Knowledge) -> None:
    unreachable = []
    for desk in knowledge.desks.values():
        seen = [desk]
        while not (seen[-1].phones or seen[-1].mailboxes) and len(seen) <= len(knowledge.desks):
            seen.append(knowledge.desks[seen[-1].next_desk])
        if not (seen[-1].phones or seen[-1].mailboxes):
            unreachable.append(desk.id)

    assert unreachable == []
