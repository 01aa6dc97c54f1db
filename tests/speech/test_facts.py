"""Contact facts of a desk in words, at fixed moments."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from bot.desks.hours import TAIPEI
from bot.knowledge.models import CalendarOverride, Desk, Knowledge
from bot.speech.facts import DeskFacts, calendar_of

NINE_TO_FIVE = (datetime.time(9), datetime.time(17))
LUNCH = ((datetime.time(9), datetime.time(12)), (datetime.time(14), datetime.time(17)))


def friday(hour: int, minute: int = 0) -> datetime.datetime:
    """A moment of Friday 20 November 2026."""
    return datetime.datetime(2026, 11, 20, hour, minute, tzinfo=TAIPEI)


def open_on(knowledge: Knowledge, **changes: object) -> Desk:
    """A desk that is open on weekdays, with a break at noon."""
    return replace(knowledge.desks["egov"], **{"hours": {day: LUNCH for day in range(5)}, **changes})


@pytest.mark.parametrize(
    ("hour", "minute", "time"), [(9, 0, "12:00"), (11, 59, "12:00"), (14, 0, "17:00"), (16, 59, "17:00")]
)
def test_an_open_desk_says_until_when(knowledge: Knowledge, hour: int, minute: int, time: str) -> None:
    facts = DeskFacts(knowledge, friday(hour, minute))

    state = facts.state(open_on(knowledge))

    assert state == knowledge.phrases["open_until"].format(time=time)


@pytest.mark.parametrize(("hour", "minute", "time"), [(8, 59, "09:00"), (12, 0, "14:00"), (13, 59, "14:00")])
def test_a_desk_that_opens_again_today_says_when(knowledge: Knowledge, hour: int, minute: int, time: str) -> None:
    say = knowledge.phrases

    state = DeskFacts(knowledge, friday(hour, minute)).state(open_on(knowledge))

    assert state == say["open_next"].format(when=say["today"].format(time=time))


def test_a_desk_that_opens_tomorrow_says_tomorrow(knowledge: Knowledge) -> None:
    say = knowledge.phrases
    thursday_evening = friday(18) - datetime.timedelta(days=1)

    state = DeskFacts(knowledge, thursday_evening).state(open_on(knowledge))

    assert state == say["open_next"].format(when=say["tomorrow"].format(time="09:00"))


def test_after_the_weekend_the_day_is_named_with_its_weekday(knowledge: Knowledge) -> None:
    say = knowledge.phrases
    monday = say["on_day"].format(month=11, day=23, weekday=say["weekday_names"][0], time="09:00")

    state = DeskFacts(knowledge, friday(17)).state(open_on(knowledge))

    assert state == say["open_next"].format(when=monday)


def test_a_public_holiday_is_no_day_of_service(knowledge: Knowledge) -> None:
    new_year = datetime.datetime(2026, 1, 1, 10, 0, tzinfo=TAIPEI)

    closed = DeskFacts(knowledge, new_year).opening(open_on(knowledge))
    open_all_days = DeskFacts(knowledge, new_year).opening(open_on(knowledge, closed_on_holidays=False))

    assert closed.open_now is False
    assert closed.opens_at == datetime.datetime(2026, 1, 2, 9, 0, tzinfo=TAIPEI)
    assert open_all_days.open_now is True


def test_a_closure_in_the_calendar_of_the_knowledge_counts_for_its_desk_alone(knowledge: Knowledge) -> None:
    typhoon = replace(knowledge, calendar=(CalendarOverride(friday(9).date(), False, "egov", "颱風"),))

    facts = DeskFacts(typhoon, friday(10))

    assert facts.opening(open_on(typhoon)).open_now is False
    assert facts.opening(open_on(typhoon, id="ecpa")).open_now is True


def test_the_state_is_that_of_taipei_wherever_the_clock_stands(knowledge: Knowledge) -> None:
    utc = datetime.datetime(2026, 11, 20, 1, 30, tzinfo=datetime.timezone.utc)

    assert DeskFacts(knowledge, utc).opening(open_on(knowledge)).open_now is True


def test_hours_of_the_whole_workweek_are_said_together(knowledge: Knowledge) -> None:
    say = knowledge.phrases

    text = DeskFacts(knowledge, friday(10)).hours(open_on(knowledge))

    periods = say["list_comma"].join(["09:00–12:00", "14:00–17:00"])
    assert say["holidays_closed"].format(hours=say["hours_weekdays"].format(periods=periods)) in text


def test_days_with_other_hours_are_said_apart(knowledge: Knowledge) -> None:
    say = knowledge.phrases
    desk = open_on(knowledge, hours={0: (NINE_TO_FIVE,), 2: (NINE_TO_FIVE,), 5: LUNCH[:1]}, closed_on_holidays=False)

    text = DeskFacts(knowledge, friday(10)).hours(desk)

    monday_wednesday = say["list_comma"].join([say["weekday_names"][0], say["weekday_names"][2]])
    assert say["hours_on"].format(days=monday_wednesday, periods="09:00–17:00") in text
    assert say["hours_on"].format(days=say["weekday_names"][5], periods="09:00–12:00") in text


def test_hours_that_no_source_gives_are_said_to_be_unknown_in_words(knowledge: Knowledge) -> None:
    say = knowledge.phrases
    facts = DeskFacts(knowledge, friday(10))
    desk = open_on(knowledge, hours=None)

    line = facts.line(desk)

    assert facts.opening(desk).open_now is None
    assert say["fact_unknown"].format(facts=say["word_hours"]) in line
    assert desk.phones[0].number in line and desk.mailboxes[0].address in line
    assert "09:00" not in line


def test_a_phone_and_a_mailbox_that_no_source_gives_are_said_to_be_unknown_in_words(knowledge: Knowledge) -> None:
    say = knowledge.phrases
    facts = DeskFacts(knowledge, friday(10))

    nothing = facts.line(open_on(knowledge, phones=(), mailboxes=(), hours=None))
    no_phone = facts.line(open_on(knowledge, phones=()))

    everything = say["list_comma"].join(say[name] for name in ("word_phone", "word_mail", "word_hours"))
    assert say["fact_unknown"].format(facts=everything) in nothing
    assert say["fact_unknown"].format(facts=say["word_phone"]) in no_phone


@pytest.mark.parametrize("moment", [friday(3), friday(10), friday(13), friday(23), friday(10).replace(day=22)])
def test_every_desk_has_a_line_at_every_hour_with_all_the_facts_it_has(
    knowledge: Knowledge, moment: datetime.datetime
) -> None:
    facts = DeskFacts(knowledge, moment)

    for desk in knowledge.desks.values():
        line = facts.line(desk)

        assert desk.name in line and "None" not in line and "{" not in line and "\n" not in line
        assert all(phone.number in line for phone in desk.phones)
        assert all(box.address in line for box in desk.mailboxes)


def test_the_calendar_is_made_once_for_one_knowledge_and_anew_for_another(knowledge: Knowledge) -> None:
    other = replace(knowledge)

    first, again, second = calendar_of(knowledge), calendar_of(knowledge), calendar_of(other)

    assert first is again
    assert second is not first
