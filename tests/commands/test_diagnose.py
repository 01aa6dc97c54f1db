"""`epark diagnose`: contracts section 4 on the terminal."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.learners.database import migrate, open_database
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile, Upload
from bot.learners.store import replace_learners

AS_OF = datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI)
KEYS = ["type", "learner_id", "portal", "course", "state", "causes", "next_check", "desk", "as_of"]


def enrollment(code: str, completed_at: datetime.datetime, **own: Any) -> Enrollment:
    """A finished course without a test."""
    course = Course(code, f"課程{code}", "open", 1, required_reading_minutes=30)
    return Enrollment(course, completed_at, 30, survey_done=True, completed_at=completed_at, **own)


def learner(learner_id: str, *enrollments: Enrollment) -> Learner:
    account = Account("ecpa", "civil_servant", id_number_on_file=True)
    return Learner(learner_id, "王小明", account, Profile(agency_code="A1"), enrollments, AS_OF)


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two learners with courses and one without, in a database of the test's own."""
    for name in ("EPARK_MODE", "EPARK_HOME", "EPARK_KB", "EPARK_TOKEN_PUBLIC_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EPARK_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'epark.db'}")
    monday = datetime.datetime(2026, 11, 16, 9, 0, tzinfo=TAIPEI)
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")
    migrate(engine)
    with engine.begin() as connection:
        replace_learners(
            connection,
            [
                learner("T0000000002", enrollment("Z", monday), enrollment("A", monday)),
                learner("T0000000001", enrollment("M", monday, uploads=(Upload("lifelong", monday),))),
                learner("T0000000003"),
            ],
        )
    engine.dispose()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["diagnose", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_one_course_is_one_object_in_the_shape_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--portal", "lifelong", "--at", "2026-11-19T23:59:59")

    status, out, err = run(capsys, "T0000000002", "--course", "Z", "--json", *at)

    assert (status, err) == (0, "")
    assert list(json.loads(out)) == KEYS
    assert json.loads(out) == {
        "type": "diagnosis",
        "learner_id": "T0000000002",
        "portal": "lifelong",
        "course": "Z",
        "state": "waiting",
        "causes": ["within_schedule"],
        "next_check": "2026-11-19",
        "desk": "platform",
        "as_of": "2026-11-20T05:00:00+08:00",
    }


@pytest.mark.parametrize(
    ("at", "state"),
    [("2026-11-19T23:59:59", "waiting"), ("2026-11-20T00:00:00", "escalate"), ("2026-11-19T16:00:00Z", "escalate")],
)
def test_at_sets_what_today_is_in_taipei(at: str, state: str, capsys: pytest.CaptureFixture[str]) -> None:
    _status, out, _err = run(capsys, "T0000000002", "--course", "Z", "--portal", "lifelong", "--json", "--at", at)

    assert json.loads(out)["state"] == state


def test_without_a_course_every_enrollment_comes_in_the_order_of_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = run(capsys, "T0000000002", "--portal", "teacher", "--json")

    assert status == 0
    assert [(one["course"], one["portal"]) for one in json.loads(out)] == [("Z", "teacher"), ("A", "teacher")]


def test_a_learner_without_enrollments_is_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = run(capsys, "T0000000003", "--portal", "lifelong", "--json")

    assert (status, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["T9999999999"], "T9999999999"),
        (["nonsense"], "nonsense"),
        (["T9999999999", "--course", "Z"], "T9999999999"),
        (["T0000000001", "--course", "Z"], "'Z'"),
        (["T0000000003", "--course", "m"], "'m'"),
    ],
)
@pytest.mark.parametrize("json_wanted", [[], ["--json"]])
def test_an_unknown_learner_or_course_is_named_on_standard_error_with_status_1(
    arguments: list[str], named: str, json_wanted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *arguments, "--portal", "lifelong", *json_wanted)

    assert (status, out) == (1, "")
    assert named in err


def test_all_is_a_line_of_json_for_every_enrollment_by_learner_then_in_the_order_of_the_record(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, err = run(capsys, "--all", "--portal", "lifelong", "--json", "--at", "2026-11-20T09:00:00")

    found = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert [(one["learner_id"], one["course"]) for one in found] == [
        ("T0000000001", "M"),
        ("T0000000002", "Z"),
        ("T0000000002", "A"),
    ]
    assert [one["state"] for one in found] == ["uploaded", "escalate", "escalate"]


def test_people_get_a_table_with_titles(capsys: pytest.CaptureFixture[str]) -> None:
    _status, one, _err = run(capsys, "T0000000002", "--portal", "lifelong")
    _status, everyone, _err = run(capsys, "--all", "--portal", "lifelong")

    assert "課程Z" in one and len(one.splitlines()) == 3
    assert "T0000000001" in everyone and len(everyone.splitlines()) == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ["T0000000001"],
        ["T0000000001", "--portal", "moon"],
        ["--portal", "lifelong"],
        ["T0000000001", "--all", "--portal", "lifelong"],
        ["--all", "--course", "Z", "--portal", "lifelong"],
        ["T0000000001", "--portal", "lifelong", "--at", "yesterday"],
    ],
)
def test_wrong_usage_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["diagnose", *arguments])

    captured = capsys.readouterr()
    assert (ended.value.code, captured.out) == (2, "")
    assert "usage: epark diagnose" in captured.err
