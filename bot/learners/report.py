"""A diagnosis in the shape that programs get (contracts section 4)."""

from __future__ import annotations

import datetime
from typing import Any

from bot.learners.diagnosis import STATE_ORDER, Diagnosis, NthWorkingDay, diagnose
from bot.learners.records import Enrollment, Learner


def diagnosis_dict(learner: Learner, enrollment: Enrollment, portal: str, found: Diagnosis) -> dict[str, Any]:
    """One diagnosis as JSON-able data."""
    return {
        "type": "diagnosis",
        "learner_id": learner.learner_id,
        "portal": portal,
        "course": enrollment.course.code,
        "state": found.state,
        "causes": list(found.causes),
        "next_check": found.next_check.isoformat() if found.next_check else None,
        "desk": found.desk,
        "as_of": learner.as_of.isoformat(),
    }


def most_relevant_first(
    learner: Learner,
    enrollments: tuple[Enrollment, ...] | list[Enrollment],
    portal: str,
    today: datetime.date,
    nth_working_day: NthWorkingDay,
) -> list[tuple[Enrollment, Diagnosis]]:
    """Enrollments with their diagnoses: what needs doing first, of equal ones the newest activity first."""
    found = [(one, diagnose(learner, one, portal, today, nth_working_day)) for one in enrollments]
    found.sort(key=lambda pair: pair[0].newest_activity, reverse=True)
    found.sort(key=lambda pair: STATE_ORDER.index(pair[1].state))
    return found
