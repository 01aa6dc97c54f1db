"""Which course a message names."""

from __future__ import annotations

import datetime

import pytest

from bot.actions.named_course import named_enrollments, named_title
from bot.knowledge.models import Knowledge
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=TAIPEI)


def learner(*titles: str) -> Learner:
    courses = tuple(
        Enrollment(Course(f"C{number}", title, "open", 1), NOON, 0, False) for number, title in enumerate(titles)
    )
    return Learner("T5602110801", "王小明", Account("egov", "civil_servant", True), Profile(), courses, NOON)


def titles(text: str, someone: Learner, knowledge: Knowledge) -> list[str]:
    return [one.course.title for one in named_enrollments(text, someone, knowledge)]


@pytest.mark.parametrize(
    "text",
    [
        "請問環境變遷概論過了嗎",
        "環境變遷那門過了沒",
        "幫我查「環境變遷概論」",
        "環境變千概論過了嗎",
        "还缺什么 环境变迁概论",
    ],
)
def test_a_course_is_found_by_title_part_sound_and_simplified_signs(text: str, knowledge: Knowledge) -> None:
    someone = learner("環境變遷概論", "公文寫作要領")

    assert titles(text, someone, knowledge) == ["環境變遷概論"]


@pytest.mark.parametrize("text", ["我的時數呢", "環境教育時數上傳了嗎", "", "「概論」"])
def test_words_about_hours_and_portals_name_no_course(text: str, knowledge: Knowledge) -> None:
    someone = learner("環境教育概論", "公文寫作要領")

    assert titles(text, someone, knowledge) == []


def test_a_quoted_title_that_only_begins_like_one_of_the_record_is_another_course(knowledge: Knowledge) -> None:
    someone = learner("環境教育概論")

    assert titles("「環境教育進階」過了嗎", someone, knowledge) == []
    assert named_title("「環境教育進階」過了嗎", knowledge) == "環境教育進階"


def test_of_two_similar_courses_the_better_match_is_told(knowledge: Knowledge) -> None:
    someone = learner("python程式設計 初階", "python程式設計 進階")

    assert titles("PYTHON程式設計 初階 還缺什麼", someone, knowledge) == ["python程式設計 初階"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("幫我查《海洋教育》過了沒", "海洋教育"),
        ("查一下海洋保育入門這門課過了沒", "海洋保育入門"),
        ("幫我看海洋保育入門還缺什麼", "海洋保育入門"),
        ("幫我看一下我的課過了沒", None),
        ("幫我查時數上傳了沒", None),
        ("幫我查終身學習時數上傳了沒", None),
        ("幫我看哪些課還缺問卷", None),
    ],
)
def test_a_course_that_the_record_may_not_hold_is_named_too(text: str, title: str | None, knowledge: Knowledge) -> None:
    assert named_title(text, knowledge) == title
