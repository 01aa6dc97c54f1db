"""The demo learners: what a newcomer tries things out with."""

from __future__ import annotations

import datetime

import pytest

from bot.desks.calendar import WorkCalendar
from bot.learners.demo import demo_learners
from bot.learners.diagnosis import DESKS, PORTALS, STATES, diagnose
from bot.learners.records import TAIPEI

CAUSES = {
    *STATES,
    *DESKS,
    "relogin_after_conversion",
    "agency_missing",
    "reading_short",
    "test_missing",
    "test_below_pass",
    "survey_missing",
}


@pytest.mark.parametrize(
    "today",
    [datetime.date(2026, 11, 21), datetime.date(2026, 2, 20), datetime.date(2027, 1, 1), datetime.date(2028, 2, 29)],
)
def test_the_demo_learners_show_every_cause_on_any_day(today: datetime.date) -> None:
    work = WorkCalendar()

    shown = {
        cause
        for learner in demo_learners(today)
        for enrollment in learner.enrollments
        for portal in PORTALS
        for cause in diagnose(learner, enrollment, portal, today, work.nth_working_day_after).causes
    }

    assert shown == CAUSES


def test_the_demo_learners_were_exported_this_morning_and_know_nothing_of_later() -> None:
    today = datetime.date(2026, 11, 20)

    learners = list(demo_learners(today))

    assert {one.as_of for one in learners} == {datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI)}
    assert len({one.learner_id for one in learners}) == len(learners)


def test_before_the_hour_of_the_export_the_records_are_yesterdays() -> None:
    night = datetime.datetime(2026, 11, 22, 3, 21, tzinfo=TAIPEI)

    [as_of] = {learner.as_of for learner in demo_learners(night.date(), night)}

    assert as_of == datetime.datetime(2026, 11, 21, 5, tzinfo=TAIPEI)
