from __future__ import annotations

import datetime

import pytest

from bot.desks.calendar import Override, WorkCalendar
from bot.desks.hours import TAIPEI, Periods
from bot.desks.working_time import WorkingTime

SPLIT: Periods = {
    day: ((datetime.time(9), datetime.time(12)), (datetime.time(14), datetime.time(17))) for day in range(5)
}
"""Six hours a day."""


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def hours(number: float) -> datetime.timedelta:
    return datetime.timedelta(hours=number)


@pytest.mark.parametrize(
    ("begin", "end", "amount"),
    [
        ("2026-11-20 09:00", "2026-11-20 10:30", 1.5),
        ("2026-11-20 11:00", "2026-11-20 15:00", 2),  # over noon
        ("2026-11-20 16:00", "2026-11-23 10:00", 2),  # over the weekend
        ("2026-11-20 17:00", "2026-11-23 09:00", 0),
        ("2026-11-21 10:00", "2026-11-22 10:00", 0),  # Saturday to Sunday
        ("2026-11-23 10:00", "2026-11-23 09:00", 0),  # the wrong way round
        ("2026-10-08 16:00", "2026-10-12 10:00", 2),  # 10-09 stands in for National Day, a Saturday
        ("2026-11-16 00:00", "2026-11-21 00:00", 30),
    ],
)
def test_only_time_that_is_worked_counts(begin: str, end: str, amount: float) -> None:
    time = WorkingTime(SPLIT, WorkCalendar())

    assert time.between(at(begin), at(end)) == hours(amount)


@pytest.mark.parametrize(
    ("begin", "amount", "due"),
    [
        ("2026-11-20 09:00", 1, "2026-11-20 10:00"),
        ("2026-11-20 11:00", 2, "2026-11-20 15:00"),
        ("2026-11-20 16:00", 2, "2026-11-23 10:00"),
        ("2026-11-21 03:00", 6, "2026-11-23 17:00"),
        ("2026-11-20 09:00", 6, "2026-11-20 17:00"),
    ],
)
def test_what_is_due_after_so_much_work_lies_as_much_work_ahead(begin: str, amount: float, due: str) -> None:
    time = WorkingTime(SPLIT, WorkCalendar())

    assert time.after(at(begin), hours(amount)) == at(due)
    assert time.between(at(begin), at(due)) == hours(amount)
    assert time.between(time.before(at(due), hours(amount)), at(due)) == hours(amount)


def test_a_day_on_which_the_desk_alone_is_closed_is_not_worked_by_it() -> None:
    calendar = WorkCalendar([Override(datetime.date(2026, 11, 20), False, "egov")])

    assert WorkingTime(SPLIT, calendar, "egov").after(at("2026-11-20 09:00"), hours(1)) == at("2026-11-23 10:00")
    assert WorkingTime(SPLIT, calendar, "ecpa").after(at("2026-11-20 09:00"), hours(1)) == at("2026-11-20 10:00")


def test_a_desk_that_never_works_is_never_due() -> None:
    assert WorkingTime({}, WorkCalendar()).after(at("2026-11-20 09:00"), hours(1)) is None


def test_an_offset_elsewhere_changes_no_instant() -> None:
    time = WorkingTime(SPLIT, WorkCalendar())
    utc = datetime.timezone.utc

    assert time.between(at("2026-11-20 09:00").astimezone(utc), at("2026-11-20 10:00").astimezone(utc)) == hours(1)
