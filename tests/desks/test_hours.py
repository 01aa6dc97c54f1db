from __future__ import annotations

import datetime

import pytest

from bot.desks.calendar import Override, WorkCalendar
from bot.desks.hours import TAIPEI, Opening, Periods, opening
from bot.knowledge.models import Knowledge

SPLIT: Periods = {
    day: ((datetime.time(9), datetime.time(12)), (datetime.time(14), datetime.time(17))) for day in range(5)
}
"""eCPA's hours: mornings and afternoons of the working week."""


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        ("2026-11-20 09:00", "2026-11-20 12:00"),
        ("2026-11-20 11:59:59", "2026-11-20 12:00"),
        ("2026-11-20 14:00", "2026-11-20 17:00"),
        ("2026-11-20 16:59", "2026-11-20 17:00"),
    ],
)
def test_an_open_desk_says_when_it_closes(now: str, closes: str) -> None:
    calendar = WorkCalendar()

    state = opening(SPLIT, calendar, at(now), "ecpa")

    assert state == Opening(True, closes_at=at(closes), opens_at=None)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-20 00:00", "2026-11-20 09:00"),
        ("2026-11-20 08:59:59", "2026-11-20 09:00"),
        ("2026-11-20 12:00", "2026-11-20 14:00"),
        ("2026-11-20 13:30", "2026-11-20 14:00"),
        ("2026-11-20 17:00", "2026-11-23 09:00"),
        ("2026-11-21 10:00", "2026-11-23 09:00"),
        ("2026-11-22 23:59", "2026-11-23 09:00"),
        ("2026-11-19 17:00", "2026-11-20 09:00"),
        ("2026-10-26 10:00", "2026-10-27 09:00"),
        ("2026-02-13 17:00", "2026-02-23 09:00"),
        ("2026-02-18 10:00", "2026-02-23 09:00"),
        ("2025-12-31 18:00", "2026-01-02 09:00"),
    ],
)
def test_a_closed_desk_says_when_it_opens_next(now: str, opens: str) -> None:
    calendar = WorkCalendar()

    state = opening(SPLIT, calendar, at(now), "ecpa")

    assert state == Opening(False, closes_at=None, opens_at=at(opens))


def test_a_desk_without_hours_in_the_sources_says_nothing() -> None:
    calendar = WorkCalendar()

    state = opening(None, calendar, at("2026-11-20 10:00"), "platform")

    assert state == Opening(None, None, None)


def test_moments_of_other_time_zones_are_taken_as_instants() -> None:
    calendar = WorkCalendar()
    utc = datetime.datetime(2026, 11, 20, 1, 0, tzinfo=datetime.timezone.utc)

    state = opening(SPLIT, calendar, utc, "ecpa")

    assert state.open_now is True
    assert state.closes_at == at("2026-11-20 12:00")


def test_the_next_opening_carries_taipeis_offset() -> None:
    calendar = WorkCalendar()

    state = opening(SPLIT, calendar, at("2026-11-21 10:00"), "ecpa")

    assert state.opens_at is not None
    assert state.opens_at.isoformat() == "2026-11-23T09:00:00+08:00"


def test_a_make_up_saturday_is_worked_like_a_monday() -> None:
    calendar = WorkCalendar()

    state = opening(SPLIT, calendar, at("2025-02-08 10:00"), "ecpa")

    assert state == Opening(True, closes_at=at("2025-02-08 12:00"))


def test_a_local_closure_closes_that_desk_alone() -> None:
    calendar = WorkCalendar([Override(datetime.date(2026, 11, 20), False, "egov")])

    egov = opening(SPLIT, calendar, at("2026-11-20 10:00"), "egov")
    ecpa = opening(SPLIT, calendar, at("2026-11-20 10:00"), "ecpa")

    assert egov == Opening(False, opens_at=at("2026-11-23 09:00"))
    assert ecpa.open_now is True


def test_a_desk_that_opens_on_a_holiday_by_override_is_open() -> None:
    calendar = WorkCalendar([Override(datetime.date(2026, 10, 26), True, "egov")])

    egov = opening(SPLIT, calendar, at("2026-10-26 10:00"), "egov")
    ecpa = opening(SPLIT, calendar, at("2026-10-26 10:00"), "ecpa")

    assert (egov.open_now, ecpa.open_now) == (True, False)


def test_a_desk_that_serves_on_holidays_is_open_on_them() -> None:
    calendar = WorkCalendar()

    state = opening(SPLIT, calendar, at("2026-10-26 10:00"), "hotline", closed_on_holidays=False)

    assert state.open_now is True


def test_even_a_desk_that_serves_on_holidays_closes_for_a_typhoon() -> None:
    calendar = WorkCalendar([Override(datetime.date(2026, 8, 10), False, "hotline")])

    state = opening(SPLIT, calendar, at("2026-08-10 10:00"), "hotline", closed_on_holidays=False)

    assert state == Opening(False, opens_at=at("2026-08-10 09:00") + datetime.timedelta(days=1))


def test_saturday_hours_hold_on_an_ordinary_saturday_but_not_on_a_holiday() -> None:
    hours = {**SPLIT, 5: ((datetime.time(9), datetime.time(12)),)}
    calendar = WorkCalendar()

    ordinary = opening(hours, calendar, at("2026-11-21 10:00"), "egov")
    national_day = opening(hours, calendar, at("2026-10-10 10:00"), "egov")

    assert ordinary.open_now is True
    assert national_day.open_now is False


def test_a_desk_that_never_opens_gives_no_next_opening() -> None:
    calendar = WorkCalendar()

    state = opening({}, calendar, at("2026-11-20 10:00"), "egov")

    assert state == Opening(False, None, None)


@pytest.mark.parametrize(
    ("desk", "now", "is_open"),
    [
        ("egov", "2026-11-20 08:29", False),
        ("egov", "2026-11-20 08:30", True),
        ("egov", "2026-11-20 12:30", True),
        ("egov", "2026-11-20 17:59", True),
        ("egov", "2026-11-20 18:00", False),
        ("ecpa", "2026-11-20 12:30", False),
        ("ecpa", "2026-11-20 16:59", True),
        ("platform", "2026-11-20 10:00", None),
    ],
)
def test_the_desks_of_the_knowledge_open_as_the_sources_say(
    knowledge: Knowledge, desk: str, now: str, is_open: bool | None
) -> None:
    hours = knowledge.desks[desk].hours

    state = opening(hours, WorkCalendar(), at(now), desk)

    assert state.open_now is is_open
