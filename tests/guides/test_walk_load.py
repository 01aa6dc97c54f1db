"""Faults in guides and navigation words are all found, each named by its file."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from bot.guides.navigation import load_navigation
from bot.guides.walk_load import load_walks
from bot.knowledge.models import Knowledge

GUIDE = """
guide: small
topic: egov_register
title: 一步步帶我喝茶
words: [教我泡茶]
reviewed: 2026-01-05
start: ask
screens:
  ask:
    text: 有茶葉嗎？
    choices:
      - {title: 有茶葉, words: [有], next: brew}
      - {title: 沒有茶葉, words: [沒有], next: buy}
    stuck: 看看罐子，洽{desk:egov}。
    sources: [{document: "001", section: 第一步}]
  buy:
    text: 去買。
    next: brew
    stuck: 問店員。
    sources: [{document: "001", section: 第一步}]
  brew:
    text: 沖熱水。
    end: true
    topic: general_public_login
    contacts: [egov]
    stuck: 等水滾。
    sources: [{document: "001", section: 第一步}]
"""
NAVIGATION = """
next: {title: 下一步, words: [繼續]}
back: {title: 上一步, words: [返回]}
stuck: {title: 卡住了, words: [不會]}
leave: {title: 離開, words: [取消]}
places: [["1"], ["2"]]
before: [我]
after: [了]
"""


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    folder = tmp_path / "kb" / "guides"
    folder.mkdir(parents=True)
    (folder / "small.yml").write_text(GUIDE, encoding="utf-8")
    (folder / "navigation.yml").write_text(NAVIGATION, encoding="utf-8")
    return tmp_path / "kb"


def change(kb: Path, file: str, old: str, new: str) -> None:
    path = kb / "guides" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_small_guide_holds_together(kb: Path, knowledge: Knowledge) -> None:
    guides, faults = load_walks(kb, knowledge)

    assert faults == [] and list(guides) == ["small"]


def test_the_delivered_guides_hold_together_with_knowledge_read_by_themselves(kb_dir: Path) -> None:
    guides, faults = load_walks(kb_dir)

    assert faults == [] and len(guides) == 4


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("guide: small", "guide: [", "is not valid YAML"),
        ("guide: small", "guide: small\nguide: small", "duplicate key"),
        ("guide: small", "guide: other", "must be named other.yml"),
        ("guide: small", "guide: Small!", "guide: 'Small!' does not match"),
        ("guide: small\n", "", "'guide' is a required property"),
        ("topic: egov_register", "topic: fly", "'fly' is no faq topic of topics.yml"),
        ("topic: egov_register", "topic: greet", "'greet' is no faq topic of topics.yml"),
        ("topic: general_public_login", "topic: fly", "screen brew: topic 'fly' is no faq topic"),
        ("title: 一步步帶我喝茶", "title: 一步步帶我喝茶喝到天亮再喝到天黑然後睡覺去", "is too long"),
        ("title: 一步步帶我喝茶", "title: 如何查詢課程", "already means topic search_course"),
        ("words: [教我泡茶]", "words: [如何查詢課程]", "already means topic search_course"),
        ("words: [教我泡茶]", "words: [离开]", "is the button '離開' of navigation.yml"),
        ("words: [教我泡茶]", "words: ['？！']", "has neither letters nor digits"),
        ("title: 有茶葉,", "title: 有茶葉有茶葉有茶葉有茶葉有茶葉有茶葉有茶葉,", "is too long"),
        ("reviewed: 2026-01-05", "reviewed: 去年", "reviewed"),
        ("reviewed: 2026-01-05", "reviewed: 2026-02-30", "cannot be read"),
        ("reviewed: 2026-01-05", "reviewed: 2999-01-01", "lies in the future"),
        ("start: ask", "start: nowhere", "start 'nowhere' is no screen"),
        ("next: buy", "next: nowhere", "screen ask: next 'nowhere' is no screen"),
        ("next: buy", "next: brew", "screen buy is never reached from ask"),
        ("next: brew\n    stuck", "next: buy\n    stuck", "screen buy is a dead end"),
        ("next: brew\n    stuck", "next: buy\n    stuck", "screen buy comes back to itself without a choice"),
        ("    next: brew\n", "", "screen buy: must have exactly one of choices, next and end"),
        ("    next: brew\n", "    next: brew\n    end: true\n", "screen buy: must have exactly one of"),
        ("    end: true\n", "    end: false\n", "screens.brew.end"),
        ("    next: brew\n", "    next: brew\n    contacts: [egov]\n", "topic and contacts belong to an end only"),
        ("contacts: [egov]", "contacts: [moon]", "desk 'moon' is not in desks.yml"),
        ('document: "001"', 'document: "009"', "source document '009' is not in sources.yml"),
        ("section: 第一步", "section: 第百步", "section '第百步' of document 001 is not in sources.yml"),
        ("    stuck: 問店員。\n", "", "'stuck' is a required property"),
        ("stuck: 問店員。", 'stuck: " "', "stuck"),
        ("去買。", "打 02-2192-7111 去買。", "screen buy: a phone number stands in the text"),
        ("去買。", "寫信到 tea@example.org 去買。", "screen buy: a mailbox stands in the text"),
        ("去買。", "開啟 www.example.org 去買。", "screen buy: a web address stands in the text"),
        ("問店員。", '"洽 {phone:moon}。"', "desk 'moon' is not in desks.yml"),
        ("問店員。", '"洽 {phone:platform}。"', "cannot be filled"),
        ("問店員。", '"看 {link:nowhere}。"', "link 'nowhere' is not in links.yml"),
        ("words: [沒有]", "words: [没有, 有]", "'有' stands under '有茶葉' and under '沒有茶葉'"),
        ("title: 沒有茶葉", "title: 有茶葉", "two choices share one title"),
        ("words: [沒有]", "words: [卡住了]", "is the button '卡住了' of navigation.yml"),
        ("    text: 去買。", "    colour: red\n    text: 去買。", "'colour' was unexpected"),
    ],
)
def test_a_fault_names_the_file_and_leaves_the_guide_out(
    kb: Path, knowledge: Knowledge, old: str, new: str, complaint: str
) -> None:
    change(kb, "small.yml", old, new)

    guides, faults = load_walks(kb, knowledge)

    assert guides == {}
    assert {fault.path for fault in faults} == {"kb/guides/small.yml"}
    assert any(complaint in fault.message for fault in faults), faults


def test_all_faults_of_all_guides_are_found_at_once(kb: Path, knowledge: Knowledge) -> None:
    shutil.copy(kb / "guides" / "small.yml", kb / "guides" / "other.yml")
    change(kb, "other.yml", "guide: small", "guide: other")
    change(kb, "other.yml", "contacts: [egov]", "contacts: [moon]")
    change(kb, "small.yml", "next: buy", "next: nowhere")

    guides, faults = load_walks(kb, knowledge)

    assert guides == {}
    assert {fault.path for fault in faults} == {"kb/guides/small.yml", "kb/guides/other.yml"}


def test_two_guides_may_not_share_a_name(kb: Path, knowledge: Knowledge) -> None:
    shutil.copy(kb / "guides" / "small.yml", kb / "guides" / "tea.yml")
    change(kb, "tea.yml", "guide: small", "guide: tea")
    change(kb, "tea.yml", "title: 一步步帶我喝茶", "title: 一步步带我喝茶")
    change(kb, "tea.yml", "words: [教我泡茶]", "words: [請教我泡茶嘛]")

    guides, faults = load_walks(kb, knowledge)

    assert list(guides) == ["small"]
    assert [fault.path for fault in faults] == ["kb/guides/tea.yml"]
    assert "already means guide small" in faults[0].message


def test_a_choice_may_come_back_to_an_earlier_screen(kb: Path, knowledge: Knowledge) -> None:
    change(kb, "small.yml", "next: brew}", "next: ask}")

    guides, faults = load_walks(kb, knowledge)

    assert faults == [] and guides["small"].remaining == {"ask": 2, "buy": 1, "brew": 0}


def test_a_guide_reviewed_after_the_day_that_is_asked_about_is_a_fault(kb: Path, knowledge: Knowledge) -> None:
    _, faults = load_walks(kb, knowledge, today=datetime.date(2026, 1, 4))

    assert "lies in the future" in faults[0].message


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("words: [取消]", "words: [取消, 繼續]", "'繼續' stands under next and under leave"),
        ("words: [取消]", "words: [取消, 继续]", "'继续' stands under next and under leave"),
        ("words: [取消]", 'words: [取消, "1"]', "'1' is both a place and leave"),
        ('[["1"], ["2"]]', '[["1"], ["1"]]', "'1' stands under 0 and under 1"),
        ("words: [取消]", "words: ['！']", "has neither letters nor digits"),
        ("words: [取消]", "words: []", "leave.words"),
        ("before: [我]\n", "", "'before' is a required property"),
        ("next:", "next: [", "is not valid YAML"),
    ],
)
def test_faults_of_the_navigation_words_are_named_too(
    kb: Path, knowledge: Knowledge, old: str, new: str, complaint: str
) -> None:
    change(kb, "navigation.yml", old, new)

    navigation, faults = load_navigation(kb)

    assert navigation is None
    assert {fault.path for fault in faults} == {"kb/guides/navigation.yml"}
    assert any(complaint in fault.message for fault in faults), faults
    assert load_walks(kb, knowledge)[1] == faults


def test_a_missing_navigation_file_is_said(kb: Path, knowledge: Knowledge) -> None:
    (kb / "guides" / "navigation.yml").unlink()

    _, faults = load_walks(kb, knowledge)

    assert [str(fault) for fault in faults] == ["kb/guides/navigation.yml: file is missing; restore it"]


def test_a_file_that_is_no_utf_8_is_said(kb: Path, knowledge: Knowledge) -> None:
    (kb / "guides" / "small.yml").write_bytes("guide: 茶".encode("big5"))

    guides, faults = load_walks(kb, knowledge)

    assert guides == {} and "save it as UTF-8" in faults[0].message
