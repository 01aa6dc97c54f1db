"""Walking a small guide: what each message does, and how far one is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.guides.navigation import Navigation, fold, load_navigation
from bot.guides.walk import Move, WalkGuide, asked_for, move, progress, settle
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
    stuck: 看看罐子。
    sources: [{document: "001", section: 第一步}]
  buy:
    text: 去買。
    next: check
    stuck: 問店員。
    sources: [{document: "001", section: 第一步}]
  check:
    text: 買到了嗎？
    choices:
      - {title: 買到了, words: [買好了], next: brew}
      - {title: 還沒買到, words: [還沒], next: buy}
    stuck: 看看袋子。
    sources: [{document: "001", section: 第一步}]
  brew:
    text: 沖熱水。
    end: true
    topic: general_public_login
    contacts: [egov]
    stuck: 等水滾。
    sources: [{document: "001", section: 第一步}]
"""


@pytest.fixture
def guide(tmp_path: Path, kb_dir: Path, knowledge: Knowledge) -> WalkGuide:
    folder = tmp_path / "kb" / "guides"
    folder.mkdir(parents=True)
    shutil.copy(kb_dir / "guides" / "navigation.yml", folder)
    (folder / "small.yml").write_text(GUIDE, encoding="utf-8")
    guides, faults = load_walks(tmp_path / "kb", knowledge)
    assert faults == []
    return guides["small"]


@pytest.fixture(scope="module")
def words(kb_dir: Path) -> Navigation:
    navigation, faults = load_navigation(kb_dir)
    assert navigation is not None and faults == []
    return navigation


@pytest.mark.parametrize(
    "text",
    ["沒有茶葉", "沒有", "我沒有", "沒有耶", " 沒有。", "没有茶叶", "嗯，應該沒有吧", "2", "第二個", "選2", "２"],
)
def test_a_choice_is_taken_by_its_title_a_word_for_it_or_its_place(
    guide: WalkGuide, words: Navigation, text: str
) -> None:
    assert move(guide, "ask", [], text, words) == Move("buy", ("ask",))


@pytest.mark.parametrize(
    "text",
    [
        "下一步",
        "下一步。",
        "下一步驟",
        "下一布",
        "繼續",
        "继续",
        "好",
        "OK",
        "好的，下一步",
        "next",
        "做好了",
        "完成了",
    ],
)
def test_a_plain_step_goes_on_with_any_word_for_it(guide: WalkGuide, words: Navigation, text: str) -> None:
    assert move(guide, "buy", ["ask"], text, words) == Move("check", ("ask", "buy"))


@pytest.mark.parametrize("text", ["上一步", "上一布", "回上一步", "返回", "选错了", "我點錯了"])
def test_back_walks_the_path_back_one_by_one(guide: WalkGuide, words: Navigation, text: str) -> None:
    assert move(guide, "check", ["ask", "buy"], text, words) == Move("buy", ("ask",))
    assert move(guide, "buy", ["ask"], text, words) == Move("ask", ())


@pytest.mark.parametrize(
    "text", ["卡住了", "卡住", "卡注了", "我不會", "看不懂", "不知道", "找不到", "怎么办", "還是不行啊"]
)
def test_stuck_stays_and_asks_for_help(guide: WalkGuide, words: Navigation, text: str) -> None:
    for screen in guide.screens:
        assert move(guide, screen, ["ask"], text, words) == Move(screen, ("ask",), stuck=True)


@pytest.mark.parametrize("text", ["離開", "离开", "結束", "不用了", "取消", "先這樣", "算了", "exit"])
def test_leaving_is_possible_everywhere(guide: WalkGuide, words: Navigation, text: str) -> None:
    for screen in guide.screens:
        moved = move(guide, screen, [], text, words)

        assert moved is not None and moved.left


def test_where_there_is_no_way_the_screen_is_said_again(guide: WalkGuide, words: Navigation) -> None:
    assert move(guide, "ask", [], "上一步", words) == Move("ask", (), stayed=True)
    assert move(guide, "ask", [], "下一步", words) == Move("ask", (), stayed=True)


def test_going_on_from_the_last_screen_is_being_done(guide: WalkGuide, words: Navigation) -> None:
    assert move(guide, "brew", ["ask"], "好了", words) == Move("brew", ("ask",), left=True)


def test_a_way_that_turns_back_does_not_let_the_path_grow(guide: WalkGuide, words: Navigation) -> None:
    at = move(guide, "check", ["ask", "buy"], "還沒", words)

    assert at == Move("buy", ("ask",))
    for _ in range(50):
        at = move(guide, at.screen, at.path, "下一步", words)
        at = move(guide, at.screen, at.path, "還沒買到", words)
    assert at == Move("buy", ("ask",))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "？",
        "怎麼退選",
        "有茶葉嗎怎麼辦才好",
        "忘記密碼",
        "3",
        "第三個",
        "謝謝",
        "啊" * 5000,
        "有沒有電話",
        "\u200b",
    ],
)
def test_another_question_does_not_fit(guide: WalkGuide, words: Navigation, text: str) -> None:
    assert move(guide, "ask", [], text, words) is None


def test_progress_counts_the_way_walked_and_the_longest_way_left(guide: WalkGuide) -> None:
    assert progress(guide, "ask", []) == (1, 4)
    assert progress(guide, "buy", ["ask"]) == (2, 4)
    assert progress(guide, "check", ["ask", "buy"]) == (3, 4)
    assert progress(guide, "brew", ["ask", "buy", "check"]) == (4, 4)
    assert progress(guide, "brew", ["ask"]) == (2, 2)


def test_a_place_stored_before_an_edit_falls_back_to_what_is_still_there(guide: WalkGuide, words: Navigation) -> None:
    assert settle(guide, "gone", ["ask", "also_gone", "buy"]) == ("buy", ("ask",))
    assert settle(guide, "gone", []) == ("ask", ())
    assert settle(guide, "check", ["ask", "also_gone"]) == ("check", ("ask",))
    assert move(guide, "gone", ["ask", "buy"], "下一步", words) == Move("check", ("ask", "buy"))
    assert progress(guide, "gone", ["ask", "buy"]) == (2, 4)


def test_where_one_stands_is_json(guide: WalkGuide, words: Navigation) -> None:
    moved = move(guide, "ask", [], "沒有", words)
    assert moved is not None

    stored = json.loads(json.dumps({"guide": guide.id, "screen": moved.screen, "path": list(moved.path)}))

    assert move(guide, stored["screen"], stored["path"], "上一步", words) == Move("ask", ())


@pytest.mark.parametrize(
    "text", ["一步步帶我喝茶", "一步步带我喝茶", "請一步步帶我喝茶，謝謝", "教我泡茶", "教我泡茶！"]
)
def test_a_guide_is_asked_for_by_its_title_or_its_other_names(guide: WalkGuide, words: Navigation, text: str) -> None:
    assert asked_for({"small": guide}, text, words) is guide


@pytest.mark.parametrize("text", ["喝茶", "怎麼泡茶", "教我泡茶要多久", "下一步", ""])
def test_what_only_resembles_a_guides_name_is_no_request_for_it(guide: WalkGuide, words: Navigation, text: str) -> None:
    assert asked_for({"small": guide}, text, words) is None


def test_folding_brings_width_case_script_and_marks_to_one() -> None:
    assert fold(" ＥＣＰＡ 「帳號」。") == fold("ecpa帐号") == "ecpa帐号"
