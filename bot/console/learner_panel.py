"""What the platform's records say of the learner of a case: the diagnosis that the bot would give them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from bot.knowledge.fill import fill
from bot.knowledge.models import Knowledge
from bot.learners.diagnosis import PORTALS
from bot.learners.records import Learner, taipei_day
from bot.learners.report import most_relevant_first
from bot.learners.store import find_learner
from bot.learners.working_days import calendar_of


@dataclass(frozen=True)
class Course:
    """One course's hours at one portal."""

    title: str
    state: str
    state_words: str
    reasons: tuple[str, ...]
    next_check: datetime.date | None


@dataclass(frozen=True)
class Portal:
    """All courses for one portal, what needs doing first."""

    id: str
    name: str
    courses: tuple[Course, ...]


@dataclass(frozen=True)
class LearnerPanel:
    """The learner and their diagnosis; empty portals where the record has no course."""

    learner: Learner
    portals: tuple[Portal, ...]


def learner_panel(
    engine: Engine, learner_id: str, first: str | None, knowledge: Knowledge, now: datetime.datetime
) -> LearnerPanel | None:
    """The panel, the portal `first` before the others; None where no such learner is in the database."""
    learner = find_learner(engine, learner_id)
    if learner is None:
        return None
    portals = sorted(PORTALS, key=lambda portal: portal != first)
    return LearnerPanel(
        learner, tuple(_portal(learner, one, knowledge, now) for one in portals) if learner.enrollments else ()
    )


def _portal(learner: Learner, portal: str, knowledge: Knowledge, now: datetime.datetime) -> Portal:
    say, working_day = knowledge.phrases, calendar_of(knowledge).nth_working_day_after
    name = say[f"portal_{portal}"]
    found = most_relevant_first(learner, learner.enrollments, portal, taipei_day(now), working_day)

    def reason(cause: str, day: datetime.date | None) -> str:
        date = f"{day.month}/{day.day}" if day else ""
        return fill(knowledge.causes[cause].reason.replace("{portal}", name).replace("{date}", date), knowledge)

    return Portal(
        portal,
        name,
        tuple(
            Course(
                enrollment.course.title,
                diagnosis.state,
                say[f"state_{diagnosis.state}"],
                tuple(reason(cause, diagnosis.next_check) for cause in diagnosis.causes),
                diagnosis.next_check,
            )
            for enrollment, diagnosis in found
        ),
    )
