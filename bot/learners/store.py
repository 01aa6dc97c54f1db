"""Reading and replacing learners in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from bot.learners.records import Account, Course, Enrollment, Learner, Profile, Upload
from bot.learners.tables import AccountRow, CourseRow, EnrollmentRow, LearnerRow, ProfileRow, UploadRow


def find_learner(engine: Engine, learner_id: str) -> Learner | None:
    """The learner with this id, or None."""
    with Session(engine, future=True) as session:
        row = session.get(LearnerRow, learner_id)
        return None if row is None else _learner(row)


def all_learners(engine: Engine, page: int = 500) -> Iterator[Learner]:
    """Every learner by learner_id, a page of rows in memory at a time."""
    after = ""
    while True:
        with Session(engine, future=True) as session:
            query = select(LearnerRow).where(LearnerRow.learner_id > after).order_by(LearnerRow.learner_id).limit(page)
            rows = session.scalars(query).unique().all()
            learners = [_learner(row) for row in rows]
        if not learners:
            return
        yield from learners
        after = learners[-1].learner_id


def replace_learners(connection: Connection, learners: Sequence[Learner]) -> None:
    """Put learners in place of what stood under their ids; the caller's transaction makes it all or nothing."""
    ids = [learner.learner_id for learner in learners]
    connection.execute(delete(LearnerRow.__table__).where(LearnerRow.learner_id.in_(ids)))
    connection.execute(
        insert(LearnerRow.__table__),
        [{"learner_id": one.learner_id, "display_name": one.display_name, "as_of": one.as_of} for one in learners],
    )
    connection.execute(insert(AccountRow.__table__), [_account_values(one) for one in learners])
    connection.execute(insert(ProfileRow.__table__), [_profile_values(one) for one in learners])
    enrollments = [
        {"learner_id": learner.learner_id, "position": position, **_enrollment_values(enrollment)}
        for learner in learners
        for position, enrollment in enumerate(learner.enrollments)
    ]
    uploads = [
        {
            "learner_id": learner.learner_id,
            "course_code": enrollment.course.code,
            "position": position,
            "portal": upload.portal,
            "uploaded_at": upload.uploaded_at,
        }
        for learner in learners
        for enrollment in learner.enrollments
        for position, upload in enumerate(enrollment.uploads)
    ]
    if enrollments:
        connection.execute(insert(EnrollmentRow.__table__), enrollments)
    if uploads:
        connection.execute(insert(UploadRow.__table__), uploads)
    _remember_titles(connection, learners)


def _remember_titles(connection: Connection, learners: Sequence[Learner]) -> None:
    titles = {one.course.code: one.course.title for learner in learners for one in learner.enrollments}
    if not titles:
        return
    table = CourseRow.__table__
    connection.execute(delete(table).where(CourseRow.code.in_(list(titles))))
    connection.execute(insert(table), [{"code": code, "title": title} for code, title in titles.items()])


def _account_values(learner: Learner) -> dict[str, Any]:
    return {"learner_id": learner.learner_id, **vars(learner.account)}


def _profile_values(learner: Learner) -> dict[str, Any]:
    return {"learner_id": learner.learner_id, **vars(learner.profile)}


def _enrollment_values(enrollment: Enrollment) -> dict[str, Any]:
    course = dict(vars(enrollment.course))
    own = {name: value for name, value in vars(enrollment).items() if name not in ("course", "uploads")}
    course.update(course_code=course.pop("code"), course_title=course.pop("title"), course_kind=course.pop("kind"))
    return {**course, **own}


def _learner(row: Any) -> Learner:
    account = {name: getattr(row.account, name) for name in Account.__dataclass_fields__}
    profile = {name: getattr(row.profile, name) for name in Profile.__dataclass_fields__}
    return Learner(
        row.learner_id,
        row.display_name,
        Account(**account),
        Profile(**profile),
        tuple(_enrollment(one) for one in row.enrollments),
        row.as_of,
    )


def _enrollment(row: Any) -> Enrollment:
    renamed = {"code": row.course_code, "title": row.course_title, "kind": row.course_kind}
    course = Course(
        **{name: renamed[name] if name in renamed else getattr(row, name) for name in Course.__dataclass_fields__}
    )
    own = {name: getattr(row, name) for name in Enrollment.__dataclass_fields__ if name not in ("course", "uploads")}
    uploads = tuple(Upload(one.portal, one.uploaded_at) for one in row.uploads)
    return Enrollment(course=course, uploads=uploads, **own)
