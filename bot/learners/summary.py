"""A learner's year: certified hours, the ten required hours by category, courses still open."""

from __future__ import annotations

from dataclasses import dataclass

from bot.learners.progress import missing
from bot.learners.records import Learner, taipei_day

REQUIRED = {"policy": 1, "env_edu": 4, "ethics": 5}
"""Hours a year by category (003 學習時數表, 2024)."""
CATEGORIES = {
    "policy": frozenset({"當前政府重大政策"}),
    "env_edu": frozenset({"環境教育"}),
    "ethics": frozenset({"性別平等", "廉政與服務倫理", "人權教育", "轉型正義", "行政中立", "多元族群文化", "公民參與"}),
}


@dataclass(frozen=True)
class Summary:
    """The sums of one Taipei year; `done` is uncapped."""

    year: int
    certified_hours: float
    done: dict[str, float]
    unfinished: int


def summarise(learner: Learner, year: int) -> Summary:
    """Sum the courses completed in a year; a course counts when completed_at is set and nothing is missing."""
    counted = [
        one
        for one in learner.enrollments
        if one.completed_at is not None and taipei_day(one.completed_at).year == year and not missing(one)
    ]
    done = {
        name: sum(one.course.certified_hours for one in counted if (one.course.category or "").strip() in categories)
        for name, categories in CATEGORIES.items()
    }
    unfinished = sum(1 for one in learner.enrollments if missing(one))
    return Summary(year, sum(one.course.certified_hours for one in counted), done, unfinished)
