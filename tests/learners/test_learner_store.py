"""Reading and replacing learners in the database, on every database."""

from __future__ import annotations

import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile, Upload
from bot.learners.store import all_learners, course_title_in, find_learner, replace_learners
from bot.learners.tables import CourseRow, LearnerRow

MORNING = datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI)


def learner(learner_id: str = "T5602110801", *enrollments: Enrollment, name: str = "王小明") -> Learner:
    account = Account("egov", "general_public", id_number_on_file=False)
    return Learner(learner_id, name, account, Profile(), enrollments, MORNING)


def test_a_learner_comes_out_as_it_went_in(engine: Engine) -> None:
    course = Course("C1", "課程", "mooc", 1.5, "環境教育", True, 22.5, None, False, True, datetime.date(2026, 12, 31))
    full = Learner(
        "T5602110801",
        "王小明😀",
        Account("ecpa", "civil_servant", True, True, MORNING, MORNING, MORNING),
        Profile("A09600000Q", "某機關", "10", True, True, "A09600001Q"),
        (
            Enrollment(course, MORNING, 40, True, MORNING, 88, MORNING, True, (Upload("lifelong", MORNING),)),
            Enrollment(Course("C0", "空", "open", 0), MORNING, 0, False),
        ),
        MORNING,
    )

    with engine.begin() as connection:
        replace_learners(connection, [full])

    assert find_learner(engine, "T5602110801") == full


def test_a_moment_keeps_its_instant_whatever_zone_it_came_in(engine: Engine) -> None:
    utc = datetime.datetime(2026, 11, 19, 21, 0, 0, 123456, tzinfo=datetime.timezone.utc)
    enrollment = Enrollment(Course("C1", "課程", "open", 1), utc, 0, False)

    with engine.begin() as connection:
        replace_learners(connection, [learner("T5602110801", enrollment)])

    found = find_learner(engine, "T5602110801")
    assert found is not None
    assert found.enrollments[0].enrolled_at == utc
    assert found.enrollments[0].enrolled_at.isoformat() == "2026-11-20T05:00:00.123456+08:00"


def test_enrollments_and_uploads_keep_the_order_of_the_record(engine: Engine) -> None:
    uploads = tuple(Upload(portal, MORNING) for portal in ("teacher", "lifelong", "env_edu"))
    enrollments = tuple(
        Enrollment(Course(code, code, "open", 1), MORNING, 0, False, uploads=uploads) for code in ("Z", "A", "M")
    )

    with engine.begin() as connection:
        replace_learners(connection, [learner("T5602110801", *enrollments)])

    found = find_learner(engine, "T5602110801")
    assert found is not None
    assert [one.course.code for one in found.enrollments] == ["Z", "A", "M"]
    assert [one.portal for one in found.enrollments[0].uploads] == ["teacher", "lifelong", "env_edu"]


def test_an_unknown_learner_is_none(engine: Engine) -> None:
    assert find_learner(engine, "T9999999999") is None


def test_a_failure_in_the_transaction_leaves_what_stood_there(engine: Engine) -> None:
    with engine.begin() as connection:
        replace_learners(connection, [learner(name="先")])

    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        replace_learners(connection, [learner(name="後"), learner("T5602110802")])
        1 / 0  # noqa: B018

    found = find_learner(engine, "T5602110801")
    assert found is not None and found.display_name == "先"
    assert find_learner(engine, "T5602110802") is None


def test_a_course_title_is_remembered_once_the_newest_one(engine: Engine) -> None:
    old = Enrollment(Course("C1", "舊名", "open", 1), MORNING, 0, False)
    new = Enrollment(Course("C1", "新名", "open", 1), MORNING, 0, False)

    for one in (old, new):
        with engine.begin() as connection:
            replace_learners(connection, [learner("T5602110801", one)])

    with engine.connect() as connection:
        titles = connection.execute(select(CourseRow.title)).scalars().all()
    assert titles == ["新名"]


def test_many_learners_with_many_courses_go_in_at_once(engine: Engine) -> None:
    crowd = [
        learner(
            f"T{number:010}",
            *(Enrollment(Course(f"C{number}-{n}", "課程", "open", 1), MORNING, 0, False) for n in range(3)),
        )
        for number in range(120)
    ]

    with engine.begin() as connection:
        replace_learners(connection, crowd)

    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(LearnerRow.__table__)).scalar_one() == 120


@pytest.mark.parametrize("page", [1, 2, 3, 500])
def test_all_learners_come_by_id_each_once_whatever_the_page(page: int, engine: Engine) -> None:
    ids = ["T0000000003", "A9999999999", "T0000000001", "Z0000000000", "T0000000002"]
    with engine.begin() as connection:
        replace_learners(connection, [learner(one) for one in ids])

    found = [one.learner_id for one in all_learners(engine, page)]

    assert found == sorted(ids)


def test_an_empty_database_has_no_learners(engine: Engine) -> None:
    assert list(all_learners(engine)) == []


def test_the_longest_title_of_the_course_list_that_a_text_names_is_found(engine: Engine) -> None:
    names = ("公文寫作", "公文寫作進階班", "英文", "100%節能減碳")
    courses = tuple(
        Enrollment(Course(f"C{number}", title, "open", 1), MORNING, 0, False) for number, title in enumerate(names)
    )
    with engine.begin() as connection:
        replace_learners(connection, [learner("T5602110801", *courses)])

    assert course_title_in(engine, "公文寫作進階班過了沒") == "公文寫作進階班"
    assert course_title_in(engine, "那公文寫作呢") == "公文寫作"
    assert course_title_in(engine, "100%節能減碳上傳了嗎") == "100%節能減碳"
    assert course_title_in(engine, "我的英文課") is None
    assert course_title_in(engine, "") is None
