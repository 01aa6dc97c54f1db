"""The learner tables: learner, account, profile, enrollments with their own course facts, uploads."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import declarative_base

from bot.learners.records import TAIPEI

Base: Any = declarative_base()


class Moment(TypeDecorator):  # type: ignore[misc]
    """An aware moment, kept as naive UTC so that SQLite and PostgreSQL agree, and read back in Taipei time."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Any) -> datetime.datetime | None:
        """To naive UTC."""
        return None if value is None else value.astimezone(datetime.timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime.datetime | None, dialect: Any) -> datetime.datetime | None:
        """To Taipei time."""
        return None if value is None else value.replace(tzinfo=datetime.timezone.utc).astimezone(TAIPEI)


class LearnerRow(Base):  # type: ignore[misc]
    """One learner."""

    __tablename__ = "learner"
    learner_id = Column(String(11), primary_key=True)
    display_name = Column(String(60), nullable=False)
    as_of = Column(Moment, nullable=False)


class AccountRow(Base):  # type: ignore[misc]
    """How a learner signs in."""

    __tablename__ = "account"
    learner_id = Column(ForeignKey("learner.learner_id", ondelete="CASCADE"), primary_key=True)
    provider = Column(String(16), nullable=False)
    identity = Column(String(16), nullable=False)
    id_number_on_file = Column(Boolean, nullable=False)
    certificate_bound = Column(Boolean, nullable=False)
    converted_at = Column(Moment)
    last_login_at = Column(Moment)
    first_login_after_conversion_at = Column(Moment)


class ProfileRow(Base):  # type: ignore[misc]
    """A learner's data at the platform that uploads depend on."""

    __tablename__ = "profile"
    learner_id = Column(ForeignKey("learner.learner_id", ondelete="CASCADE"), primary_key=True)
    agency_code = Column(String)
    agency_name = Column(String)
    personnel_category = Column(String(2))
    report_to_teacher_portal = Column(Boolean, nullable=False)
    env_edu_account = Column(Boolean, nullable=False)
    env_edu_agency_code = Column(String)


class EnrollmentRow(Base):  # type: ignore[misc]
    """One learner in one course, with the course as the learner's own record describes it."""

    __tablename__ = "enrollment"
    learner_id = Column(ForeignKey("learner.learner_id", ondelete="CASCADE"), primary_key=True)
    course_code = Column(String, primary_key=True)
    position = Column(Integer, nullable=False)
    course_title = Column(String, nullable=False)
    course_kind = Column(String(16), nullable=False)
    certified_hours = Column(Float, nullable=False)
    category = Column(String)
    ten_hours = Column(Boolean, nullable=False)
    required_reading_minutes = Column(Float, nullable=False)
    pass_score = Column(Integer)
    survey_required = Column(Boolean, nullable=False)
    mooc_listed = Column(Boolean, nullable=False)
    ends_on = Column(Date)
    enrolled_at = Column(Moment, nullable=False)
    started_at = Column(Moment)
    reading_minutes = Column(Integer, nullable=False)
    best_score = Column(Integer)
    survey_done = Column(Boolean, nullable=False)
    completed_at = Column(Moment)
    mooc_form_submitted = Column(Boolean, nullable=False)


class UploadRow(Base):  # type: ignore[misc]
    """One 上傳成功 to a portal."""

    __tablename__ = "upload"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "course_code"], ["enrollment.learner_id", "enrollment.course_code"], ondelete="CASCADE"
        ),
    )
    learner_id = Column(String(11), primary_key=True)
    course_code = Column(String, primary_key=True)
    position = Column(Integer, primary_key=True)
    portal = Column(String(16), nullable=False)
    uploaded_at = Column(Moment, nullable=False)


class CourseRow(Base):  # type: ignore[misc]
    """A course title for search alone; the facts of a course are those of each learner's own record."""

    __tablename__ = "course"
    code = Column(String, primary_key=True)
    title = Column(String, nullable=False)
