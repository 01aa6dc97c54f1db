"""What a course still lacks: reading, test, survey, MOOCs form."""

from __future__ import annotations

import math

from bot.learners.records import Enrollment

READING_SHORT = "reading_short"
TEST_MISSING = "test_missing"
TEST_BELOW_PASS = "test_below_pass"
SURVEY_MISSING = "survey_missing"
MOOC_FORM_MISSING = "mooc_form_missing"


def missing(enrollment: Enrollment) -> list[str]:
    """The codes of what is missing, in the order of contracts section 4; a MOOC lacks only its form."""
    course = enrollment.course
    if course.kind == "mooc":
        return [] if enrollment.mooc_form_submitted else [MOOC_FORM_MISSING]
    found = []
    if enrollment.reading_minutes < course.required_reading_minutes:
        found.append(READING_SHORT)
    if course.pass_score is not None and enrollment.best_score is None:
        found.append(TEST_MISSING)
    if course.pass_score is not None and enrollment.best_score is not None:
        if enrollment.best_score < course.pass_score:
            found.append(TEST_BELOW_PASS)
    if course.survey_required and not enrollment.survey_done:
        found.append(SURVEY_MISSING)
    return found


def reading_minutes_left(enrollment: Enrollment) -> int:
    """Minutes still to read, rounded up; 0 when done and for MOOCs, which are read elsewhere."""
    if enrollment.course.kind == "mooc":
        return 0
    return max(0, math.ceil(enrollment.course.required_reading_minutes - enrollment.reading_minutes))
