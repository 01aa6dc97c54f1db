"""A learner's year."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile
from bot.learners.summary import summarise

ETHICS = ["性別平等", "廉政與服務倫理", "人權教育", "轉型正義", "行政中立", "多元族群文化", "公民參與"]


def enrollment(code: str, completed_at: datetime.datetime | None, **course: Any) -> Enrollment:
    """A course without a test whose reading and survey are done."""
    described = Course(**{"code": code, "title": code, "kind": "open", "certified_hours": 1.0, **course})
    return Enrollment(
        described, datetime.datetime(2026, 1, 1, tzinfo=TAIPEI), 0, survey_done=True, completed_at=completed_at
    )


def learner(*enrollments: Enrollment) -> Learner:
    """A learner with these courses."""
    account = Account("ecpa", "civil_servant", id_number_on_file=True)
    as_of = datetime.datetime(2026, 11, 20, 5, tzinfo=TAIPEI)
    return Learner("T5602110801", "王小明", account, Profile(), enrollments, as_of)


SPRING = datetime.datetime(2026, 4, 1, 9, 0, tzinfo=TAIPEI)


def test_hours_are_summed_by_exact_category_and_uncapped() -> None:
    courses = [
        enrollment("P", SPRING, category="當前政府重大政策", certified_hours=1.5),
        enrollment("E", SPRING, category="環境教育", certified_hours=6),
        *(enrollment(f"R{number}", SPRING, category=name) for number, name in enumerate(ETHICS)),
        enrollment("X", SPRING, category="資通安全", certified_hours=2),
        enrollment("N", SPRING, category=None, certified_hours=0.5),
    ]

    summary = summarise(learner(*courses), 2026)

    assert summary.done == {"policy": 1.5, "env_edu": 6, "ethics": 7}
    assert summary.certified_hours == 17
    assert summary.unfinished == 0


@pytest.mark.parametrize("category", ["環境教育課程", "環境", "環 境教育", "性別平等教育", "ENV"])
def test_a_category_that_only_resembles_one_counts_for_none_of_the_ten(category: str) -> None:
    near = learner(enrollment("C", SPRING, category=category))

    summary = summarise(near, 2026)

    assert sum(summary.done.values()) == 0
    assert summary.certified_hours == 1


def test_a_category_is_trimmed_before_it_is_compared() -> None:
    padded = learner(enrollment("C", SPRING, category=" 環境教育\n"))

    assert summarise(padded, 2026).done["env_edu"] == 1


def test_the_year_of_a_course_is_that_of_taipei() -> None:
    new_year = datetime.datetime(2025, 12, 31, 16, 0, tzinfo=datetime.timezone.utc)
    old_year = new_year - datetime.timedelta(seconds=1)
    both = learner(enrollment("NEW", new_year, certified_hours=2), enrollment("OLD", old_year, certified_hours=3))

    sums = [summarise(both, year).certified_hours for year in (2025, 2026, 2027)]

    assert sums == [3, 2, 0]


def test_a_course_that_is_completed_but_lacks_something_does_not_count_and_stays_unfinished() -> None:
    failed = enrollment("C", SPRING, pass_score=60)

    summary = summarise(learner(failed), 2026)

    assert summary.certified_hours == 0
    assert summary.unfinished == 1


def test_a_course_that_lacks_nothing_but_was_never_completed_counts_for_nothing_and_is_not_unfinished() -> None:
    without_moment = enrollment("C", None)

    summary = summarise(learner(without_moment), 2026)

    assert summary.certified_hours == 0
    assert summary.unfinished == 0


def test_unfinished_courses_are_counted_in_any_year() -> None:
    open_ones = [enrollment("A", None, pass_score=60), enrollment("B", SPRING, pass_score=60)]

    summary = summarise(learner(*open_ones, enrollment("C", SPRING)), 1999)

    assert summary.unfinished == 2
    assert summary.certified_hours == 0


def test_a_learner_without_courses_has_zeroes() -> None:
    nobody = learner()

    summary = summarise(nobody, 2026)

    assert (summary.certified_hours, summary.unfinished) == (0, 0)
    assert summary.done == {"policy": 0, "env_edu": 0, "ethics": 0}
