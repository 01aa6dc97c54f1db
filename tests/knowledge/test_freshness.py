"""When answers must be looked at again."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.freshness import due
from bot.knowledge.load import load

REVIEWED = datetime.date(2026, 1, 5)
ANSWER = "answers/courses/withdraw_course.yml"


def days(count: int) -> datetime.date:
    return REVIEWED + datetime.timedelta(days=count)


def late(kb: Path, today: datetime.date, within: int = 0) -> list[tuple[str, int]]:
    return [(one.answer.topic, one.late(today)) for one in due(load(kb), today, within)]


def test_an_answer_is_due_the_day_after_its_period(small_kb: Path) -> None:
    (small_kb / "review.yml").write_text("days: 30\ngroups: {courses: 10}\n", encoding="utf-8")

    assert late(small_kb, days(10)) == []
    assert late(small_kb, days(11)) == [("withdraw_course", 1)]
    assert late(small_kb, days(31)) == [("withdraw_course", 21), ("forgot_password", 1)]


def test_those_that_will_be_due_soon_can_be_asked_for(small_kb: Path) -> None:
    (small_kb / "review.yml").write_text("days: 30\n", encoding="utf-8")

    assert late(small_kb, days(25)) == []
    assert late(small_kb, days(25), within=6) == [("forgot_password", -5), ("withdraw_course", -5)]


def test_an_answer_may_say_the_day_itself(small_kb: Path) -> None:
    path = small_kb / ANSWER
    path.write_text(path.read_text(encoding="utf-8") + "review_by: 2026-01-06\n", encoding="utf-8")

    assert late(small_kb, datetime.date(2026, 1, 7)) == [("withdraw_course", 1)]


def test_without_the_file_half_a_year_counts(small_kb: Path) -> None:
    assert late(small_kb, days(180)) == []
    assert len(late(small_kb, days(181))) == 2


@pytest.mark.parametrize(("day", "what"), [("2026-01-05", "not after"), ("2036-01-05", "three years")])
def test_a_day_that_makes_no_sense_is_named(small_kb: Path, day: str, what: str) -> None:
    path = small_kb / ANSWER
    path.write_text(path.read_text(encoding="utf-8") + f"review_by: {day}\n", encoding="utf-8")

    assert [what in str(one) for one in check(small_kb)] == [True]


def test_a_period_for_a_folder_that_does_not_exist_is_named(small_kb: Path) -> None:
    (small_kb / "review.yml").write_text("days: 30\ngroups: {nowhere: 10}\n", encoding="utf-8")

    assert ["nowhere" in str(one) for one in check(small_kb)] == [True]
