from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.knowledge.load import KnowledgeError, answer_files, load, read
from bot.knowledge.models import Source


def test_an_answer_is_read_with_all_its_fields(small_kb: Path) -> None:
    (small_kb / "answers/courses/withdraw_course.yml").write_text(
        """
topic: withdraw_course
title: "如何退選 "
desk: platform
reviewed: 2026-02-03
short: >-
  點「退選」，
  再按確定。
steps: ["第一步 ", 第二步]
notes: [請留意]
contacts: [egov, platform]
links: [home]
related: [forgot_password]
settled: [以新者為準]
sources:
  - {document: "001", section: 二}
parts:
  - when: {provider: egov}
    title: 用我的e政府登入
    short: 請看這裡。
    contacts: [egov]
""",
        encoding="utf-8",
    )

    answer = load(small_kb).answers["withdraw_course"]

    assert answer.title == "如何退選"
    assert answer.desk == "platform"
    assert answer.reviewed == datetime.date(2026, 2, 3)
    assert answer.short == "點「退選」， 再按確定。"
    assert answer.steps == ("第一步", "第二步")
    assert answer.notes == ("請留意",)
    assert answer.contacts == ("egov", "platform")
    assert answer.links == ("home",)
    assert answer.related == ("forgot_password",)
    assert answer.settled == ("以新者為準",)
    assert answer.sources == (Source("001", "二"),)
    (part,) = answer.parts
    assert (part.key, part.value, part.short, part.contacts) == ("provider", "egov", "請看這裡。", ("egov",))
    assert (part.steps, part.notes, part.links, part.related) == ((), (), (), ())


def test_an_answer_without_contacts_names_its_own_desk(small_kb: Path) -> None:
    knowledge = load(small_kb)

    contacts = knowledge.answers["withdraw_course"].contacts

    assert contacts == ("platform",)


def test_what_a_desk_does_not_have_is_empty_and_unknown_hours_are_none(small_kb: Path) -> None:
    knowledge = load(small_kb)

    platform = knowledge.desks["platform"]

    assert platform.phones == ()
    assert platform.faxes == ()
    assert platform.hours is None
    assert platform.hours_source is None


def test_hours_are_read_by_weekday(small_kb: Path) -> None:
    knowledge = load(small_kb)

    egov = knowledge.desks["egov"]

    morning = (datetime.time(9), datetime.time(12))
    afternoon = (datetime.time(13), datetime.time(17))
    assert egov.hours == {0: (morning, afternoon)}
    assert egov.closed_on_holidays
    assert egov.hours_source == Source("001", "二")


def test_topics_keep_their_kind(small_kb: Path) -> None:
    topics = load(small_kb).topics

    kinds = {topic.id: topic.kind for topic in topics.values()}

    assert kinds == {
        "forgot_password": "faq",
        "withdraw_course": "faq",
        "contact_desk": "contact",
        "greet": "conversation",
    }


def test_answers_are_found_in_any_group_in_a_stable_order(small_kb: Path) -> None:
    files = [path.name for path in answer_files(small_kb)]

    assert files == ["forgot_password.yml", "withdraw_course.yml"]


def test_loading_a_broken_folder_raises_with_every_fault(small_kb: Path) -> None:
    (small_kb / "links.yml").write_text("home: [", encoding="utf-8")
    (small_kb / "calendar.yml").unlink()

    with pytest.raises(KnowledgeError) as caught:
        load(small_kb)

    assert sorted(fault.path for fault in caught.value.faults) == ["kb/calendar.yml", "kb/links.yml"]
    assert "kb/calendar.yml: file is missing; restore it" in str(caught.value)


def test_one_broken_answer_leaves_the_others_readable(small_kb: Path) -> None:
    (small_kb / "answers/account/forgot_password.yml").write_text("topic: [\n", encoding="utf-8")

    knowledge, faults = read(small_kb)

    assert set(knowledge.answers) == {"withdraw_course"}
    assert [fault.path for fault in faults] == ["kb/answers/account/forgot_password.yml"]
    assert "line 2" in faults[0].message


def test_the_knowledge_cannot_be_changed_by_accident(small_kb: Path) -> None:
    answer = load(small_kb).answers["withdraw_course"]

    with pytest.raises(AttributeError):
        answer.short = "別的"  # type: ignore[misc]
