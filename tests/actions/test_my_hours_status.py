"""Whether the speaker's hours were uploaded, and if not, why."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bot.actions.my_hours_status import MyHoursStatus
from bot.learners.records import TAIPEI

KEYS = ["type", "learner_id", "portal", "course", "state", "causes", "next_check", "desk", "as_of"]


async def test_without_a_token_the_sign_in_is_asked_for_and_the_general_answer_follows(records: Any, ask: Any) -> None:
    records.put(records.finished("C1"))

    said = await ask(MyHoursStatus(), "我的時數上傳了嗎", learner_id=None)

    assert [one["response"] for one in said] == ["utter_login_required", "utter_general_hours"]
    assert all(one["custom"] == {} for one in said)


async def test_a_diagnosis_has_the_shape_of_the_contract(records: Any, ask: Any) -> None:
    records.put(records.finished("C1", "環境教育概論", uploads=["lifelong"]))

    (said,) = await ask(MyHoursStatus(), "我的時數上傳了嗎")

    assert list(said["custom"]) == KEYS
    assert said["custom"] == {
        "type": "diagnosis",
        "learner_id": "T5602110801",
        "portal": "lifelong",
        "course": "C1",
        "state": "uploaded",
        "causes": ["already_uploaded"],
        "next_check": None,
        "desk": "platform",
        "as_of": "2026-11-20T05:00:00+08:00",
    }
    assert (said["response"], said["title"]) == ("utter_diagnosis", "環境教育概論")


async def test_what_waits_names_the_day_to_look_again(records: Any, ask: Any) -> None:
    now = datetime.datetime.now(TAIPEI)
    records.put(records.finished("C1", completed_at=now))

    (said,) = await ask(MyHoursStatus(), "")

    assert said["custom"]["causes"] == ["within_schedule"]
    assert datetime.date.fromisoformat(said["custom"]["next_check"]) > now.date()


@pytest.mark.parametrize(
    ("named", "portal"),
    [
        ({}, "lifelong"),
        ({"portal": "env_edu"}, "env_edu"),
        ({"portal": "teacher"}, "teacher"),
        ({"portal": "x"}, "lifelong"),
    ],
)
async def test_the_portal_is_the_one_that_the_message_names(
    named: dict[str, str], portal: str, records: Any, ask: Any
) -> None:
    records.put(records.finished("C1"))

    (said,) = await ask(MyHoursStatus(), "上傳了嗎", **named)

    assert said["custom"]["portal"] == portal


async def test_what_needs_the_learner_comes_first_then_newest_activity_first(records: Any, ask: Any) -> None:
    ago = {days: datetime.datetime.now(TAIPEI) - datetime.timedelta(days=days) for days in (0, 40, 50, 60)}
    records.put(
        records.finished("NONE", completed_at=ago[40], course={"certified_hours": 0}),
        records.finished("DONE", completed_at=ago[40], uploads=["lifelong"]),
        records.finished("WAIT", completed_at=ago[0]),
        records.finished("LATE", completed_at=ago[40]),
        records.finished("OLD", completed_at=ago[60], survey_done=False),
    )

    said = await ask(MyHoursStatus(), "")

    assert [one["custom"]["course"] for one in said] == ["OLD", "LATE", "WAIT", "DONE", "NONE"]
    assert [one["custom"]["state"] for one in said] == [
        "action_needed",
        "escalate",
        "waiting",
        "uploaded",
        "not_applicable",
    ]


async def test_at_most_five_are_told_and_of_one_state_the_newest(records: Any, ask: Any) -> None:
    now = datetime.datetime.now(TAIPEI)
    records.put(
        *(records.finished(f"C{days}", completed_at=now - datetime.timedelta(days=days)) for days in range(60, 52, -1))
    )

    said = await ask(MyHoursStatus(), "")

    assert [one["custom"]["course"] for one in said] == ["C53", "C54", "C55", "C56", "C57"]


async def test_a_named_course_alone_is_told(records: Any, ask: Any) -> None:
    records.put(records.finished("C1", "環境教育概論"), records.finished("C2", "公文寫作要領"))

    said = await ask(MyHoursStatus(), "「公文寫作要領」的時數上傳了嗎")

    assert [one["custom"]["course"] for one in said] == ["C2"]


async def test_a_quoted_course_that_the_record_does_not_hold_names_the_account(records: Any, ask: Any) -> None:
    records.put(records.finished("C1", "環境教育概論"))

    (said,) = await ask(MyHoursStatus(), "「量子力學」的時數呢")

    assert (said["response"], said["gap"], said["course"]) == ("utter_record_gap", "course_not_found", "量子力學")
    assert (said["name"], said["provider"]) == ("王小明", "ecpa")


async def test_a_record_without_courses_says_so(records: Any, ask: Any) -> None:
    records.put()

    (said,) = await ask(MyHoursStatus(), "我的時數")

    assert said["gap"] == "no_enrollments"


async def test_the_name_is_that_of_the_domain() -> None:
    assert MyHoursStatus().name() == "action_my_hours_status"


async def test_more_goes_on_where_the_last_five_ended_and_only_for_the_same_learner(records: Any, ask: Any) -> None:
    records.put(*(records.finished(f"C{number}", uploads=["lifelong"]) for number in range(7)))

    first = await ask(MyHoursStatus(), "我的時數上傳了嗎")
    more = await ask(MyHoursStatus(), "看更多")
    again = await ask(MyHoursStatus(), "看更多")

    assert [one["left"] for one in first] == [0, 0, 0, 0, 2]
    assert len(more) == 2 and more[-1]["left"] == 0
    assert not {one["custom"]["course"] for one in first} & {one["custom"]["course"] for one in more}
    assert len(again) == 5
