from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desks.calendar import Override, WorkCalendar

DAYS = st.dates(datetime.date(2023, 1, 1), datetime.date(2027, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        "2025-01-01",
        "2025-09-29",
        "2025-10-24",
        "2025-12-25",
        "2026-02-16",
        "2026-02-20",
        "2026-02-27",
        "2026-10-26",
        "2027-04-30",
        "2026-11-21",
        "2026-11-22",
    ],
)
def test_public_holidays_substituted_days_and_weekends_are_days_off(day: str) -> None:
    calendar = WorkCalendar()

    working = calendar.is_working_day(datetime.date.fromisoformat(day))

    assert working is False


@pytest.mark.parametrize("day", ["2025-09-30", "2025-10-27", "2026-02-23", "2026-10-27", "2027-05-03", "2026-11-20"])
def test_ordinary_weekdays_are_worked(day: str) -> None:
    calendar = WorkCalendar()

    working = calendar.is_working_day(datetime.date.fromisoformat(day))

    assert working is True


@pytest.mark.parametrize("day", ["2023-01-07", "2024-02-17", "2025-02-08"])
def test_make_up_saturdays_are_worked(day: str) -> None:
    calendar = WorkCalendar()

    working = calendar.is_working_day(datetime.date.fromisoformat(day))

    assert working is True


def test_no_saturday_of_2026_is_made_up_for() -> None:
    calendar = WorkCalendar()
    first = datetime.date(2026, 1, 1)

    year = [first + datetime.timedelta(days=ahead) for ahead in range(365)]

    assert [day for day in year if day.weekday() >= 5 and calendar.is_working_day(day)] == []


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-02-12", 1, "2026-02-13"),
        ("2026-02-12", 2, "2026-02-23"),
        ("2026-02-12", 3, "2026-02-24"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-02-14", 3, "2026-02-25"),
        ("2026-02-18", 3, "2026-02-25"),
        ("2026-02-22", 3, "2026-02-25"),
        ("2026-02-24", 3, "2026-03-02"),
        ("2026-10-23", 3, "2026-10-29"),
        ("2026-11-18", 3, "2026-11-23"),
        ("2026-11-18", 0, "2026-11-18"),
        ("2025-02-06", 2, "2025-02-08"),
        ("2025-12-31", 1, "2026-01-02"),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: str, count: int, expected: str) -> None:
    calendar = WorkCalendar()

    found = calendar.nth_working_day_after(datetime.date.fromisoformat(day), count)

    assert found == datetime.date.fromisoformat(expected)


def test_a_nationwide_override_wins_over_the_library_both_ways() -> None:
    calendar = WorkCalendar(
        [Override(datetime.date(2026, 8, 10), False), Override(datetime.date(2026, 10, 26), True)],
    )

    typhoon = calendar.is_working_day(datetime.date(2026, 8, 10))
    moved = calendar.is_working_day(datetime.date(2026, 10, 26))

    assert (typhoon, moved) == (False, True)
    assert calendar.nth_working_day_after(datetime.date(2026, 8, 7), 1) == datetime.date(2026, 8, 11)


def test_a_local_closure_changes_only_that_desk_and_no_working_day_counts() -> None:
    calendar = WorkCalendar([Override(datetime.date(2026, 8, 10), False, "egov")])
    day = datetime.date(2026, 8, 10)

    by_desk = {desk: calendar.is_working_day(day, desk) for desk in ("egov", "ecpa", None)}

    assert by_desk == {"egov": False, "ecpa": True, None: True}
    assert calendar.nth_working_day_after(datetime.date(2026, 8, 7), 1) == day


def test_a_desks_own_override_wins_over_a_nationwide_one() -> None:
    day = datetime.date(2026, 8, 10)
    calendar = WorkCalendar([Override(day, False), Override(day, True, "egov")])

    by_desk = {desk: calendar.is_working_day(day, desk) for desk in ("egov", "ecpa")}

    assert by_desk == {"egov": True, "ecpa": False}


def test_overrides_may_come_from_a_generator() -> None:
    days = (datetime.date(2026, 8, 10), datetime.date(2026, 8, 11))

    calendar = WorkCalendar(Override(day, False) for day in days)

    assert [calendar.is_working_day(day) for day in days] == [False, False]


def test_an_ordinary_weekend_is_no_holiday_but_a_closed_one_is() -> None:
    calendar = WorkCalendar([Override(datetime.date(2026, 11, 22), False, "egov")])

    saturday = calendar.is_holiday(datetime.date(2026, 11, 21), "egov")
    sunday = calendar.is_holiday(datetime.date(2026, 11, 22), "egov")
    new_year = calendar.is_holiday(datetime.date(2026, 1, 1), "egov")

    assert (saturday, sunday, new_year) == (False, True, True)


@settings(deadline=None)
@given(DAYS, st.integers(1, 30))
def test_the_nth_working_day_is_worked_and_has_as_many_before_it(day: datetime.date, count: int) -> None:
    calendar = WorkCalendar()

    found = calendar.nth_working_day_after(day, count)

    between = [day + datetime.timedelta(days=ahead) for ahead in range(1, (found - day).days + 1)]
    assert calendar.is_working_day(found)
    assert sum(calendar.is_working_day(one) for one in between) == count


@settings(deadline=None)
@given(DAYS, st.integers(0, 10), st.integers(0, 10))
def test_counting_on_from_a_working_day_adds_up(day: datetime.date, first: int, second: int) -> None:
    calendar = WorkCalendar()

    at_once = calendar.nth_working_day_after(day, first + second)
    in_two = calendar.nth_working_day_after(calendar.nth_working_day_after(day, first), second)

    assert at_once == in_two
