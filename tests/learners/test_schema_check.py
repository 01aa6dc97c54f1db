"""Checking and reading one learner record."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from bot.learners.records import TAIPEI, Learner
from bot.learners.schema_check import RecordError, parse_moment, read_record

AS_OF = datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI)


def record(**changes: Any) -> dict[str, Any]:
    """The smallest record that is valid."""
    return {
        "learner_id": "T5602110801",
        "display_name": "王小明",
        "account": {"provider": "egov", "identity": "civil_servant", "id_number_on_file": True},
        "profile": {},
        "enrollments": [],
        **changes,
    }


def enrollment(course: dict[str, Any] | None = None, **own: Any) -> dict[str, Any]:
    """The smallest enrollment that is valid."""
    described = {"code": "C1", "title": "課程", "kind": "open", "certified_hours": 1, **(course or {})}
    values = {"enrolled_at": "2026-11-01T09:00:00+08:00", "reading_minutes": 0, "survey_done": False}
    return {"course": described, **values, **own}


def read(data: dict[str, Any]) -> Learner:
    return read_record(json.dumps(data), AS_OF)


def test_every_field_of_a_full_record_is_read() -> None:
    full = record(
        account={
            "provider": "ecpa",
            "identity": "civil_servant",
            "id_number_on_file": False,
            "certificate_bound": True,
            "converted_at": "2026-11-02T08:00:00+08:00",
            "last_login_at": "2026-11-03T08:00:00+08:00",
            "first_login_after_conversion_at": "2026-11-02T09:00:00+08:00",
        },
        profile={
            "agency_code": "A09600000Q",
            "agency_name": "某機關",
            "personnel_category": "10",
            "report_to_teacher_portal": True,
            "env_edu_account": True,
            "env_edu_agency_code": "A09600001Q",
        },
        enrollments=[
            enrollment(
                course={
                    "kind": "mooc",
                    "certified_hours": 1.5,
                    "category": "環境教育",
                    "ten_hours": True,
                    "required_reading_minutes": 40,
                    "pass_score": 80,
                    "survey_required": False,
                    "mooc_listed": True,
                    "ends_on": "2026-12-31",
                },
                started_at="2026-11-01T10:00:00+08:00",
                reading_minutes=41,
                best_score=100,
                survey_done=True,
                completed_at="2026-11-05T17:00:00+08:00",
                mooc_form_submitted=True,
                uploads=[{"portal": "lifelong", "uploaded_at": "2026-11-06T05:30:00+08:00"}],
            )
        ],
    )

    learner = read(full)

    assert (learner.learner_id, learner.display_name, learner.as_of) == ("T5602110801", "王小明", AS_OF)
    assert not learner.account.id_number_on_file and learner.account.certificate_bound
    assert learner.account.first_login_after_conversion_at == datetime.datetime(2026, 11, 2, 9, tzinfo=TAIPEI)
    assert vars(learner.profile) == full["profile"]
    (one,) = learner.enrollments
    assert (one.course.required_reading_minutes, one.course.pass_score, one.course.survey_required) == (40, 80, False)
    assert (one.course.category, one.course.ends_on) == ("環境教育", datetime.date(2026, 12, 31))
    assert (one.reading_minutes, one.best_score, one.mooc_form_submitted) == (41, 100, True)
    assert one.uploads[0].uploaded_at == datetime.datetime(2026, 11, 6, 5, 30, tzinfo=TAIPEI)


@pytest.mark.parametrize(("ten_hours", "expected"), [(None, 60), (False, 60), (True, 75)])
def test_an_absent_pass_score_takes_its_default(ten_hours: bool | None, expected: int) -> None:
    course = {} if ten_hours is None else {"ten_hours": ten_hours}

    learner = read(record(enrollments=[enrollment(course=course)]))

    assert learner.enrollments[0].course.pass_score == expected


def test_a_pass_score_of_null_means_no_test_and_zero_means_zero() -> None:
    untested = enrollment(course={"code": "A", "pass_score": None, "ten_hours": True})
    zero = enrollment(course={"code": "B", "pass_score": 0})

    learner = read(record(enrollments=[untested, zero]))

    assert [one.course.pass_score for one in learner.enrollments] == [None, 0]


@pytest.mark.parametrize(("hours", "minutes"), [(1, 30), (0.75, 22.5), (0, 0), (2.01, 60.3)])
def test_absent_reading_minutes_are_half_of_the_certified_hours_not_rounded(hours: float, minutes: float) -> None:
    learner = read(record(enrollments=[enrollment(course={"certified_hours": hours})]))

    assert learner.enrollments[0].course.required_reading_minutes == pytest.approx(minutes)


def test_reading_minutes_of_zero_are_none_required_and_no_default() -> None:
    learner = read(record(enrollments=[enrollment(course={"certified_hours": 2, "required_reading_minutes": 0})]))

    assert learner.enrollments[0].course.required_reading_minutes == 0


def test_the_other_absent_fields_take_the_defaults_of_the_schema() -> None:
    learner = read(record(enrollments=[enrollment()]))

    (one,) = learner.enrollments
    assert (one.course.survey_required, one.course.mooc_listed, one.course.ten_hours) == (True, False, False)
    assert (one.course.category, one.course.ends_on, one.started_at, one.completed_at) == (None, None, None, None)
    assert (one.best_score, one.mooc_form_submitted, one.uploads) == (None, False, ())
    assert not learner.account.certificate_bound and learner.account.converted_at is None
    assert not learner.profile.report_to_teacher_portal and not learner.profile.env_edu_account


@pytest.mark.parametrize("field", ["survey_required", "mooc_listed", "ten_hours", "required_reading_minutes"])
def test_an_explicit_null_takes_no_default_and_is_refused_where_the_schema_forbids_it(field: str) -> None:
    null = record(enrollments=[enrollment(course={field: None})])

    with pytest.raises(RecordError) as refused:
        read(null)

    assert str(refused.value).startswith(f"$.enrollments[0].course.{field}: ")


def test_a_date_time_without_an_offset_is_that_of_taipei() -> None:
    moments = [
        parse_moment(text, "$")
        for text in (
            "2026-11-20T05:00:00",
            "2026-11-19T21:00:00Z",
            "2026-11-20T05:00:00+08:00",
            "2026-11-20t06:00+09:00",
        )
    ]

    assert set(moments) == {AS_OF}
    assert all(moment.tzinfo is TAIPEI for moment in moments)


@pytest.mark.parametrize(
    ("text", "microsecond"), [(".5Z", 500000), (".1234567Z", 123456), (".123456Z", 123456), (".000Z", 0)]
)
def test_a_fraction_of_a_second_may_have_any_number_of_digits(text: str, microsecond: int) -> None:
    moment = parse_moment(f"2026-11-20T05:00:00{text}", "$")

    assert moment.microsecond == microsecond


@pytest.mark.parametrize(
    "text", ["", "2026-11-20", "20.11.2026 05:00", "2026-02-30T05:00:00", "2026-11-20T25:00:00", "昨天", "T-2 09:30"]
)
def test_what_is_no_date_time_is_refused_although_the_schema_lets_it_pass(text: str) -> None:
    with pytest.raises(RecordError) as refused:
        read(record(enrollments=[enrollment(completed_at=text)]))

    assert str(refused.value).startswith("$.enrollments[0].completed_at: ")


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59"])
def test_a_moment_at_an_end_of_the_calendar_is_refused_because_no_time_zone_can_move_it(text: str) -> None:
    with pytest.raises(RecordError):
        parse_moment(text, "$")


@pytest.mark.parametrize("text", ["", "2026-02-30", "31.12.2026", "2026-12-31T00:00:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(RecordError) as refused:
        read(record(enrollments=[enrollment(), enrollment(course={"code": "C2", "ends_on": text})]))

    assert str(refused.value).startswith("$.enrollments[1].course.ends_on: ")


@pytest.mark.parametrize(
    "learner_id",
    ["T5602110801\n", " T5602110801", "t5602110801", "T560211080", "T56021108011", "T560211080１", "55602110801", ""],
)
def test_what_is_no_learner_id_is_refused_also_with_a_newline_behind_it(learner_id: str) -> None:
    with pytest.raises(RecordError) as refused:
        read(record(learner_id=learner_id))

    assert str(refused.value).startswith("$.learner_id: ")


@pytest.mark.parametrize("category", ["10\n", "1", "100", "一零", "１０"])
def test_a_personnel_category_is_two_digits(category: str) -> None:
    with pytest.raises(RecordError) as refused:
        read(record(profile={"personnel_category": category}))

    assert str(refused.value).startswith("$.profile.personnel_category: ")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"extra": 1}, "$: "),
        ({"display_name": ""}, "$.display_name: "),
        ({"display_name": "名" * 61}, "$.display_name: "),
        (
            {"account": {"provider": "line", "identity": "civil_servant", "id_number_on_file": True}},
            "$.account.provider",
        ),
        ({"account": {"provider": "egov", "identity": "civil_servant"}}, "$.account: "),
        ({"profile": {"id_number": "A123456789"}}, "$.profile: "),
        ({"profile": None}, "$.profile: "),
        ({"enrollments": [enrollment(reading_minutes=-1)]}, "$.enrollments[0].reading_minutes: "),
        ({"enrollments": [enrollment(reading_minutes=1.5)]}, "$.enrollments[0].reading_minutes: "),
        ({"enrollments": [enrollment(reading_minutes="30")]}, "$.enrollments[0].reading_minutes: "),
        ({"enrollments": [enrollment(best_score=101)]}, "$.enrollments[0].best_score: "),
        ({"enrollments": [enrollment(survey_done="yes")]}, "$.enrollments[0].survey_done: "),
        ({"enrollments": [enrollment(course={"kind": "video"})]}, "$.enrollments[0].course.kind: "),
        ({"enrollments": [enrollment(course={"certified_hours": -1})]}, "$.enrollments[0].course.certified_hours: "),
        (
            {"enrollments": [enrollment(uploads=[{"portal": "moon", "uploaded_at": "2026-11-01T00:00:00"}])]},
            "$.enrollments[0].uploads[0].portal: ",
        ),
        (
            {"enrollments": [enrollment(uploads=[{"portal": "lifelong", "uploaded_at": "soon"}])]},
            "$.enrollments[0].uploads[0].uploaded_at: ",
        ),
    ],
)
def test_a_fault_is_named_by_its_json_path(change: dict[str, Any], where: str) -> None:
    with pytest.raises(RecordError) as refused:
        read(record(**change))

    assert str(refused.value).startswith(where)


def test_a_course_code_that_stands_twice_makes_the_record_bad() -> None:
    twice = [enrollment(), enrollment(course={"code": "C2"}), enrollment()]

    with pytest.raises(RecordError) as refused:
        read(record(enrollments=twice))

    assert str(refused.value) == "$.enrollments[2].course.code: 'C1' stands twice in the record"


def test_whole_numbers_written_as_decimals_are_whole_numbers() -> None:
    line = json.dumps(record(enrollments=[enrollment(best_score=77)])).replace("77", "77.0")

    learner = read_record(line, AS_OF)

    assert learner.enrollments[0].best_score == 77
    assert isinstance(learner.enrollments[0].best_score, int)


@pytest.mark.parametrize("line", ["", "{", "[1,", "null", "[]", "3", '"T5602110801"', "{" * 100_000])
def test_what_is_no_json_object_is_refused(line: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_record(line, AS_OF)

    assert str(refused.value).startswith("$: ")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    line = json.dumps(record(enrollments=[enrollment(course={"certified_hours": 1.25})])).replace("1.25", number)

    with pytest.raises(RecordError):
        read_record(line, AS_OF)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"display_name": "王\x00明"}, "$.display_name: "),
        ({"display_name": "王\ud800明"}, "$.display_name: "),
        ({"profile": {"agency_name": "\udfff"}}, "$.profile.agency_name: "),
        ({"enrollments": [enrollment(reading_minutes=2**31)]}, "$.enrollments[0].reading_minutes: "),
        (
            {"enrollments": [enrollment(course={"certified_hours": 10**400})]},
            "$.enrollments[0].course.certified_hours: ",
        ),
    ],
)
def test_what_is_valid_json_but_fits_no_database_is_refused_before_it_reaches_one(
    change: dict[str, Any], where: str
) -> None:
    with pytest.raises(RecordError) as refused:
        read(record(**change))

    assert str(refused.value).startswith(where)


def test_a_long_fault_is_cut() -> None:
    with pytest.raises(RecordError) as refused:
        read(record(display_name="名" * 5000))

    assert len(str(refused.value)) < 300


def test_two_records_may_describe_one_code_differently() -> None:
    first = read(record(enrollments=[enrollment(course={"title": "舊名", "certified_hours": 1})]))
    second = read(record(enrollments=[enrollment(course={"title": "新名", "certified_hours": 2})]))

    assert first.enrollments[0].course.certified_hours == 1
    assert second.enrollments[0].course.certified_hours == 2
