"""What holds of every diagnosis, whatever the record: hypothesis looks for a record where it does not."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desks.calendar import WorkCalendar
from bot.knowledge.check import REQUIRED_CAUSES
from bot.learners.diagnosis import PORTALS, Diagnosis, diagnose
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile, Upload

pytestmark = pytest.mark.thorough

ORDER = REQUIRED_CAUSES.read_text(encoding="utf-8").split()
ALONE = {
    "social_login",
    "mooc_not_listed",
    "mooc_portal",
    "no_certified_hours",
    "not_env_course",
    "portal_intake",
    "mooc_window",
    "within_schedule",
    "overdue",
}
NTH = WorkCalendar().nth_working_day_after

moments = st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=TAIPEI)
)
days = st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 2, 28))
codes = st.sampled_from([None, "", " ", "A1", "B2"])
accounts = st.builds(
    Account,
    provider=st.sampled_from(["ecpa", "egov", "egov", "facebook"]),
    identity=st.sampled_from(["civil_servant", "general_public"]),
    id_number_on_file=st.booleans(),
    converted_at=st.none() | moments,
    last_login_at=st.none() | moments,
    first_login_after_conversion_at=st.none() | moments,
)
profiles = st.builds(
    Profile,
    agency_code=codes,
    personnel_category=st.sampled_from([None, "10", "11"]),
    report_to_teacher_portal=st.booleans(),
    env_edu_account=st.booleans(),
    env_edu_agency_code=codes,
)
courses = st.builds(
    Course,
    code=st.just("C"),
    title=st.just("課程"),
    kind=st.sampled_from(["open", "open", "micro", "mooc"]),
    certified_hours=st.sampled_from([0, 1, 2]),
    category=st.sampled_from([None, "環境教育", " 環境教育 ", "資通安全"]),
    required_reading_minutes=st.sampled_from([0, 30]),
    pass_score=st.sampled_from([None, 60]),
    survey_required=st.booleans(),
    mooc_listed=st.booleans(),
    ends_on=st.none() | days,
)
enrollments = st.builds(
    Enrollment,
    course=courses,
    enrolled_at=moments,
    reading_minutes=st.sampled_from([0, 30]),
    survey_done=st.booleans(),
    best_score=st.sampled_from([None, 59, 60]),
    completed_at=st.none() | moments,
    mooc_form_submitted=st.booleans(),
    uploads=st.lists(st.builds(Upload, st.sampled_from(PORTALS), moments), max_size=2).map(tuple),
)
portals = st.sampled_from(PORTALS)


def found(account: Account, profile: Profile, one: Enrollment, portal: str, today: datetime.date) -> Diagnosis:
    as_of = datetime.datetime(2026, 12, 31, 5, tzinfo=TAIPEI)
    return diagnose(Learner("T0000000001", "甲", account, profile, (one,), as_of), one, portal, today, NTH)


@given(accounts, profiles, enrollments, portals, days)
def test_causes_are_known_each_once_and_in_the_order_of_the_table(account, profile, one, portal, today) -> None:
    causes = found(account, profile, one, portal, today).causes

    assert causes and set(causes) <= set(ORDER)
    assert list(causes) == sorted(set(causes), key=ORDER.index)


@given(accounts, profiles, enrollments, portals, days)
def test_a_cause_that_ends_the_list_stands_alone(account, profile, one, portal, today) -> None:
    causes = found(account, profile, one, portal, today).causes

    assert not set(causes) & ALONE or len(causes) == 1
    assert "env_agency_mismatch" not in causes or causes == ("already_uploaded", "env_agency_mismatch")


@given(accounts, profiles, enrollments, portals, days)
def test_a_day_to_look_again_is_given_while_waiting_alone_and_is_not_past(account, profile, one, portal, today) -> None:
    diagnosis = found(account, profile, one, portal, today)

    assert (diagnosis.next_check is not None) == (diagnosis.state == "waiting")
    assert diagnosis.next_check is None or diagnosis.next_check >= today


@given(accounts, profiles, enrollments, portals, days, st.integers(1, 60))
def test_time_alone_only_ends_waiting(account, profile, one, portal, today, later) -> None:
    now = found(account, profile, one, portal, today)
    then = found(account, profile, one, portal, today + datetime.timedelta(days=later))

    if now.state != "waiting":
        assert then == now
    elif now.next_check is not None and today + datetime.timedelta(days=later) > now.next_check:
        assert then.state in ("uploaded", "escalate", "action_needed")


@given(accounts, profiles, enrollments, portals, days, moments)
def test_an_upload_to_another_portal_changes_nothing(account, profile, one, portal, today, moment) -> None:
    other = next(name for name in PORTALS if name != portal)
    uploaded = replace(one, uploads=(*one.uploads, Upload(other, moment)))

    assert found(account, profile, uploaded, portal, today) == found(account, profile, one, portal, today)
