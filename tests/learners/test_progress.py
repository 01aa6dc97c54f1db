"""What a course still lacks."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bot.learners.progress import missing, reading_minutes_left
from bot.learners.records import TAIPEI, Course, Enrollment


def enrollment(course: dict[str, Any] | None = None, **own: Any) -> Enrollment:
    """A finished course of one hour; what a test is about is given by name."""
    facts = {"required_reading_minutes": 30, "pass_score": 60, **(course or {})}
    described = Course(**{"code": "C1", "title": "課程", "kind": "open", "certified_hours": 1, **facts})
    values = {"reading_minutes": 30, "survey_done": True, "best_score": 60, **own}
    return Enrollment(course=described, enrolled_at=datetime.datetime(2026, 11, 1, 9, tzinfo=TAIPEI), **values)


def test_a_finished_course_lacks_nothing() -> None:
    done = enrollment()

    assert missing(done) == []


def test_everything_that_is_missing_is_named_in_the_order_of_the_contract() -> None:
    unread = enrollment(reading_minutes=29, best_score=None, survey_done=False)
    failed = enrollment(reading_minutes=29, best_score=59, survey_done=False)

    assert missing(unread) == ["reading_short", "test_missing", "survey_missing"]
    assert missing(failed) == ["reading_short", "test_below_pass", "survey_missing"]


def test_a_score_of_exactly_the_pass_score_passes() -> None:
    just, under = enrollment(best_score=60), enrollment(best_score=59)

    assert missing(just) == []
    assert missing(under) == ["test_below_pass"]


def test_a_score_of_zero_is_a_score_and_not_a_missing_test() -> None:
    zero = enrollment(best_score=0)

    assert missing(zero) == ["test_below_pass"]


def test_a_course_without_a_test_lacks_none_whatever_the_score_says() -> None:
    untested = enrollment(course={"pass_score": None}, best_score=None)
    tested = enrollment(course={"pass_score": None}, best_score=3)

    assert missing(untested) == missing(tested) == []


def test_a_survey_that_nobody_asks_for_is_not_missing() -> None:
    unasked = enrollment(course={"survey_required": False}, survey_done=False)

    assert missing(unasked) == []


def test_a_mooc_lacks_its_form_and_nothing_else() -> None:
    open_mooc = enrollment(course={"kind": "mooc"}, reading_minutes=0, best_score=None, survey_done=False)
    with_form = enrollment(course={"kind": "mooc"}, reading_minutes=0, survey_done=False, mooc_form_submitted=True)

    assert missing(open_mooc) == ["mooc_form_missing"]
    assert missing(with_form) == []


@pytest.mark.parametrize("kind", ["open", "bundle", "micro", "spoc", "ebook", "live"])
def test_only_a_mooc_needs_the_form(kind: str) -> None:
    without_form = enrollment(course={"kind": kind}, mooc_form_submitted=False)

    assert missing(without_form) == []


def test_minutes_left_are_rounded_up_and_never_negative() -> None:
    half_a_minute = enrollment(course={"required_reading_minutes": 22.5}, reading_minutes=22)
    exactly = enrollment(course={"required_reading_minutes": 22.5}, reading_minutes=23)
    beyond = enrollment(reading_minutes=500)

    assert [reading_minutes_left(one) for one in (half_a_minute, exactly, beyond)] == [1, 0, 0]
    assert missing(half_a_minute) == ["reading_short"]


def test_a_mooc_has_no_minutes_left_because_it_is_read_elsewhere() -> None:
    mooc = enrollment(course={"kind": "mooc", "required_reading_minutes": 600}, reading_minutes=0)

    assert reading_minutes_left(mooc) == 0
