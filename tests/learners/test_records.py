"""The learner record as dataclasses: what it knows of itself."""

from __future__ import annotations

import datetime

import pytest

from bot.learners.records import TAIPEI, Account, Course, Enrollment, Upload, taipei_day


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_taipei() -> None:
    last_second = datetime.datetime(2026, 11, 19, 15, 59, 59, tzinfo=datetime.timezone.utc)
    midnight = datetime.datetime(2026, 11, 19, 16, 0, tzinfo=datetime.timezone.utc)

    days = [taipei_day(last_second), taipei_day(midnight)]

    assert days == [datetime.date(2026, 11, 19), datetime.date(2026, 11, 20)]


@pytest.mark.parametrize("provider", ["facebook", "google", "apple"])
def test_a_social_account_is_never_official_whatever_its_identity_says(provider: str) -> None:
    account = Account(provider, "civil_servant", id_number_on_file=True)

    assert account.social
    assert not account.official


@pytest.mark.parametrize("provider", ["ecpa", "egov"])
@pytest.mark.parametrize(("identity", "official"), [("civil_servant", True), ("general_public", False)])
def test_an_account_of_the_government_is_official_by_its_identity(provider: str, identity: str, official: bool) -> None:
    account = Account(provider, identity, id_number_on_file=True)

    assert not account.social
    assert account.official is official


def test_the_newest_activity_is_the_latest_of_all_moments_and_an_upload_counts() -> None:
    enrolled = datetime.datetime(2026, 11, 1, 9, 0, tzinfo=TAIPEI)
    enrollment = Enrollment(Course("C1", "課程", "open", 1), enrolled, 30, True)
    uploaded = datetime.datetime(2026, 11, 9, 5, 30, tzinfo=TAIPEI)
    told = Enrollment(
        Course("C1", "課程", "open", 1),
        enrolled,
        30,
        True,
        started_at=enrolled + datetime.timedelta(days=1),
        completed_at=enrolled + datetime.timedelta(days=2),
        uploads=(Upload("lifelong", uploaded), Upload("env_edu", enrolled)),
    )

    newest = [enrollment.newest_activity, told.newest_activity]

    assert newest == [enrolled, uploaded]
