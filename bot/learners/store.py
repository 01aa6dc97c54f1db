"""Reading and replacing learners in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from bot.learners.records import Account, Course, Enrollment, Learner, Profile, Upload
from bot.learners.tables import AccountRow, CourseRow, EnrollmentRow, LearnerRow, ProfileRow, UploadRow


def find_learner(engine: Engine, learner_id: str) -> Learner | None:
    """The learner with this id, or None."""
    with Session(engine, future=True) as session:
        row = session.get(LearnerRow, learner_id)
        return None if row is None else _learner(row)


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
    for learner in learners:
        for position, enrollment in enumerate(learner.enrollments):
            _insert_enrollment(connection, learner.learner_id, position, enrollment)
    _remember_titles(connection, learners)


def _insert_enrollment(connection: Connection, learner_id: str, position: int, enrollment: Enrollment) -> None:
    values = {"learner_id": learner_id, "position": position, **_enrollment_values(enrollment)}
    key = connection.execute(insert(EnrollmentRow.__table__).values(**values)).inserted_primary_key[0]
    if enrollment.uploads:
        connection.execute(
            insert(UploadRow.__table__),
            [
                {"enrollment_id": key, "portal": one.portal, "uploaded_at": one.uploaded_at}
                for one in enrollment.uploads
            ],
        )


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
