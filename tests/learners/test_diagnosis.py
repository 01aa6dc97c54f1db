"""Why hours are or are not at a portal: one test for every row of the contract's table, then its edges."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bot.desks.calendar import Override, WorkCalendar
from bot.learners.diagnosis import Diagnosis, diagnose, needs_relogin
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile, Upload

FRIDAY = datetime.date(2026, 11, 20)
CALENDAR = WorkCalendar()


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime.datetime:
    """A moment of 2026 in Taipei."""
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=TAIPEI)


def day(number: int, month: int = 11) -> datetime.date:
    return datetime.date(2026, month, number)


def diagnosed(
    portal: str = "lifelong",
    account: dict[str, Any] | None = None,
    profile: dict[str, Any] | None = None,
    course: dict[str, Any] | None = None,
    today: datetime.date = FRIDAY,
    calendar: WorkCalendar = CALENDAR,
    **own: Any,
) -> Diagnosis:
    """Diagnose a learner for whom nothing is in the way: all conditions met, completed long ago, never uploaded."""
    facts = {"required_reading_minutes": 30, "pass_score": 60, "category": "環境教育", **(course or {})}
    described = Course(**{"code": "C1", "title": "課程", "kind": "open", "certified_hours": 1, **facts})
    values = {"reading_minutes": 30, "survey_done": True, "best_score": 60, "completed_at": at(2), **own}
    enrollment = Enrollment(course=described, enrolled_at=at(1), **values)
    signed_in = Account(
        **{"provider": "egov", "identity": "civil_servant", "id_number_on_file": True, **(account or {})}
    )
    described_person = {
        "agency_code": "A1",
        "personnel_category": "10",
        "env_edu_account": True,
        "env_edu_agency_code": "A1",
        **(profile or {}),
    }
    learner = Learner("T5602110801", "王小明", signed_in, Profile(**described_person), (enrollment,), at(20, 5))
    return diagnose(learner, enrollment, portal, today, calendar.nth_working_day_after)


def told(diagnosis: Diagnosis) -> tuple[list[str], str, str]:
    """Causes, state and desk."""
    return list(diagnosis.causes), diagnosis.state, diagnosis.desk


ALL_PORTALS = pytest.mark.parametrize("portal", ["lifelong", "env_edu", "teacher"])
MOOC = {"kind": "mooc", "mooc_listed": True}


@ALL_PORTALS
@pytest.mark.parametrize("provider", ["facebook", "google", "apple"])
def test_a_social_login_ends_the_list_whatever_else_holds(portal: str, provider: str) -> None:
    diagnosis = diagnosed(
        portal,
        account={"provider": provider, "identity": "general_public", "id_number_on_file": False},
        course={"kind": "mooc", "certified_hours": 0},
        uploads=(Upload(portal, at(2)),),
    )

    assert told(diagnosis) == (["social_login"], "action_needed", "egov")
    assert diagnosis.next_check is None


@pytest.mark.parametrize("provider", ["egov", "ecpa"])
def test_a_government_login_is_no_social_login(provider: str) -> None:
    assert told(diagnosed(account={"provider": provider})) == (["overdue"], "escalate", "platform")


@ALL_PORTALS
def test_a_mooc_that_is_not_listed_carries_no_hours_anywhere(portal: str) -> None:
    diagnosis = diagnosed(portal, course={"kind": "mooc", "mooc_listed": False, "certified_hours": 0})

    assert told(diagnosis) == (["mooc_not_listed"], "not_applicable", "mooc")


def test_a_listed_mooc_and_an_unlisted_course_that_is_no_mooc_carry_hours() -> None:
    listed = diagnosed(course=MOOC, mooc_form_submitted=True)
    no_mooc = diagnosed(course={"kind": "spoc", "mooc_listed": False})

    assert "mooc_not_listed" not in (*listed.causes, *no_mooc.causes)


@pytest.mark.parametrize("portal", ["env_edu", "teacher"])
def test_a_mooc_goes_to_the_lifelong_portal_alone(portal: str) -> None:
    diagnosis = diagnosed(portal, course={**MOOC, "certified_hours": 0}, mooc_form_submitted=True)

    assert told(diagnosis) == (["mooc_portal"], "not_applicable", "mooc")
    assert "mooc_portal" not in diagnosed("lifelong", course=MOOC).causes
    assert "mooc_portal" not in diagnosed(portal).causes


@ALL_PORTALS
def test_a_course_of_zero_hours_gives_none_and_one_of_a_fraction_does(portal: str) -> None:
    none = diagnosed(portal, course={"certified_hours": 0, "category": "其他"}, uploads=(Upload(portal, at(2)),))
    some = diagnosed(portal, course={"certified_hours": 0.1})

    assert told(none) == (["no_certified_hours"], "not_applicable", "platform")
    assert "no_certified_hours" not in some.causes


@pytest.mark.parametrize("category", [None, "", " ", "環境教育課程", "環境", "環 境教育", "性別平等", "环境教育"])
def test_only_the_exact_category_gives_hours_at_the_environmental_portal(category: str | None) -> None:
    diagnosis = diagnosed("env_edu", course={"category": category}, uploads=(Upload("env_edu", at(2)),))

    assert told(diagnosis) == (["not_env_course"], "not_applicable", "platform")


@pytest.mark.parametrize("category", ["環境教育", " 環境教育 ", "環境教育\n"])
def test_the_category_is_trimmed_before_it_is_compared(category: str) -> None:
    assert "not_env_course" not in diagnosed("env_edu", course={"category": category}).causes


@pytest.mark.parametrize("portal", ["lifelong", "teacher"])
def test_the_category_matters_at_no_other_portal(portal: str) -> None:
    assert "not_env_course" not in diagnosed(portal, course={"category": None}).causes


@ALL_PORTALS
def test_an_upload_is_taken_in_until_its_third_working_day_and_uploaded_after_it(portal: str) -> None:
    monday = (Upload(portal, at(16)),)

    on_it = diagnosed(portal, uploads=monday, today=day(19))
    after = diagnosed(portal, uploads=monday, today=day(20))

    assert told(on_it) == (["portal_intake"], "waiting", "platform")
    assert on_it.next_check == day(19)
    assert told(after) == (["already_uploaded"], "uploaded", "platform")
    assert after.next_check is None


def test_an_upload_to_another_portal_is_none_here() -> None:
    diagnosis = diagnosed("lifelong", uploads=(Upload("env_edu", at(16)), Upload("teacher", at(16))))

    assert told(diagnosis) == (["overdue"], "escalate", "platform")


def test_of_several_uploads_the_earliest_counts_whatever_their_order() -> None:
    uploads = (Upload("lifelong", at(19)), Upload("lifelong", at(10)), Upload("env_edu", at(1)))

    assert diagnosed(uploads=uploads).causes == ("already_uploaded",)
    assert diagnosed(uploads=uploads[::-1]).causes == ("already_uploaded",)
    assert diagnosed(uploads=uploads, today=day(13)).next_check == day(13)


@ALL_PORTALS
def test_an_upload_makes_everything_that_would_be_missing_irrelevant(portal: str) -> None:
    diagnosis = diagnosed(
        portal,
        account={"identity": "general_public", "id_number_on_file": False, "converted_at": at(3)},
        profile={"agency_code": None, "personnel_category": None, "env_edu_account": False},
        uploads=(Upload(portal, at(3)),),
        reading_minutes=0,
        best_score=None,
        survey_done=False,
        completed_at=None,
    )

    assert diagnosis.causes == ("already_uploaded",)


def test_an_agency_that_differs_stands_beside_the_upload_and_sets_the_state_but_not_the_desk() -> None:
    uploads = (Upload("env_edu", at(2)),)

    differs = diagnosed("env_edu", profile={"env_edu_agency_code": "B2"}, uploads=uploads)
    same = diagnosed("env_edu", uploads=uploads)

    assert told(differs) == (["already_uploaded", "env_agency_mismatch"], "action_needed", "platform")
    assert told(same) == (["already_uploaded"], "uploaded", "platform")


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_a_blank_agency_differs_from_nothing(missing: str | None) -> None:
    uploads = (Upload("env_edu", at(2)),)

    causes = [
        diagnosed("env_edu", profile={name: missing}, uploads=uploads).causes
        for name in ("agency_code", "env_edu_agency_code")
    ]

    assert causes == [("already_uploaded",), ("already_uploaded",)]


def test_an_agency_that_differs_says_nothing_while_the_portal_takes_the_upload_in() -> None:
    diagnosis = diagnosed("env_edu", profile={"env_edu_agency_code": "B2"}, uploads=(Upload("env_edu", at(19)),))

    assert diagnosis.causes == ("portal_intake",)


def test_an_agency_that_differs_says_nothing_without_an_upload_or_at_another_portal() -> None:
    profile = {"env_edu_agency_code": "B2"}

    assert diagnosed("env_edu", profile=profile).causes == ("overdue",)
    assert diagnosed("lifelong", profile=profile, uploads=(Upload("lifelong", at(2)),)).causes == ("already_uploaded",)


@pytest.mark.parametrize("portal", ["lifelong", "teacher"])
def test_a_general_account_is_in_the_way_at_the_portals_of_civil_servants(portal: str) -> None:
    general = diagnosed(portal, account={"identity": "general_public"})

    assert told(general) == (["general_account"], "action_needed", "egov")
    assert "general_account" not in diagnosed(portal).causes


def test_a_general_account_is_in_nobodys_way_at_the_environmental_portal() -> None:
    assert diagnosed("env_edu", account={"identity": "general_public"}).causes == ("overdue",)


def test_a_general_account_that_was_converted_needs_a_login_only() -> None:
    before = diagnosed(account={"identity": "general_public", "converted_at": at(5), "last_login_at": at(4)})
    after = diagnosed(account={"identity": "general_public", "converted_at": at(5), "last_login_at": at(6)})

    assert told(before) == (["relogin_after_conversion"], "action_needed", "platform")
    assert told(after) == (["general_account"], "action_needed", "egov")


@ALL_PORTALS
def test_a_missing_id_number_is_in_the_way_everywhere(portal: str) -> None:
    diagnosis = diagnosed(portal, account={"id_number_on_file": False})

    assert told(diagnosis) == (["id_number_missing"], "action_needed", "egov")


@ALL_PORTALS
def test_a_conversion_without_a_login_since_is_in_the_way_everywhere(portal: str) -> None:
    converted = {"converted_at": at(5, 12)}

    never = diagnosed(portal, account=converted)
    earlier = diagnosed(portal, account={**converted, "last_login_at": at(5, 11, 59)})
    same_moment = diagnosed(portal, account={**converted, "last_login_at": at(5, 12)})
    first_alone = diagnosed(portal, account={**converted, "first_login_after_conversion_at": at(5, 13)})

    assert told(never) == (["relogin_after_conversion"], "action_needed", "platform")
    assert earlier.causes == never.causes
    assert same_moment.causes == first_alone.causes == ("overdue",)


def test_logins_and_conversion_are_compared_as_moments_not_as_written() -> None:
    utc = datetime.datetime(2026, 11, 5, 3, 59, tzinfo=datetime.timezone.utc)
    converted = {"provider": "egov", "identity": "civil_servant", "id_number_on_file": True, "converted_at": at(5, 12)}

    earlier = needs_relogin(Account(**converted, last_login_at=utc))
    later = needs_relogin(Account(**converted, last_login_at=utc + datetime.timedelta(minutes=1)))

    assert (earlier, later) == (True, False)


@pytest.mark.parametrize("portal", ["lifelong", "env_edu"])
@pytest.mark.parametrize("code", [None, "", "   ", "\u3000"])
def test_a_civil_servant_needs_an_agency(portal: str, code: str | None) -> None:
    diagnosis = diagnosed(portal, profile={"agency_code": code})

    assert told(diagnosis) == (["agency_missing"], "action_needed", "platform")


def test_nobody_needs_an_agency_at_the_teachers_portal_and_the_general_public_nowhere() -> None:
    teacher = diagnosed("teacher", profile={"agency_code": None})
    citizen = diagnosed("env_edu", account={"identity": "general_public"}, profile={"agency_code": None})

    assert teacher.causes == citizen.causes == ("overdue",)


def test_the_environmental_portal_needs_an_account_of_its_own() -> None:
    without = diagnosed("env_edu", profile={"env_edu_account": False})

    assert told(without) == (["env_account_missing"], "action_needed", "env_edu")
    assert diagnosed("lifelong", profile={"env_edu_account": False}).causes == ("overdue",)


@pytest.mark.parametrize("category", [None, "11", "01"])
def test_the_teachers_portal_wants_education_personnel_or_the_wish_to_report(category: str | None) -> None:
    profile = {"personnel_category": category}

    without = diagnosed("teacher", profile=profile)
    wished = diagnosed("teacher", profile={**profile, "report_to_teacher_portal": True})

    assert told(without) == (["teacher_category"], "action_needed", "agency_hr")
    assert wished.causes == diagnosed("teacher").causes == ("overdue",)
    assert diagnosed("lifelong", profile=profile).causes == ("overdue",)


def test_a_mooc_needs_its_form_and_nothing_of_what_other_courses_need() -> None:
    unread = {"reading_minutes": 0, "best_score": None, "survey_done": False}

    without = diagnosed(course=MOOC, **unread)
    with_form = diagnosed(course=MOOC, mooc_form_submitted=True, **unread)

    assert told(without) == (["mooc_form_missing"], "action_needed", "mooc")
    assert with_form.causes == ("overdue",)


def test_reading_that_is_short_by_a_minute_is_in_the_way() -> None:
    short = diagnosed(reading_minutes=29)

    assert told(short) == (["reading_short"], "action_needed", "platform")
    assert diagnosed(reading_minutes=30).causes == ("overdue",)


def test_reading_is_compared_without_rounding() -> None:
    course = {"required_reading_minutes": 22.5}

    assert diagnosed(course=course, reading_minutes=22).causes == ("reading_short",)
    assert diagnosed(course=course, reading_minutes=23).causes == ("overdue",)


def test_a_test_that_was_not_taken_is_in_the_way_where_there_is_one() -> None:
    untaken = diagnosed(best_score=None)

    assert told(untaken) == (["test_missing"], "action_needed", "platform")
    assert diagnosed(best_score=None, course={"pass_score": None}).causes == ("overdue",)


def test_a_score_below_the_pass_score_is_in_the_way() -> None:
    failed = diagnosed(best_score=59)

    assert told(failed) == (["test_below_pass"], "action_needed", "platform")
    assert diagnosed(best_score=60).causes == ("overdue",)


def test_a_survey_that_is_asked_for_is_in_the_way() -> None:
    unanswered = diagnosed(survey_done=False)

    assert told(unanswered) == (["survey_missing"], "action_needed", "platform")
    assert diagnosed(survey_done=False, course={"survey_required": False}).causes == ("overdue",)


@pytest.mark.parametrize(
    ("ends_on", "last"),
    [
        (datetime.date(2026, 1, 31), datetime.date(2026, 2, 28)),
        (datetime.date(2028, 1, 31), datetime.date(2028, 2, 29)),
        (datetime.date(2026, 1, 15), datetime.date(2026, 2, 15)),
        (datetime.date(2026, 2, 28), datetime.date(2026, 3, 28)),
        (datetime.date(2026, 3, 31), datetime.date(2026, 4, 30)),
        (datetime.date(2026, 12, 31), datetime.date(2027, 1, 31)),
        (datetime.date(2026, 11, 30), datetime.date(2026, 12, 30)),
    ],
)
def test_a_mooc_is_uploaded_within_a_calendar_month_of_its_end(ends_on: datetime.date, last: datetime.date) -> None:
    course = {**MOOC, "ends_on": ends_on}

    on_it = diagnosed(course=course, mooc_form_submitted=True, today=last)
    after = diagnosed(course=course, mooc_form_submitted=True, today=last + datetime.timedelta(days=1))

    assert told(on_it) == (["mooc_window"], "waiting", "mooc")
    assert on_it.next_check == last
    assert told(after) == (["overdue"], "escalate", "platform")
    assert after.next_check is None


def test_a_mooc_that_has_not_ended_yet_is_in_its_window_even_when_it_was_completed_long_ago() -> None:
    running = diagnosed(course={**MOOC, "ends_on": day(31, month=12)}, mooc_form_submitted=True, completed_at=None)

    assert running.causes == ("mooc_window",)
    assert running.next_check == datetime.date(2027, 1, 31)


def test_a_mooc_without_an_end_at_the_end_of_the_calendar_waits_for_ever() -> None:
    endless = diagnosed(course={**MOOC, "ends_on": datetime.date.max}, mooc_form_submitted=True)

    assert (endless.causes, endless.next_check) == (("mooc_window",), datetime.date.max)


def test_a_mooc_without_an_end_follows_the_ordinary_schedule() -> None:
    fresh = diagnosed(course=MOOC, mooc_form_submitted=True, completed_at=at(19))
    old = diagnosed(course=MOOC, mooc_form_submitted=True, completed_at=at(2))

    assert (fresh.causes, fresh.next_check) == (("within_schedule",), day(24))
    assert old.causes == ("overdue",)


def test_the_end_of_a_course_that_is_no_mooc_changes_nothing() -> None:
    diagnosis = diagnosed(course={"ends_on": day(19)}, completed_at=at(19))

    assert diagnosis.causes == ("within_schedule",)


@ALL_PORTALS
def test_the_third_working_day_itself_is_still_waiting(portal: str) -> None:
    on_it = diagnosed(portal, completed_at=at(17), today=day(20))
    after = diagnosed(portal, completed_at=at(17), today=day(21))

    assert told(on_it) == (["within_schedule"], "waiting", "platform")
    assert on_it.next_check == day(20)
    assert told(after) == (["overdue"], "escalate", "platform")
    assert after.next_check is None


def test_a_weekend_between_is_not_worked() -> None:
    thursday = diagnosed(completed_at=at(19))
    saturday = diagnosed(completed_at=at(14), today=day(18))

    assert thursday.next_check == day(24)
    assert saturday.next_check == day(18)


def test_a_public_holiday_between_is_not_worked_and_the_projects_own_calendar_wins() -> None:
    # 2026-10-09 (Friday) is off because National Day, 10 October, falls on a Saturday.
    completed = at(7, month=10)
    moved = WorkCalendar([Override(day(9, month=10), working=True)])

    by_library = diagnosed(completed_at=completed, today=day(8, month=10))
    by_override = diagnosed(completed_at=completed, today=day(8, month=10), calendar=moved)

    assert by_library.next_check == day(13, month=10)
    assert by_override.next_check == day(12, month=10)


def test_a_desks_own_closure_does_not_move_an_upload() -> None:
    typhoon = WorkCalendar([Override(day(18), working=False, desk="platform")])

    assert diagnosed(completed_at=at(17), calendar=typhoon).next_check == day(20)


def test_days_are_those_of_taipei() -> None:
    monday_night = datetime.datetime(2026, 11, 16, 15, 59, tzinfo=datetime.timezone.utc)
    tuesday = monday_night + datetime.timedelta(minutes=1)

    dues = [diagnosed(completed_at=moment, today=day(18)).next_check for moment in (monday_night, tuesday)]
    intakes = [
        diagnosed(uploads=(Upload("lifelong", moment),), today=day(18)).next_check for moment in (monday_night, tuesday)
    ]

    assert dues == intakes == [day(19), day(20)]


def test_the_base_is_the_login_after_the_conversion_where_the_course_was_completed_before_it() -> None:
    converted = {"converted_at": at(10), "first_login_after_conversion_at": at(18), "last_login_at": at(19)}

    before = diagnosed(account=converted, completed_at=at(9))
    last_only = diagnosed(account={**converted, "first_login_after_conversion_at": None}, completed_at=at(9))

    assert before.next_check == day(23)
    assert last_only.next_check == day(24)


def test_the_base_is_the_completion_where_it_came_with_or_after_the_conversion() -> None:
    converted = {"converted_at": at(17), "first_login_after_conversion_at": at(20)}

    same_moment = diagnosed(account=converted, completed_at=at(17))
    just_before = diagnosed(account=converted, completed_at=at(17) - datetime.timedelta(seconds=1))

    assert same_moment.next_check == day(20)
    assert just_before.next_check == day(25)


def test_the_day_of_the_conversion_is_of_no_account_only_its_moment() -> None:
    converted = {"converted_at": at(17, 12), "last_login_at": at(19)}

    morning = diagnosed(account=converted, completed_at=at(17, 11))
    evening = diagnosed(account=converted, completed_at=at(17, 13))

    assert (morning.next_check, evening.next_check) == (day(24), day(20))


def test_a_course_without_a_completion_is_overdue_although_nothing_else_holds() -> None:
    assert told(diagnosed(completed_at=None)) == (["overdue"], "escalate", "platform")


def test_a_completion_in_the_future_is_waited_for() -> None:
    ahead = diagnosed(completed_at=at(23))

    assert (ahead.causes, ahead.next_check) == (("within_schedule",), day(26))


def test_everything_that_holds_is_listed_in_the_order_of_the_table_at_the_lifelong_portal() -> None:
    diagnosis = diagnosed(
        account={"identity": "general_public", "id_number_on_file": False},
        profile={"agency_code": None},
        reading_minutes=0,
        best_score=None,
        survey_done=False,
    )

    assert told(diagnosis) == (
        ["general_account", "id_number_missing", "reading_short", "test_missing", "survey_missing"],
        "action_needed",
        "egov",
    )


def test_everything_that_holds_is_listed_in_the_order_of_the_table_at_the_environmental_portal() -> None:
    diagnosis = diagnosed(
        "env_edu",
        account={"id_number_on_file": False, "converted_at": at(5)},
        profile={"agency_code": " ", "env_edu_account": False},
        reading_minutes=0,
        best_score=0,
        survey_done=False,
    )

    assert told(diagnosis) == (
        [
            "id_number_missing",
            "relogin_after_conversion",
            "agency_missing",
            "env_account_missing",
            "reading_short",
            "test_below_pass",
            "survey_missing",
        ],
        "action_needed",
        "egov",
    )


def test_everything_that_holds_is_listed_in_the_order_of_the_table_at_the_teachers_portal() -> None:
    diagnosis = diagnosed(
        "teacher",
        account={"identity": "general_public"},
        profile={"personnel_category": "11"},
        reading_minutes=0,
        survey_done=False,
    )

    assert told(diagnosis) == (
        ["general_account", "teacher_category", "reading_short", "survey_missing"],
        "action_needed",
        "egov",
    )


def test_a_mooc_lists_its_form_after_what_the_account_lacks() -> None:
    diagnosis = diagnosed(course=MOOC, profile={"agency_code": None}, reading_minutes=0)

    assert told(diagnosis) == (["agency_missing", "mooc_form_missing"], "action_needed", "platform")


def test_the_state_is_that_of_the_last_cause_and_the_desk_that_of_the_first() -> None:
    first_env = diagnosed("env_edu", profile={"env_edu_account": False}, best_score=None)
    first_platform = diagnosed("env_edu", profile={"agency_code": "", "env_edu_account": False})

    assert (first_env.state, first_env.desk) == ("action_needed", "env_edu")
    assert (first_platform.state, first_platform.desk) == ("action_needed", "platform")


def test_nothing_but_waiting_has_a_day_to_look_again() -> None:
    unmet = diagnosed(best_score=None, completed_at=at(20))

    assert unmet.state == "action_needed"
    assert unmet.next_check is None
