from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.load import load
from bot.knowledge.texts import phrase_faults, texts_of

ACCOUNT = "kb/answers/account/forgot_password.yml"
COURSES = "kb/answers/courses/withdraw_course.yml"


def change(kb: Path, file: str, old: str, new: str) -> None:
    path = kb.parent / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_small_folder_holds_together(small_kb: Path) -> None:
    faults = check(small_kb)

    assert faults == []


def test_the_real_knowledge_holds_together(kb_dir: Path) -> None:
    faults = check(kb_dir)

    assert faults == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("topic: withdraw_course", "topic: [", "is not valid YAML"),
        ("topic: withdraw_course", "topic: withdraw_course\ntopic: withdraw_course", "duplicate key"),
        ("short: 點「退選」。\n", "", "'short' is a required property"),
        ("short: 點「退選」。", 'short: " "', "short"),
        ("short: 點「退選」。", "short: [點「退選」。]", "short"),
        ("short:", "shrot: x\nshort:", "'shrot' was unexpected"),
        ("reviewed: 2026-01-05", "reviewed: 去年", "reviewed"),
        ("reviewed: 2026-01-05", 'reviewed: "2026-01-05"', "reviewed"),
        ("reviewed: 2026-01-05", "reviewed: 2026-01-05 10:00:00", "reviewed"),
        ("reviewed: 2026-01-05", "reviewed: 2026-02-30", "cannot read"),
        ("related: [forgot_password]", "related: [forgot_password, forgot_password]", "non-unique"),
        ("short:", "parts:\n  - {when: {weather: rain}, title: 雨天, short: 帶傘}\nshort:", "weather"),
        ("short:", "parts:\n  - {when: {provider: yahoo}, title: 雅虎, short: 無}\nshort:", "yahoo"),
        ("topic: withdraw_course", "topic: fly_to_moon", "'fly_to_moon' is no faq topic of topics.yml"),
        ("topic: withdraw_course", "topic: greet", "'greet' is no faq topic of topics.yml"),
        ("title: 如何退選", "title: 怎麼退選", "title differs from topics.yml (如何退選)"),
        ("desk: platform", "desk: egov", "desk is 'egov' but topics.yml says 'platform'"),
        ("desk: platform", "desk: moon", "desk 'moon' is not in desks.yml"),
        ("short:", "contacts: [moon]\nshort:", "desk 'moon' is not in desks.yml"),
        ("short:", "links: [nowhere]\nshort:", "link 'nowhere' is not in links.yml"),
        ("related: [forgot_password]", "related: [nothing]", "related topic 'nothing' is not in topics.yml"),
        ("related: [forgot_password]", "related: [withdraw_course]", "names itself as related"),
        ('document: "001"', 'document: "009"', "source document '009' is not in sources.yml"),
        ("section: 二", "section: 九", "section '九' of document 001 is not in sources.yml"),
        ("點「退選」。", "'{link:nowhere}'", "link 'nowhere' is not in links.yml"),
        ("點「退選」。", "點 {phone:platform}", "cannot be filled"),
        ("點「退選」。", "點 {退選}", "a brace that is no placeholder"),
        ("short:", "parts:\n  - {when: {provider: egov}, title: 空的}\nshort:", "the part '空的' says nothing"),
        (
            "short:",
            "parts:\n  - {when: {provider: egov}, title: 甲, short: 一}\n"
            "  - {when: {provider: egov}, title: 乙, short: 二}\nshort:",
            "two parts hold for provider egov",
        ),
        (
            "short:",
            "parts:\n  - {when: {provider: egov}, title: 甲, short: 一, contacts: [moon], links: [sun]}\nshort:",
            "link 'sun' is not in links.yml",
        ),
    ],
)
def test_a_fault_of_an_answer_names_its_file(small_kb: Path, old: str, new: str, complaint: str) -> None:
    change(small_kb, COURSES, old, new)

    faults = check(small_kb)

    assert any(fault.path == COURSES and complaint in fault.message for fault in faults), faults


@pytest.mark.parametrize(
    "fact",
    [
        "02-2192-7111",
        "02-21927111",
        "0221927111",
        "(02)2192-7111",
        "(02) 2192 7111",
        "049-2392005",
        "0800-080-117",
        "412-1166",
        "0912-345-678",
        "0912345678",
        "０２－２１９２－７１１１",
        "02-2192-7111.",
    ],
)
def test_a_phone_number_in_a_text_is_a_fault(small_kb: Path, fact: str) -> None:
    change(small_kb, COURSES, "點「退選」。", f"請電洽{fact}")

    faults = check(small_kb)

    assert [fault.path for fault in faults] == [COURSES]
    assert "a phone number stands in the text" in faults[0].message
    assert "{phone:desk}" in faults[0].message


@pytest.mark.parametrize(
    "fact", ["egov@service.gov.tw", "請寫信到help@example.org。", "ｈｅｌｐ＠ｅｘａｍｐｌｅ．ｏｒｇ"]
)
def test_a_mailbox_in_a_text_is_a_fault(small_kb: Path, fact: str) -> None:
    change(small_kb, COURSES, "點「退選」。", fact)

    faults = check(small_kb)

    assert {fault.path for fault in faults} == {COURSES}
    assert "a mailbox stands in the text" in faults[0].message


@pytest.mark.parametrize(
    "fact",
    ["http://example.org", "https://x.tw/a", "www.example.org", "elearn.hrd.gov.tw", "請到reurl.cc看", "ewant.org"],
)
def test_a_web_address_in_a_text_is_a_fault(small_kb: Path, fact: str) -> None:
    change(small_kb, COURSES, "點「退選」。", fact)

    faults = check(small_kb)

    assert [fault.path for fault in faults] == [COURSES]
    assert "a web address stands in the text" in faults[0].message


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 10:30 完成",
        "2017-06-27 起",
        "60 分（含）以上，75 分",
        "2017–2022",
        "180 天",
        "T5602110801",
        "PSINICA108100046",
        "分機 189、198、199",
        "代碼 A09600000Q",
        "DL1: e等公務園",
        "100.00 分，第 1.2.3 節",
    ],
)
def test_ordinary_numbers_in_a_text_are_no_contact_facts(small_kb: Path, text: str) -> None:
    change(small_kb, COURSES, "點「退選」。", f'"{text}"')

    faults = check(small_kb)

    assert faults == []


def test_a_contact_fact_is_found_in_steps_notes_and_parts_too(small_kb: Path) -> None:
    change(
        small_kb,
        COURSES,
        "short:",
        "steps: [打 02-2192-7111]\nnotes: [寫信到 a@b.tw]\n"
        "parts:\n  - {when: {provider: egov}, title: 甲, notes: [看 www.example.org]}\nshort:",
    )

    messages = "\n".join(fault.message for fault in check(small_kb))

    assert "a phone number stands in the text" in messages
    assert "a mailbox stands in the text" in messages
    assert "a web address stands in the text" in messages


def test_a_review_in_the_future_is_a_fault(small_kb: Path) -> None:
    change(small_kb, COURSES, "reviewed: 2026-01-05", "reviewed: 2026-01-06")

    before = check(small_kb, today=datetime.date(2026, 1, 5))
    on_the_day = check(small_kb, today=datetime.date(2026, 1, 6))

    assert [str(fault) for fault in before] == [f"{COURSES}: reviewed 2026-01-06 lies in the future"]
    assert on_the_day == []


def test_a_file_must_be_named_after_its_topic(small_kb: Path) -> None:
    old = small_kb / "answers/courses/withdraw_course.yml"
    old.rename(old.with_name("quit.yml"))

    faults = check(small_kb)

    assert [str(fault) for fault in faults] == [
        "kb/answers/courses/quit.yml: the file must be named withdraw_course.yml after its topic"
    ]


def test_two_files_for_one_topic_are_a_fault_that_names_both(small_kb: Path) -> None:
    first = small_kb / "answers/courses/withdraw_course.yml"
    second = small_kb / "answers/hours/withdraw_course.yml"
    second.parent.mkdir()
    second.write_text(first.read_text(encoding="utf-8"), encoding="utf-8")

    faults = check(small_kb)

    assert [str(fault) for fault in faults] == [
        f"kb/answers/hours/withdraw_course.yml: topic withdraw_course is already answered in {COURSES}"
    ]


def test_a_topic_without_an_answer_is_a_fault(small_kb: Path) -> None:
    (small_kb / "answers/courses/withdraw_course.yml").unlink()

    faults = check(small_kb)

    assert [str(fault) for fault in faults] == [
        "kb/topics.yml: topic withdraw_course has no answer; write answers/<group>/withdraw_course.yml"
    ]


def test_a_broken_answer_is_not_reported_as_missing_too(small_kb: Path) -> None:
    change(small_kb, COURSES, "topic: withdraw_course", "topic: [")

    faults = check(small_kb)

    assert [fault.path for fault in faults] == [COURSES]


def test_an_answer_that_is_no_utf8_is_a_fault(small_kb: Path) -> None:
    path = small_kb / "answers/courses/withdraw_course.yml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("big5"))

    faults = check(small_kb)

    assert [fault.path for fault in faults] == [COURSES]
    assert "save it as UTF-8" in faults[0].message


@pytest.mark.parametrize("name", ["topics", "desks", "links", "sources", "calendar", "phrases", "vocabulary"])
@pytest.mark.parametrize("text", [None, "a: [", "- 1\n- 2\n", "a: 1\na: 2\n", ""])
def test_a_file_that_cannot_be_used_is_named(small_kb: Path, name: str, text: str | None) -> None:
    path = small_kb / f"{name}.yml"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")

    faults = check(small_kb)

    assert any(fault.path == f"kb/{name}.yml" for fault in faults)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("topics", "desk: egov", "desk: moon", "topic forgot_password: desk 'moon' is not in desks.yml"),
        ("topics", "title: 客服電話", "title: 打招呼", "share one title"),
        ("topics", "id: greet", "id: contact_desk", "topic contact_desk stands twice"),
        ("topics", "id: greet", "id: Greet-1", "does not match"),
        ("desks", "next_desk: egov", "next_desk: moon", "next_desk 'moon' must name another desk"),
        ("desks", "next_desk: egov", "next_desk: platform", "next_desk 'platform' must name another desk"),
        ("desks", "website: home", "website: nowhere", "website 'nowhere' is not in links.yml"),
        ("desks", "12:00", "25:00", "hours"),
        ("desks", '"09:00-12:00"', '"12:00-09:00"', "hours must run forward"),
        ("desks", '"13:00-17:00"', '"08:00-08:30"', "hours must run forward"),
        ("desks", '"13:00-17:00"', '"11:00-17:00"', "not overlap"),
        ("desks", "02-1234-5678", "請看手冊", "phones"),
        ("desks", "help@example.org", "help at example.org", "mailboxes"),
        ("desks", "holidays: closed", "holidays: maybe", "hours"),
        ("desks", "phones: unknown", "phones: []", "phones"),
        ("desks", "refuses: [帳號]", "refuse: [帳號]", "refuses"),
        (
            "desks",
            'holidays: closed\n    source: {document: "001", section: 二}',
            'holidays: closed\n    source: {document: "001", section: 九}',
            "section '九' of document 001",
        ),
        ("desks", '5678, source: {document: "001"', '5678, source: {document: "009"', "source document '009'"),
        (
            "desks",
            '用, source: {document: "001", section: 二',
            '用, source: {document: "001", section: 八',
            "section '八'",
        ),
        ("desks", 'sources: [{document: "001", section: 一}]', 'sources: [{document: "001", section: 七}]', "'七'"),
        ("links", "https://", "http://", "is no well-formed https address"),
        ("links", "https://www.example.org/home", "www.example.org", "is no well-formed https address"),
        ("links", "https://www.example.org/home", "https://example", "is no well-formed https address"),
        ("links", "https://www.example.org/home", '"https://[www.example.org"', "is no well-formed https address"),
        ("links", "https://www.example.org/home", "https://www.example.org/a b", "is no well-formed https address"),
        ("links", "https://www.example.org/home", "https://www..org/", "is no well-formed https address"),
        ("links", "section: 一", "section: 十", "section '十' of document 001"),
        ("links", '  source: {document: "001", section: 一}\n', "", "'source' is a required property"),
        ("calendar", "[]", "[{date: 2026-08-10, working: false, desk: moon, why: 颱風}]", "desk 'moon'"),
        ("calendar", "[]", "[{date: 8月10日, working: false, why: 颱風}]", "date"),
        ("calendar", "[]", "[{date: 2026-08-10, working: 否, why: 颱風}]", "working"),
        ("calendar", "[]", "[{date: 2026-08-10, working: false}]", "'why' is a required property"),
        (
            "calendar",
            "[]",
            "[{date: 2026-08-10, working: false, why: 甲}, {date: 2026-08-10, working: true, why: 乙}]",
            "2026-08-10 stands twice",
        ),
        ("vocabulary", "google: [google]", "google: [google, EGOV]", "'EGOV' stands under both egov and google"),
        ("vocabulary", "desk:\n  egov", "desk:\n  moon", "desk 'moon' is not in desks.yml"),
        ("vocabulary", "google: [google]", "google: []", "google"),
        ("phrases", "fallback:", "fall_back:", "phrase 'fallback' is missing"),
        ("phrases", "{extensions}", "{extension}", "{extension} is not filled in here"),
        ("phrases", "{extensions}", "{extensions", "is no valid template"),
        ("phrases", "電話 {phones}", "電話 02-2192-7111", "a phone number stands in the text"),
        ("phrases", "weekday_names: 一二三四五六日", "weekday_names: 一二三四五六", "weekday_names"),
    ],
)
def test_a_fault_of_another_file_names_it(small_kb: Path, file: str, old: str, new: str, complaint: str) -> None:
    change(small_kb, f"kb/{file}.yml", old, new)

    faults = check(small_kb)

    assert any(fault.path == f"kb/{file}.yml" and complaint in fault.message for fault in faults), faults


def test_the_same_local_day_for_two_desks_is_no_fault(small_kb: Path) -> None:
    entries = ", ".join(
        f"{{date: 2026-08-10, working: false, desk: {desk}, why: 颱風}}" for desk in ("egov", "platform")
    )
    change(small_kb, "kb/calendar.yml", "[]", f"[{entries}]")

    faults = check(small_kb)

    assert faults == []


def test_all_faults_are_collected_not_only_the_first(small_kb: Path) -> None:
    change(small_kb, COURSES, "title: 如何退選", "title: 別的")
    change(small_kb, ACCOUNT, "links: [home]", "links: [nowhere]")
    change(small_kb, "kb/links.yml", "https://", "http://")

    faults = check(small_kb)

    assert [fault.path for fault in faults] == [ACCOUNT, COURSES, "kb/links.yml"]


def test_a_phrase_that_uses_fewer_fields_than_it_may_is_no_fault(kb_dir: Path) -> None:
    phrases = {**load(kb_dir).phrases, "complain": "很抱歉，請洽{name}。"}

    faults = list(phrase_faults(phrases))

    assert faults == []


def test_the_texts_of_an_answer_are_all_that_a_person_may_read(small_kb: Path) -> None:
    change(
        small_kb,
        COURSES,
        "short:",
        "steps: [甲]\nnotes: [乙]\n"
        "parts:\n  - {when: {provider: egov}, title: 丙, short: 丁, steps: [戊], notes: [己]}\nshort:",
    )
    answer = load(small_kb).answers["withdraw_course"]

    texts = list(texts_of(answer))

    assert texts == ["如何退選", "點「退選」。", "甲", "乙", "丙", "丁", "戊", "己"]
