"""How many hours the speaker has, and what is missing of the ten."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bot.actions.my_learning_summary import MyLearningSummary, named_year
from bot.learners.records import TAIPEI


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("我今年累積多少時數", 2026),
        ("我2025年多少時數", 2025),
        ("2025 年", 2025),
        ("114年的時數", 2025),
        ("113 年度", 2024),
        ("民國112年", 2023),
        ("2027年", 2026),
        ("116年", 2026),
        ("10小時還差多少", 2026),
        ("20255 年", 2026),
        ("", 2026),
    ],
)
def test_the_year_is_the_one_that_the_message_names_in_either_calendar(text: str, year: int) -> None:
    assert named_year(text, 2026) == year


async def test_a_summary_has_the_shape_of_the_contract(records: Any, ask: Any) -> None:
    spring = datetime.datetime(2025, 4, 1, 9, tzinfo=TAIPEI)
    records.put(
        records.finished("C1", completed_at=spring, course={"certified_hours": 1.5}),
        records.finished("C2", completed_at=spring, course={"category": "性別平等"}),
        records.finished("C3", completed_at=spring, survey_done=False),
        records.finished("C4", completed_at=spring.replace(year=2024)),
    )

    (said,) = await ask(MyLearningSummary(), "我2025年多少時數")

    assert said["response"] == "utter_learning_summary"
    assert said["custom"] == {
        "type": "learning_summary",
        "year": 2025,
        "certified_hours": 2.5,
        "ten_hours": {
            "policy": {"required": 1, "done": 0},
            "env_edu": {"required": 4, "done": 1.5},
            "ethics": {"required": 5, "done": 1},
        },
        "unfinished": 1,
        "as_of": "2026-11-20T05:00:00+08:00",
    }


async def test_the_year_is_this_one_where_none_is_named(records: Any, ask: Any) -> None:
    records.put()

    (said,) = await ask(MyLearningSummary(), "我今年累積多少時數")

    assert said["custom"]["year"] == datetime.datetime.now(TAIPEI).year


async def test_without_a_token_the_sign_in_is_asked_for(records: Any, ask: Any) -> None:
    said = await ask(MyLearningSummary(), "我今年累積多少時數", learner_id=None)

    assert [one["response"] for one in said] == ["utter_login_required"]
