"""Whether the speaker passed a course, and what it still lacks."""

from __future__ import annotations

import datetime
from typing import Any

from bot.actions.my_course_status import MyCourseStatus


def days_later(records: Any, code: str, days: int, **own: Any) -> Any:
    """A course that lacks its survey, enrolled some days after the others."""
    moment = datetime.datetime(2026, 3, 2, 1, 0, tzinfo=datetime.timezone.utc) + datetime.timedelta(days=days)
    return records.finished(code, completed_at=moment, survey_done=False, **own)


async def test_without_a_token_the_sign_in_is_asked_for_and_nothing_else(records: Any, ask: Any) -> None:
    said = await ask(MyCourseStatus(), "我過了嗎", learner_id=None)

    assert [one["response"] for one in said] == ["utter_login_required"]


async def test_a_named_course_that_is_passed(records: Any, ask: Any) -> None:
    records.put(records.finished("C1", "環境教育概論"), days_later(records, "C2", 1))

    (said,) = await ask(MyCourseStatus(), "環境教育概論過了嗎")

    assert said["custom"] == {
        "type": "course_status",
        "course": "C1",
        "state": "passed",
        "missing": [],
        "reading_minutes_left": 0,
        "as_of": "2026-11-20T05:00:00+08:00",
    }
    assert (said["response"], said["title"]) == ("utter_course_status", "環境教育概論")


async def test_a_course_that_lacks_everything_names_it_in_the_order_of_the_contract(records: Any, ask: Any) -> None:
    course = {"required_reading_minutes": 22.5}
    records.put(
        records.finished("C1", "環境教育概論", reading_minutes=0, best_score=10, survey_done=False, course=course)
    )

    (said,) = await ask(MyCourseStatus(), "「環境教育概論」還缺什麼")

    assert said["custom"]["state"] == "incomplete"
    assert said["custom"]["missing"] == ["reading_short", "test_below_pass", "survey_missing"]
    assert said["custom"]["reading_minutes_left"] == 23
    assert (said["score"], said["pass_score"]) == (10, 60)


async def test_without_a_named_course_the_five_newest_unfinished_ones_are_told(records: Any, ask: Any) -> None:
    records.put(
        records.finished("DONE", "完成的課"), *(days_later(records, f"C{days}", days) for days in (3, 1, 7, 5, 2, 6, 4))
    )

    said = await ask(MyCourseStatus(), "我還缺什麼")

    assert [one["custom"]["course"] for one in said] == ["C7", "C6", "C5", "C4", "C3"]


async def test_who_has_finished_everything_is_told_so(records: Any, ask: Any) -> None:
    records.put(records.finished("C1"))

    (said,) = await ask(MyCourseStatus(), "我還缺什麼")

    assert (said["response"], said["gap"]) == ("utter_record_gap", "courses_all_passed")


async def test_a_record_without_courses_and_a_course_that_is_not_in_it_are_told_apart(records: Any, ask: Any) -> None:
    records.put()

    (nothing,) = await ask(MyCourseStatus(), "我過了嗎")
    (unknown,) = await ask(MyCourseStatus(), "「量子力學」過了嗎")

    assert nothing["gap"] == "no_enrollments"
    assert (unknown["gap"], unknown["course"]) == ("course_not_found", "量子力學")
