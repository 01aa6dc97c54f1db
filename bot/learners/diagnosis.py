"""Why hours are or are not at a portal: the table of contracts section 4 as a pure function."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.learners.progress import MOOC_FORM_MISSING, missing
from bot.learners.records import Account, Enrollment, Learner, Profile, taipei_day

PORTALS = ("lifelong", "env_edu", "teacher")
ENV_CATEGORY = "環境教育"
EDUCATION_PERSONNEL = "10"
UPLOAD_WORKING_DAYS = 3

NthWorkingDay = Callable[[datetime.date, int], datetime.date]
"""The n-th working day after a day, as WorkCalendar.nth_working_day_after gives it."""

STATES = {
    "social_login": "action_needed",
    "mooc_not_listed": "not_applicable",
    "mooc_portal": "not_applicable",
    "no_certified_hours": "not_applicable",
    "not_env_course": "not_applicable",
    "already_uploaded": "uploaded",
    "env_agency_mismatch": "action_needed",
    "portal_intake": "waiting",
    "mooc_window": "waiting",
    "within_schedule": "waiting",
    "overdue": "escalate",
}
"""State by cause; every other cause is action_needed."""

DESKS = {
    "social_login": "egov",
    "mooc_not_listed": "mooc",
    "mooc_portal": "mooc",
    "env_agency_mismatch": "env_edu",
    "general_account": "egov",
    "id_number_missing": "egov",
    "env_account_missing": "env_edu",
    "teacher_category": "agency_hr",
    "mooc_form_missing": "mooc",
    "mooc_window": "mooc",
}
"""Desk by cause; every other cause belongs to the platform."""

STATE_ORDER = ("action_needed", "escalate", "waiting", "uploaded", "not_applicable")
"""The order in which several enrollments are told."""


@dataclass(frozen=True)
class Diagnosis:
    """What holds for one enrollment and portal."""

    causes: tuple[str, ...]
    next_check: datetime.date | None = None
    """The day to look again; only while waiting."""

    @property
    def state(self) -> str:
        """The state of the last cause."""
        return STATES.get(self.causes[-1], "action_needed")

    @property
    def desk(self) -> str:
        """The desk of the first cause."""
        return DESKS.get(self.causes[0], "platform")


def diagnose(
    learner: Learner, enrollment: Enrollment, portal: str, today: datetime.date, nth_working_day: NthWorkingDay
) -> Diagnosis:
    """Every cause that holds today, in the table's order; the record is taken as it stands."""
    account, course = learner.account, enrollment.course
    if account.social:
        return Diagnosis(("social_login",))
    if course.kind == "mooc" and not course.mooc_listed:
        return Diagnosis(("mooc_not_listed",))
    if course.kind == "mooc" and portal != "lifelong":
        return Diagnosis(("mooc_portal",))
    if course.certified_hours == 0:
        return Diagnosis(("no_certified_hours",))
    if portal == "env_edu" and (course.category or "").strip() != ENV_CATEGORY:
        return Diagnosis(("not_env_course",))
    uploads = [one.uploaded_at for one in enrollment.uploads if one.portal == portal]
    if uploads:
        return _after_upload(min(uploads), learner.profile, portal, today, nth_working_day)
    causes = tuple(_unmet(account, learner.profile, enrollment, portal))
    return Diagnosis(causes) if causes else _pending(account, enrollment, today, nth_working_day)


def _after_upload(
    uploaded_at: datetime.datetime,
    profile: Profile,
    portal: str,
    today: datetime.date,
    nth_working_day: NthWorkingDay,
) -> Diagnosis:
    in_file = nth_working_day(taipei_day(uploaded_at), UPLOAD_WORKING_DAYS)
    if today <= in_file:
        return Diagnosis(("portal_intake",), in_file)
    here, there = _code(profile.agency_code), _code(profile.env_edu_agency_code)
    if portal == "env_edu" and here and there and here != there:
        return Diagnosis(("already_uploaded", "env_agency_mismatch"))
    return Diagnosis(("already_uploaded",))


def _unmet(account: Account, profile: Profile, enrollment: Enrollment, portal: str) -> Iterator[str]:
    relogin = needs_relogin(account)
    if portal in ("lifelong", "teacher") and account.identity == "general_public" and not relogin:
        yield "general_account"
    if not account.id_number_on_file:
        yield "id_number_missing"
    if relogin:
        yield "relogin_after_conversion"
    if portal in ("lifelong", "env_edu") and account.identity == "civil_servant" and not _code(profile.agency_code):
        yield "agency_missing"
    if portal == "env_edu" and not profile.env_edu_account:
        yield "env_account_missing"
    if portal == "teacher" and _code(profile.personnel_category) != EDUCATION_PERSONNEL:
        if not profile.report_to_teacher_portal:
            yield "teacher_category"
    lacking = missing(enrollment)
    if MOOC_FORM_MISSING in lacking:
        yield MOOC_FORM_MISSING
    yield from (code for code in lacking if code != MOOC_FORM_MISSING)


def needs_relogin(account: Account) -> bool:
    """Whether the account was converted and nobody has logged in since."""
    if account.converted_at is None:
        return False
    logins = (account.first_login_after_conversion_at, account.last_login_at)
    return not any(login is not None and login >= account.converted_at for login in logins)


def _pending(
    account: Account, enrollment: Enrollment, today: datetime.date, nth_working_day: NthWorkingDay
) -> Diagnosis:
    course = enrollment.course
    if course.kind == "mooc" and course.ends_on is not None:
        last = _month_later(course.ends_on)
        return Diagnosis(("mooc_window",), last) if today <= last else Diagnosis(("overdue",))
    if enrollment.completed_at is not None:
        due = nth_working_day(taipei_day(_base(account, enrollment.completed_at)), UPLOAD_WORKING_DAYS)
        if today <= due:
            return Diagnosis(("within_schedule",), due)
    return Diagnosis(("overdue",))


def _base(account: Account, completed_at: datetime.datetime) -> datetime.datetime:
    if account.converted_at is None or completed_at >= account.converted_at:
        return completed_at
    login = account.first_login_after_conversion_at or account.last_login_at
    return completed_at if login is None else max(completed_at, login)


def _month_later(day: datetime.date) -> datetime.date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    if year > datetime.MAXYEAR:
        # 9999-12-31: a course without an end.
        return datetime.date.max
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _code(value: str | None) -> str:
    return (value or "").strip()
