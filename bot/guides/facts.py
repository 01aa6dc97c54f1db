"""What the guided diagnosis knows of a case, and what of it the table of contracts section 4 still turns on.

Facts are a dict that JSON can hold. A key that is absent was not asked yet; "unknown" means that the learner is not
sure. Dates are ISO strings. Nothing here repeats the table: a fact matters where another value of it would give
another diagnosis.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.learners.diagnosis import ENV_CATEGORY, Diagnosis, NthWorkingDay, diagnose
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile, Upload

Facts = dict[str, Any]

UNKNOWN = "unknown"
EARLIER = "earlier"
"""uploaded_on: longer ago than yesterday, the day not told."""
RUNNING = "running"
"""ends_on: the course has not ended, the day not told."""

VALUES: Mapping[str, tuple[Any, ...]] = {
    "portal": ("lifelong", "env_edu", "teacher"),
    "provider": ("egov", "ecpa", "facebook", "google", "apple"),
    "identity": ("civil_servant", "general_public"),
    "relogin": ("done", "missing"),
    "kind": ("open", "mooc"),
    "mooc_listed": (True, False),
    "has_hours": (True, False),
    "env_course": (True, False),
    "reading": (True, False),
    "test": (True, False, "taken", "failed"),
    "survey": (True, False),
    "mooc_form": (True, False),
    "agency": (True, False),
    "id_number": (True, False),
    "env_account": (True, False),
    "teacher_reporting": (True, False),
    "uploaded": (False, True),
}
"""The facts that are no dates, with their values; the first is what an unknown or absent fact is taken for.

relogin: logged in again after an account was converted; absent where no conversion was told.
test: passed, not taken in 評量區, taken without knowing whether it was passed, or not passed.
teacher_reporting: 10 教育人員, or 時數是否上傳全教網 is ticked."""

DATES: Mapping[str, tuple[str, ...]] = {"finished_on": (), "uploaded_on": (EARLIER,), "ends_on": (RUNNING,)}
"""The facts that are ISO dates, with the words that may stand in place of a day.

finished_on is the day that uploading counts from: for a converted account the later of completing and logging in."""

SCREENS: Mapping[str, tuple[str, ...]] = {
    "portal": ("portal",),
    "sign_in": ("provider", "identity"),
    "course": ("kind", "mooc_listed", "has_hours", "env_course"),
    "done": ("reading", "test", "survey", "mooc_form"),
    "settings": ("agency", "id_number", "env_account", "teacher_reporting"),
    "finished": ("finished_on", "uploaded_on", "ends_on"),
}
"""The screens in their order, with the facts that each asks for."""

DOUBTS = (*VALUES, *DATES, "test_below_pass", "env_agency_mismatch")
"""What may stay in doubt: every fact, and the two causes that the guide cannot see."""

ENDS = ("social_login", "mooc_not_listed", "mooc_portal", "no_certified_hours", "not_env_course")
"""The causes with which the guide ends at once."""

REFERENCE = datetime.date(2026, 1, 5)
_LONG_AGO = datetime.timedelta(days=400)
_YEARS = 50


def value_of(facts: Mapping[str, Any], key: str) -> Any:
    """The value of a fact that is no date; where it is absent, unknown or no value at all, the one that is fine."""
    value = facts.get(key)
    return value if value in VALUES[key] else VALUES[key][0]


def day_of(facts: Mapping[str, Any], key: str) -> datetime.date | None:
    """The day of a date fact; None where it is absent, vague or no day of our times."""
    try:
        day = datetime.date.fromisoformat(facts[key])
    except (KeyError, TypeError, ValueError):
        return None
    return day if abs(day.year - REFERENCE.year) <= _YEARS else None


def diagnosed(facts: Mapping[str, Any], today: datetime.date, nth_working_day: NthWorkingDay) -> Diagnosis:
    """The diagnosis of a learner made of the facts, everything absent or unknown taken as fine."""
    learner, enrollment = _learner(facts), _enrollment(facts, today)
    return diagnose(learner, enrollment, value_of(facts, "portal"), today, nth_working_day)


def _learner(facts: Mapping[str, Any]) -> Learner:
    provider = value_of(facts, "provider")
    account = Account(
        provider=provider,
        identity="civil_servant" if provider == "ecpa" else value_of(facts, "identity"),
        id_number_on_file=value_of(facts, "id_number"),
        converted_at=_noon(REFERENCE) if value_of(facts, "relogin") == "missing" else None,
    )
    profile = Profile(
        agency_code="agency" if value_of(facts, "agency") else None,
        report_to_teacher_portal=value_of(facts, "teacher_reporting"),
        env_edu_account=value_of(facts, "env_account"),
    )
    return Learner("", "", account, profile, (), _noon(REFERENCE))


def _enrollment(facts: Mapping[str, Any], today: datetime.date) -> Enrollment:
    kind = value_of(facts, "kind")
    finished, ends = day_of(facts, "finished_on"), day_of(facts, "ends_on")
    if facts.get("ends_on") == RUNNING:
        ends = today
    course = Course(
        code="",
        title="",
        kind=kind,
        certified_hours=1 if value_of(facts, "has_hours") or kind == "mooc" else 0,
        category=ENV_CATEGORY if value_of(facts, "env_course") else None,
        required_reading_minutes=30,
        pass_score=60,
        # A MOOC without hours is one that is not listed.
        mooc_listed=value_of(facts, "mooc_listed" if "mooc_listed" in facts else "has_hours"),
        ends_on=ends,
    )
    uploads: tuple[Upload, ...] = ()
    if value_of(facts, "uploaded"):
        uploaded = day_of(facts, "uploaded_on") or today - _LONG_AGO
        uploads = (Upload(value_of(facts, "portal"), _noon(uploaded)),)
    return Enrollment(
        course=course,
        enrolled_at=_noon(REFERENCE),
        reading_minutes=30 if value_of(facts, "reading") else 0,
        survey_done=value_of(facts, "survey"),
        best_score=60 if value_of(facts, "test") in (True, "taken") else None,
        # A MOOC is counted from the end of the course alone; the guide never asks when it was finished.
        completed_at=_noon(finished) if finished and kind != "mooc" else None,
        mooc_form_submitted=value_of(facts, "mooc_form"),
        uploads=uploads,
    )


def _simple(day: datetime.date, count: int) -> datetime.date:
    """Days as if all were worked: what is asked does not depend on the calendar."""
    return day + datetime.timedelta(days=count)


def ended(facts: Mapping[str, Any]) -> bool:
    """Whether a cause holds that nothing else can change for the better."""
    return diagnosed(facts, REFERENCE, _simple).causes[0] in ENDS


def matters(
    key: str,
    facts: Mapping[str, Any],
    beside: Iterable[str] = (),
    today: datetime.date = REFERENCE,
    nth_working_day: NthWorkingDay = _simple,
) -> bool:
    """Whether another value of the fact gives another diagnosis, alone or with one of the facts beside it."""
    if ended(facts):
        return False
    values = list(_alternatives(key, today))
    others = [other for other in beside if other != key]
    for assumed in ({}, *({other: value} for other in others for value in list(_alternatives(other, today))[-1:])):
        case = {**facts, **assumed}
        found = {diagnosed({**case, key: value}, today, nth_working_day) for value in values}
        if len(found) > 1:
            return True
    return False


def absent(facts: Mapping[str, Any]) -> list[str]:
    """The facts of all screens that were not asked yet."""
    return [key for keys in SCREENS.values() for key in keys if key not in facts]


def unsure_of(facts: Mapping[str, Any]) -> list[str]:
    """The facts of which the learner is not sure, vague days among them."""
    vague = {UNKNOWN, EARLIER, RUNNING}
    return [key for key in (*VALUES, *DATES) if isinstance(facts.get(key), str) and facts[key] in vague]


def _alternatives(key: str, today: datetime.date) -> Iterator[Any]:
    if key in DATES:
        yield from (today.isoformat(), (today - _LONG_AGO).isoformat())
    else:
        yield from VALUES[key]


def _noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), TAIPEI)
