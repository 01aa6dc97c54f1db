"""The learner record as frozen dataclasses: what the rules of diagnosis and the summaries work on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")
DEFAULT_PASS_SCORE = 60
TEN_HOURS_PASS_SCORE = 75
MINUTES_PER_CERTIFIED_HOUR = 30
"""Reading takes half of the certified hours (004 (二)(5))."""


@dataclass(frozen=True)
class Upload:
    """One 上傳成功 to a portal (lifelong, env_edu or teacher)."""

    portal: str
    uploaded_at: datetime.datetime


@dataclass(frozen=True)
class Course:
    """A course as the learner's own record describes it."""

    code: str
    title: str
    kind: str
    certified_hours: float
    category: str | None = None
    ten_hours: bool = False
    required_reading_minutes: float = 0.0
    """Absent in the export: certified_hours × 30, not rounded."""
    pass_score: int | None = None
    """None: no test."""
    survey_required: bool = True
    mooc_listed: bool = False
    ends_on: datetime.date | None = None


@dataclass(frozen=True)
class Enrollment:
    """One learner in one course."""

    course: Course
    enrolled_at: datetime.datetime
    reading_minutes: int
    survey_done: bool
    started_at: datetime.datetime | None = None
    best_score: int | None = None
    completed_at: datetime.datetime | None = None
    mooc_form_submitted: bool = False
    uploads: tuple[Upload, ...] = ()

    @property
    def newest_activity(self) -> datetime.datetime:
        """The latest moment that the record knows of this enrollment."""
        moments = [self.enrolled_at, self.started_at, self.completed_at, *(one.uploaded_at for one in self.uploads)]
        return max(moment for moment in moments if moment is not None)


@dataclass(frozen=True)
class Account:
    """How the learner signs in."""

    provider: str
    identity: str
    id_number_on_file: bool
    certificate_bound: bool = False
    converted_at: datetime.datetime | None = None
    last_login_at: datetime.datetime | None = None
    first_login_after_conversion_at: datetime.datetime | None = None

    @property
    def social(self) -> bool:
        """Whether the log-in is one that proves no identity."""
        return self.provider in ("facebook", "google", "apple")

    @property
    def official(self) -> bool:
        """Whether it is a 公務帳號."""
        return not self.social and self.identity == "civil_servant"


@dataclass(frozen=True)
class Profile:
    """The learner's data at the platform that uploads depend on."""

    agency_code: str | None = None
    agency_name: str | None = None
    personnel_category: str | None = None
    report_to_teacher_portal: bool = False
    env_edu_account: bool = False
    env_edu_agency_code: str | None = None


@dataclass(frozen=True)
class Learner:
    """One learner with everything the platform exported, and as of when."""

    learner_id: str
    display_name: str
    account: Account
    profile: Profile
    enrollments: tuple[Enrollment, ...]
    as_of: datetime.datetime


def taipei_day(moment: datetime.datetime) -> datetime.date:
    """The day in Taipei of an aware moment."""
    return moment.astimezone(TAIPEI).date()
