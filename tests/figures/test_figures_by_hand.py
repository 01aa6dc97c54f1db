"""A small day, every digit of which was worked out by hand (Friday 2026-11-20 in Taipei; the 21st is a Saturday)."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from bot.cases.records import Case
from bot.desks.calendar import WorkCalendar
from bot.desks.hours import TAIPEI
from bot.desks.working_time import WorkingTime
from bot.figures.report import Figures
from bot.figures.span import Span, SpanError
from bot.figures.talk import TopicFigure, talk_figures
from bot.figures.work import Durations, work_figures
from bot.journal.turns import Turn
from bot.knowledge.help_desk import HelpDesk

DAY = Span(datetime.date(2026, 11, 20), datetime.date(2026, 11, 20))
HOURS = {day: ((datetime.time(9), datetime.time(12)), (datetime.time(14), datetime.time(17))) for day in range(5)}
LATER = datetime.datetime(2026, 11, 25, tzinfo=TAIPEI)


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=TAIPEI)


def said(moment: datetime.datetime, who: str, outcome: str, *topics: str, **named: Any) -> Turn:
    return Turn(
        moment,
        named.pop("channel", "web"),
        who,
        outcome,
        topics[0] if topics else None,
        tuple((topic, 0.9) for topic in topics),
        **named,
    )


TURNS = [
    said(at(19, 8), "early", "answer", "withdraw_course"),
    said(at(19, 10), "gone", "answer", "forgot_password"),
    # withdraw_course again within 24 hours of the day before: a return to yesterday's matter, no matter of this day.
    said(at(20, 7), "early", "answer", "withdraw_course", desk="platform"),
    # Ann asks, is answered, thanks: contained.
    said(at(20, 9), "ann", "answer", "withdraw_course", desk="platform", helpful=True),
    said(at(20, 9, 1), "ann", "chat"),
    # Ben asks two things at once and comes back to the second next morning, within 24 hours.
    said(at(20, 10), "ben", "answer", "forgot_password", "hours_upload_schedule", desk="platform"),
    # Cy is offered topics, takes one, and is handed over: his matter is not contained.
    said(at(20, 14), "cy", "suggest", "ecpa_first_login", "ecpa_login_methods", channel="line"),
    said(
        at(20, 14, 1), "cy", "answer", "ecpa_login_methods", channel="line", desk="ecpa", helpful=False, reason="wrong"
    ),
    said(at(20, 14, 5), "cy", "case", channel="line", desk="ecpa", handed_over=True, case_number="2611-0001"),
    said(at(20, 14, 9), "cy", "case", channel="line", desk="ecpa", handed_over=True, case_number="2611-0001"),
    said(at(20, 14, 30), "cy", "silent", channel="line"),
    # Di is not understood, twice; what she sends then is no text at all.
    said(at(20, 23), "di", "fallback"),
    said(at(20, 23, 1), "di", "fallback"),
    said(at(20, 23, 59), "di", "refused"),
    said(at(21, 9, 59), "ben", "answer", "hours_upload_schedule"),
    # More than 24 hours later: Ann's matter stays contained.
    said(at(21, 9, 1), "ann", "answer", "withdraw_course"),
]


def case(number: int, desk: str, opened: datetime.datetime, **named: Any) -> Case:
    empty: dict[str, Any] = dict(
        kind="report",
        state="new",
        refer_to=None,
        topic=None,
        channel="web",
        conversation="x",
        learner_id=None,
        subject="",
        fields={},
        contact=None,
        diagnosis=None,
        transcript=(),
        assignee=None,
        with_agent=False,
        changed_at=opened,
        first_reply_at=None,
        resolved_at=None,
    )
    return Case(id=number, number=f"2611-{number:04d}", desk=desk, opened_at=opened, **{**empty, **named})


CASES = [
    # Opened on the day before: not of this day.
    case(1, "egov", at(19, 16)),
    # 11:30 to 14:30 is an hour of work (the desk rests from 12 to 14); settled at 16:00: 150 minutes.
    case(2, "ecpa", at(20, 11, 30), state="resolved", first_reply_at=at(20, 14, 30), resolved_at=at(20, 16)),
    # 18:00 on Friday to 9:30 on Monday: half an hour of work.
    case(3, "ecpa", at(20, 18), state="waiting", first_reply_at=at(23, 9, 30), channel="line"),
    # 16:00 on Friday to 16:00 on Tuesday: 60 + 360 + 300 minutes; settled without a reply of its own.
    case(4, "platform", at(20, 16), state="closed", resolved_at=at(24, 16), topic="withdraw_course"),
    case(5, "platform", at(20, 16, 59)),
]


def time_of(desk: str) -> WorkingTime:
    return WorkingTime(HOURS, WorkCalendar(), desk)


TARGETS = HelpDesk(HOURS, True, datetime.timedelta(minutes=45), datetime.timedelta(hours=6))


def test_the_day_of_the_bot_to_the_last_digit() -> None:
    found = talk_figures(TURNS, DAY, LATER)

    assert (found.turns, found.conversations) == (11, 5)
    assert found.outcomes == {"answer": 4, "case": 2, "chat": 1, "fallback": 2, "refused": 1, "suggest": 1}
    assert (found.answered, found.contained, found.undecided, found.handed_over) == (4, 2, 0, 1)
    assert (found.thumbs_up, found.thumbs_down, found.reasons) == (1, 1, {"wrong": 1})
    assert found.topics == [
        TopicFigure("withdraw_course", 2, 1, 1, 1),
        TopicFigure("ecpa_first_login", 1, 0, 0, 0),
        TopicFigure("ecpa_login_methods", 1, 0, 0, 1),
        TopicFigure("forgot_password", 1, 1, 1, 1),
        TopicFigure("hours_upload_schedule", 1, 0, 0, 1),
    ]
    assert found.desks == {"platform": 3, "ecpa": 1}
    assert found.channels == {"web": 7, "line": 4}
    assert {hour: count for hour, count in enumerate(found.hours) if count} == {7: 1, 9: 2, 10: 1, 14: 4, 23: 3}
    assert found.days == {datetime.date(2026, 11, 20): 11}


def test_the_day_of_the_help_desk_to_the_last_digit() -> None:
    found = work_figures(CASES, DAY, time_of, TARGETS)

    assert (found.opened, found.states) == (4, {"closed": 1, "new": 1, "resolved": 1, "waiting": 1})
    assert (found.kinds, found.channels, found.topics) == ({"report": 4}, {"web": 3, "line": 1}, {"withdraw_course": 1})
    assert found.first_response == Durations(2, 45.0, 45.0, 60, 1)
    assert found.resolution == Durations(2, 435.0, 435.0, 720, 1)
    assert [(one.desk, one.opened, one.unfinished) for one in found.desks] == [("ecpa", 2, 1), ("platform", 2, 1)]
    assert found.desks[0].first_response == Durations(2, 45.0, 45.0, 60, 1)
    assert found.desks[1].resolution == Durations(1, 720.0, 720.0, 720, 0)


def test_the_rates_of_the_day() -> None:
    figures = Figures(DAY, talk_figures(TURNS, DAY, LATER), work_figures(CASES, DAY, time_of, TARGETS))

    assert (figures.containment, figures.hand_over_rate, figures.fallback_rate, figures.helpful_share) == (
        0.5,
        0.2,
        0.2857,
        0.5,
    )
    rows = list(figures.rows())
    assert ("containment", "", 0.5) in rows
    assert ("first_response_minutes_median", "ecpa", 45.0) in rows
    assert ("topic_before", "withdraw_course", 1) in rows
    assert figures.as_dict()["days"] == {"2026-11-20": 11}


ASKED = said(at(20, 9), "eve", "answer", "withdraw_course")


@pytest.mark.parametrize(
    ("then", "contained"),
    [
        # Nothing of it is a return: thanks, another matter, something that was not understood, reading on in a visit.
        ([said(at(20, 9, 1), "eve", "chat")], 1),
        ([said(at(20, 9, 1), "eve", "fallback")], 1),
        ([said(at(20, 9, 1), "eve", "answer", "withdraw_course", goes_on="step")], 1),
        ([said(at(20, 9, 20 * n), "eve", "answer", "withdraw_course", goes_on="next") for n in (1, 2)], 1),
        ([said(at(20, 9, 1), "eve", "answer", "withdraw_course", goes_on="facet")], 1),
        # Somebody else's question is none of hers, and neither is one of hers a day later.
        ([said(at(20, 9, 1), "flo", "chat"), said(at(21, 9), "eve", "answer", "withdraw_course")], 1),
        # The same question again, however soon; the topic offered to her again; going on after she had left.
        ([said(at(20, 9, 1), "eve", "answer", "withdraw_course")], 0),
        ([said(at(21, 8, 59), "eve", "answer", "withdraw_course")], 0),
        ([said(at(20, 9, 1), "eve", "suggest", "withdraw_course", "course_period")], 0),
        ([said(at(20, 9, 31), "eve", "answer", "withdraw_course", goes_on="step")], 0),
        # It did not work; something else was meant; she wants the desk, by whatever words.
        ([said(at(20, 9, 1), "eve", "answer", "withdraw_course", goes_on="stuck")], 0),
        ([said(at(20, 9, 1), "eve", "fallback", goes_on="correction")], 0),
        ([said(at(20, 9, 1), "eve", "answer", "contact_desk", goes_on="contact")], 0),
        ([said(at(20, 9, 1), "eve", "answer", "contact_desk")], 0),
        ([said(at(20, 9, 1), "eve", "case", handed_over=True, case_number="2611-0009")], 0),
    ],
)
def test_what_counts_as_coming_back_on_a_matter(then: list[Turn], contained: int) -> None:
    found = talk_figures([ASKED, *then], DAY, LATER)

    assert (found.answered, found.contained) == (1, contained)


def test_an_answer_that_was_thumbed_down_settled_nothing() -> None:
    found = talk_figures([replace(ASKED, helpful=False, reason="wrong")], DAY, LATER)

    assert (found.answered, found.contained) == (1, 0)


def test_a_correction_and_a_case_are_about_what_was_spoken_of_last_and_nothing_else() -> None:
    turns = [
        ASKED,
        said(at(20, 9, 5), "eve", "answer", "forgot_password"),
        # 「不是，我是要問…」: the password was the wrong answer, and what she meant is a matter of its own.
        said(at(20, 9, 6), "eve", "answer", "ecpa_first_login", goes_on="correction"),
        said(at(20, 9, 7), "eve", "case", handed_over=True, case_number="2611-0009"),
    ]

    found = talk_figures(turns, DAY, LATER)

    assert (found.answered, found.contained) == (3, 1)
    assert [(one.topic, one.contained) for one in found.topics] == [
        ("ecpa_first_login", 0),
        ("forgot_password", 0),
        ("withdraw_course", 1),
    ]


def test_who_keeps_coming_back_within_a_day_has_one_matter_however_long() -> None:
    turns = [said(at(19, 12) + datetime.timedelta(hours=20 * n), "eve", "answer", "withdraw_course") for n in range(3)]

    # It was first answered on the 19th; the returns on the 20th at 8 and on the 21st at 4 begin nothing new.
    assert talk_figures(turns, DAY, LATER).answered == 0


def test_asking_for_a_desk_out_of_the_blue_is_a_question_like_any_other() -> None:
    found = talk_figures([said(at(20, 9), "eve", "answer", "contact_desk")], DAY, LATER)

    assert (found.answered, found.contained) == (1, 1)


def test_a_matter_whose_day_is_not_over_counts_as_contained_and_is_said_to_be_open() -> None:
    found = talk_figures(TURNS, DAY, at(20, 9, 30))

    assert (found.contained, found.undecided) == (2, 2)


def test_a_day_without_anything_has_no_rates() -> None:
    figures = Figures(DAY, talk_figures([], DAY, LATER), work_figures([], DAY, time_of, TARGETS))

    assert figures.containment is None
    assert ("containment", "", "") in list(figures.rows())
    assert figures.work.first_response == Durations(0, None, None, None, 0)


def test_days_that_are_no_range_are_refused() -> None:
    with pytest.raises(SpanError, match="before"):
        Span(datetime.date(2026, 11, 2), datetime.date(2026, 11, 1))
    with pytest.raises(SpanError, match="at most"):
        Span(datetime.date(2000, 1, 1), datetime.date(2026, 11, 1))
