"""The table of contracts section 4 written a second time, from the contract alone, and compared on random learners."""

from __future__ import annotations

import calendar
import datetime
import random

import pytest

from bot.desks.calendar import WorkCalendar
from bot.learners.diagnosis import diagnose
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile, Upload

PORTALS = ["lifelong", "env_edu", "teacher"]
NOW = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=TAIPEI)
WORK = WorkCalendar()

TABLE = {
    "social_login": ("action_needed", "egov"),
    "mooc_not_listed": ("not_applicable", "mooc"),
    "mooc_portal": ("not_applicable", "mooc"),
    "no_certified_hours": ("not_applicable", "platform"),
    "not_env_course": ("not_applicable", "platform"),
    "already_uploaded": ("uploaded", "platform"),
    "env_agency_mismatch": ("action_needed", "env_edu"),
    "portal_intake": ("waiting", "platform"),
    "general_account": ("action_needed", "egov"),
    "id_number_missing": ("action_needed", "egov"),
    "relogin_after_conversion": ("action_needed", "platform"),
    "agency_missing": ("action_needed", "platform"),
    "env_account_missing": ("action_needed", "env_edu"),
    "teacher_category": ("action_needed", "agency_hr"),
    "mooc_form_missing": ("action_needed", "mooc"),
    "reading_short": ("action_needed", "platform"),
    "test_missing": ("action_needed", "platform"),
    "test_below_pass": ("action_needed", "platform"),
    "survey_missing": ("action_needed", "platform"),
    "mooc_window": ("waiting", "mooc"),
    "within_schedule": ("waiting", "platform"),
    "overdue": ("escalate", "platform"),
}


def third_working_day(moment: datetime.datetime) -> datetime.date:
    """Counted by hand from the day in Taipei, which is day 0 whether it is worked or not."""
    day, worked = moment.astimezone(TAIPEI).date(), 0
    while worked < 3:
        day = day + datetime.timedelta(1)
        if WORK.is_working_day(day):
            worked = worked + 1
    return day


def month_after(day: datetime.date) -> datetime.date:
    """The same day number a month later, or that month's last day."""
    month, year = day.month % 12 + 1, day.year + day.month // 12
    while True:
        last = calendar.monthrange(year, month)[1]
        return datetime.date(year, month, day.day if day.day <= last else last)


def blank(text: str | None) -> bool:
    return text is None or text.strip() == ""


def by_the_contract(
    learner: Learner, one: Enrollment, portal: str, today: datetime.date
) -> tuple[list[str], str, str, datetime.date | None]:
    """Causes, state, desk and next_check, row by row."""
    account, profile, course = learner.account, learner.profile, one.course
    mooc = course.kind == "mooc"
    uploads = sorted(upload.uploaded_at for upload in one.uploads if upload.portal == portal)

    def result(
        causes: list[str], next_check: datetime.date | None = None
    ) -> tuple[list[str], str, str, datetime.date | None]:
        return causes, TABLE[causes[-1]][0], TABLE[causes[0]][1], next_check

    # The rows that end the list.
    if account.provider == "facebook" or account.provider == "google" or account.provider == "apple":
        return result(["social_login"])
    if mooc and course.mooc_listed is False:
        return result(["mooc_not_listed"])
    if mooc and portal != "lifelong":
        return result(["mooc_portal"])
    if not course.certified_hours:
        return result(["no_certified_hours"])
    if portal == "env_edu" and (course.category is None or course.category.strip() != "環境教育"):
        return result(["not_env_course"])
    if uploads and today > third_working_day(uploads[0]):
        both = not blank(profile.agency_code) and not blank(profile.env_edu_agency_code)
        if portal == "env_edu" and both and profile.agency_code.strip() != profile.env_edu_agency_code.strip():
            return result(["already_uploaded", "env_agency_mismatch"])
        return result(["already_uploaded"])
    if uploads:
        return result(["portal_intake"], third_working_day(uploads[0]))

    # The rows that stand beside each other.
    logins = [account.first_login_after_conversion_at, account.last_login_at]
    since = [login for login in logins if login and account.converted_at and login >= account.converted_at]
    relogin = account.converted_at is not None and not since
    tested = course.pass_score is not None
    holds = {
        "general_account": portal != "env_edu" and account.identity == "general_public" and not relogin,
        "id_number_missing": not account.id_number_on_file,
        "relogin_after_conversion": relogin,
        "agency_missing": portal != "teacher" and account.identity == "civil_servant" and blank(profile.agency_code),
        "env_account_missing": portal == "env_edu" and not profile.env_edu_account,
        "teacher_category": portal == "teacher"
        and profile.personnel_category != "10"
        and not profile.report_to_teacher_portal,
        "mooc_form_missing": mooc and not one.mooc_form_submitted,
        "reading_short": not mooc and one.reading_minutes < course.required_reading_minutes,
        "test_missing": not mooc and tested and one.best_score is None,
        "test_below_pass": not mooc and tested and one.best_score is not None and one.best_score < course.pass_score,
        "survey_missing": not mooc and course.survey_required and not one.survey_done,
    }
    causes = [code for code in TABLE if holds.get(code)]
    if causes:
        return result(causes)

    # The rows for which nothing above holds.
    if mooc and course.ends_on is not None:
        last = month_after(course.ends_on)
        return result(["mooc_window"], last) if today <= last else result(["overdue"])
    if one.completed_at is None:
        return result(["overdue"])
    base = one.completed_at
    if account.converted_at is not None and one.completed_at < account.converted_at:
        login = account.first_login_after_conversion_at
        login = account.last_login_at if login is None else login
        if login is not None and login > base:
            base = login
    due = third_working_day(base)
    return result(["within_schedule"], due) if today <= due else result(["overdue"])


def moment(luck: random.Random, days: int = 12) -> datetime.datetime:
    """Some minute of the days up to now."""
    return NOW - datetime.timedelta(minutes=luck.randrange(days * 24 * 60))


def random_learner(luck: random.Random) -> Learner:
    """A learner with one enrollment; values are drawn so that every row of the table comes up."""
    rarely, often = luck.random() < 0.1, luck.random() < 0.9
    converted = moment(luck) if luck.random() < 0.3 else None
    after = moment(luck, 4) if converted is not None and luck.random() < 0.7 else None
    if after is not None and converted is not None and after < converted:
        after = converted
    account = Account(
        provider=luck.choice(["facebook", "google", "apple"]) if rarely else luck.choice(["ecpa", "egov"]),
        identity="civil_servant" if luck.random() < 0.8 else "general_public",
        id_number_on_file=often,
        converted_at=converted,
        last_login_at=luck.choice([None, moment(luck), after]),
        first_login_after_conversion_at=luck.choice([None, after]),
    )
    codes = ["A1", "A1", "A1", " A1 ", "B2", "", "  ", None]
    profile = Profile(
        agency_code=luck.choice(codes),
        personnel_category=luck.choice(["10", "10", "11", None]),
        report_to_teacher_portal=luck.random() < 0.2,
        env_edu_account=luck.random() < 0.8,
        env_edu_agency_code=luck.choice(codes),
    )
    course = Course(
        code="C1",
        title="課程",
        kind=luck.choice(["open", "bundle", "micro", "spoc", "ebook", "live", "mooc", "mooc"]),
        certified_hours=luck.choice([0, 0.5, 1, 1, 1, 1, 1, 2, 4]),
        category=luck.choice(["環境教育", "環境教育", " 環境教育 ", "性別平等", "環境", None]),
        required_reading_minutes=luck.choice([0, 22.5, 30]),
        pass_score=luck.choice([60, 75, None]),
        survey_required=luck.random() < 0.7,
        mooc_listed=luck.random() < 0.8,
        ends_on=luck.choice([None, NOW.date() - datetime.timedelta(days=luck.randrange(-20, 60))]),
    )
    good = luck.random() < 0.6
    enrollment = Enrollment(
        course=course,
        enrolled_at=moment(luck, 30),
        reading_minutes=30 if good else luck.choice([0, 22, 23, 29, 30]),
        survey_done=good or luck.random() < 0.5,
        best_score=80 if good else luck.choice([None, 0, 59, 60, 74, 75, 100]),
        completed_at=moment(luck) if luck.random() < 0.85 else None,
        mooc_form_submitted=luck.random() < 0.7,
        uploads=tuple(Upload(luck.choice(PORTALS), moment(luck)) for _ in range(luck.choice([0, 0, 0, 1, 3]))),
    )
    return Learner("T5602110801", "王小明", account, profile, (enrollment,), NOW)


@pytest.mark.parametrize("portal", PORTALS)
def test_both_writings_of_the_table_agree_on_a_thousand_random_learners(portal: str) -> None:
    luck = random.Random(f"epark {portal}")
    learners = [random_learner(luck) for _ in range(1000)]
    days = [NOW.date() + datetime.timedelta(days=luck.randrange(-3, 6)) for _ in learners]

    found = [
        diagnose(one, one.enrollments[0], portal, today, WORK.nth_working_day_after)
        for one, today in zip(learners, days)
    ]

    for one, today, diagnosis in zip(learners, days, found):
        expected = by_the_contract(one, one.enrollments[0], portal, today)
        assert (list(diagnosis.causes), diagnosis.state, diagnosis.desk, diagnosis.next_check) == expected, one


def test_the_random_learners_bring_up_every_row_of_the_table() -> None:
    luck = random.Random("epark rows")
    seen: set[str] = set()

    for _ in range(1500):
        one = random_learner(luck)
        for portal in PORTALS:
            seen.update(by_the_contract(one, one.enrollments[0], portal, NOW.date())[0])

    assert seen == set(TABLE)
