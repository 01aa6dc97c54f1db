"""What a desk reads."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
from case_drafts import draft
from clock import Clock

from bot.cases.letters import Envelope, draw_letter, message_id
from bot.cases.records import Case
from bot.cases.rules import Rules, load_rules
from bot.cases.store import Cases
from bot.knowledge.models import Knowledge

PICTURE = ("截圖.png", "image/png", b"\x89PNG picture")


@pytest.fixture(scope="session")
def rules(kb_dir: Path, knowledge: Knowledge) -> Rules:
    loaded, faults = load_rules(kb_dir, knowledge)
    assert loaded is not None and faults == []
    return loaded


@pytest.fixture
def case(cases: Cases) -> Case:
    return cases.open(
        draft(
            desk="egov",
            topic="apply_official_account",
            subject="公務帳號申請",
            fields={"question": "申請兩週沒消息 <b>急</b>", "login": "我的e政府"},
            contact="王小明 0912-345-678",
            diagnosis={"type": "diagnosis", "portal": "lifelong", "causes": ["general_account"], "next_check": None},
            transcript=[{"who": "person", "text": "帳號呢"}, {"who": "bot", "text": "請洽 egov"}],
        )
    )


def envelope(clock: Clock, reply_to: str | None = "help@platform.example") -> Envelope:
    return Envelope("case:1:mail:1", "epark@platform.example", "demo@platform.example", reply_to, "egov", clock.now)


def test_a_letter_says_everything_in_text_and_in_html(
    case: Case, clock: Clock, knowledge: Knowledge, rules: Rules
) -> None:
    letter = draw_letter(case, [PICTURE], envelope(clock), knowledge, rules)

    text = letter.get_body(("plain",))
    html = letter.get_body(("html",))
    assert text is not None and html is not None
    for said in (text.get_content(), html.get_content()):
        for piece in (case.number, "公務帳號申請", "我的e政府客服", "王小明 0912-345-678", "帳號呢", "截圖.png"):
            assert piece in said, piece
        assert "一般民眾" in said and "如何申請我的e政府公務帳號" in said
    assert "申請兩週沒消息 <b>急</b>" in text.get_content()
    assert "<b>急" not in html.get_content() and "&lt;b&gt;急" in html.get_content()
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (PICTURE[0], PICTURE[2])


def test_the_headers_name_case_sender_and_whom_to_answer(
    case: Case, clock: Clock, knowledge: Knowledge, rules: Rules
) -> None:
    letter = draw_letter(case, [], envelope(clock), knowledge, rules)

    assert letter["Subject"] == f"[案件 {case.number}] 公務帳號申請"
    assert (letter["From"], letter["To"]) == ("epark@platform.example", "demo@platform.example")
    assert letter["Reply-To"] == "help@platform.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == clock.now
    without = draw_letter(case, [], envelope(clock, reply_to=None), knowledge, rules)
    assert without["Reply-To"] is None and "寄到平臺客服" not in str(without.get_body(("plain",)))


def test_the_same_letter_is_known_by_its_message_id(
    case: Case, clock: Clock, knowledge: Knowledge, rules: Rules
) -> None:
    first = draw_letter(case, [], envelope(clock), knowledge, rules)
    clock.go_on(minutes=5)
    second = draw_letter(case, [PICTURE], envelope(clock), knowledge, rules)

    assert first["Message-ID"] == second["Message-ID"] == message_id("case:1:mail:1", "epark@platform.example")
    assert str(first["Message-ID"]).endswith("@platform.example>")
    assert message_id("case:1:mail:2", "epark@platform.example") != first["Message-ID"]


def test_nobody_can_add_headers_through_a_subject(case: Case, clock: Clock, knowledge: Knowledge, rules: Rules) -> None:
    wicked = dataclasses.replace(case, subject="時數\r\nBcc: somebody@example.com")

    letter = draw_letter(wicked, [], envelope(clock), knowledge, rules)

    assert letter["Bcc"] is None and "\n" not in letter["Subject"]


def test_a_letter_without_diagnosis_or_contact_says_so_or_nothing(
    case: Case, clock: Clock, knowledge: Knowledge, rules: Rules
) -> None:
    bare = dataclasses.replace(case, contact=None, diagnosis=None, topic=None, transcript=(), fields={})

    letter = draw_letter(bare, [], envelope(clock), knowledge, rules)

    text = letter.get_body(("plain",))
    assert text is not None
    assert "聯絡資料：未提供" in text.get_content() and "檢查結果" not in text.get_content()
    assert isinstance(bare.opened_at, datetime.datetime)
