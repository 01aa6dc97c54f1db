"""The guides of kb/guides as they are delivered: every way through each of them, by taps and by other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.questions import Question, read_questions
from bot.guides.navigation import Navigation, load_navigation
from bot.guides.walk import WalkGuide, asked_for, move, progress
from bot.guides.walk_load import load_walks
from bot.knowledge.fill import fill
from bot.knowledge.models import Knowledge

GUIDES = ("convert_official_account", "ecpa_first_login", "egov_register", "first_login")
Place = tuple[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def words(kb_dir: Path) -> Navigation:
    navigation, faults = load_navigation(kb_dir)
    assert navigation is not None and faults == []
    return navigation


@pytest.fixture(scope="module")
def walks(kb_dir: Path, knowledge: Knowledge) -> dict[str, WalkGuide]:
    guides, faults = load_walks(kb_dir, knowledge)
    assert faults == []
    return guides


@pytest.fixture(scope="module")
def questions(project: Path) -> list[Question]:
    return read_questions([project / "tests" / "questions"])


def ways(guide: WalkGuide, words: Navigation) -> Iterator[list[Place]]:
    """Every way from the start to an end, by taps alone."""
    todo: list[list[Place]] = [[(guide.start, ())]]
    while todo:
        way = todo.pop()
        screen, path = way[-1]
        here = guide.screens[screen]
        if here.end:
            yield way
        for tap in [choice.title for choice in here.choices] or ([words.titles["next"]] if here.next else []):
            moved = move(guide, screen, path, tap, words)
            assert moved is not None and not (moved.left or moved.stuck or moved.stayed)
            todo.append([*way, (moved.screen, moved.path)])


def test_all_guides_are_there(walks: dict[str, WalkGuide]) -> None:
    assert tuple(sorted(walks)) == GUIDES


@pytest.mark.parametrize("name", GUIDES)
def test_every_way_leads_to_an_end_and_all_the_way_back(
    walks: dict[str, WalkGuide], words: Navigation, name: str
) -> None:
    guide = walks[name]
    ends = set()
    for way in ways(guide, words):
        ends.add(way[-1][0])
        screen, path = way[-1]
        for before in reversed(way[:-1]):
            moved = move(guide, screen, path, words.titles["back"], words)
            assert moved is not None and (moved.screen, moved.path) == before
            screen, path = before

    assert ends == {screen.id for screen in guide.screens.values() if screen.end}


@pytest.mark.parametrize("name", GUIDES)
def test_the_steps_are_counted_one_by_one_and_the_whole_never_grows(
    walks: dict[str, WalkGuide], words: Navigation, name: str
) -> None:
    guide = walks[name]
    for way in ways(guide, words):
        counted = [progress(guide, screen, path) for screen, path in way]

        assert [step for step, _ in counted] == list(range(1, len(way) + 1))
        assert [whole for _, whole in counted] == sorted((whole for _, whole in counted), reverse=True)
        assert counted[-1] == (len(way), len(way))


@pytest.mark.parametrize("name", GUIDES)
def test_stuck_gives_help_on_every_screen_that_names_whom_to_ask(
    walks: dict[str, WalkGuide], words: Navigation, knowledge: Knowledge, name: str
) -> None:
    guide = walks[name]
    for screen in guide.screens.values():
        moved = move(guide, screen.id, [], words.titles["stuck"], words)

        assert moved is not None and moved.stuck and moved.screen == screen.id
        assert re.search(r"\{(phone|mail|desk):", screen.stuck) or "單位" in screen.stuck, screen.id
        assert "{" not in fill(screen.stuck, knowledge) and "{" not in fill(screen.text, knowledge)
        assert screen.stuck != screen.text


@pytest.mark.parametrize("name", GUIDES)
def test_every_other_wording_of_a_choice_takes_it(walks: dict[str, WalkGuide], words: Navigation, name: str) -> None:
    guide = walks[name]
    for screen in guide.screens.values():
        for place, choice in enumerate(screen.choices, 1):
            for text in (*choice.words, f"{choice.title}。", str(place)):
                moved = move(guide, screen.id, [], text, words)

                assert moved is not None and moved.screen == choice.next, (screen.id, text)


@pytest.mark.parametrize("name", GUIDES)
def test_an_end_offers_an_answer_and_names_desks(walks: dict[str, WalkGuide], knowledge: Knowledge, name: str) -> None:
    for screen in walks[name].screens.values():
        if screen.end:
            assert screen.topic in knowledge.answers and screen.contacts
            assert screen.topic != walks[name].topic


@pytest.mark.parametrize("name", GUIDES)
def test_held_out_questions_of_other_matters_never_move_a_guide(
    walks: dict[str, WalkGuide], words: Navigation, questions: list[Question], knowledge: Knowledge, name: str
) -> None:
    # A keyword such as Gmail or 公務帳號 is what a screen's choices are called: it rightly chooses.
    asked = [one for one in questions if one.kind != "keywords"]
    others = [one for one in asked if knowledge.topics[one.topic].kind != "conversation"]
    moved = [
        (screen, one.text)
        for one in others
        for screen in walks[name].screens
        if move(walks[name], screen, [], one.text, words) is not None
    ]

    assert len(others) > 500 and moved == []


@pytest.mark.thorough
def test_small_talk_never_moves_a_guide_except_yes_no_and_stop(
    walks: dict[str, WalkGuide], words: Navigation, questions: list[Question]
) -> None:
    meant = {"affirm", "deny", "stop", "goodbye"}
    talk = {"greet", "thank", "help", "bot_challenge", "complain", "out_of_scope"}
    for one in (one for one in questions if one.kind != "keywords"):
        for guide in walks.values():
            for screen in guide.screens:
                moved = move(guide, screen, [], one.text, words)
                if one.topic in talk:
                    assert moved is None, one.text
                elif moved is not None:
                    assert one.topic in meant, one.text


def test_no_held_out_question_starts_a_guide(
    walks: dict[str, WalkGuide], words: Navigation, questions: list[Question]
) -> None:
    assert [one.text for one in questions if asked_for(walks, one.text, words)] == []


def test_every_guide_is_started_by_its_title_and_its_other_names(
    walks: dict[str, WalkGuide], words: Navigation
) -> None:
    for guide in walks.values():
        for name in (guide.title, *guide.words):
            assert asked_for(walks, name, words) is guide


@pytest.mark.parametrize(
    ("taps", "end"),
    [
        (["公務人員（含約聘僱）", "有人事服務網eCPA帳號"], "civil_ecpa"),
        (["約聘僱", "我有e政府帳號", "自然人"], "civil_egov_convert"),
        (["我是公務員", "我的e政府", "公務帳號"], "civil_egov_ready"),
        (["1", "3"], "civil_none"),
        (["一般民眾", "是", "我有"], "public_egov_ready"),
        (["我是一般民众", "我要", "我沒有"], "public_register"),
        (["2", "不用", "臉書"], "public_facebook"),
        (["民眾", "不需要", "蘋果"], "public_apple"),
    ],
)
def test_the_sign_in_decision_ends_where_the_handbook_says(
    walks: dict[str, WalkGuide], words: Navigation, taps: list[str], end: str
) -> None:
    guide = walks["first_login"]
    screen, path = guide.start, ()
    for tap in taps:
        moved = move(guide, screen, path, tap, words)
        assert moved is not None, tap
        screen, path = moved.screen, moved.path

    assert screen == end and guide.screens[screen].end
