"""Importing the nightly export, on every database."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.learners import importing
from bot.learners.importing import ImportResult, import_lines
from bot.learners.records import TAIPEI
from bot.learners.store import find_learner
from bot.learners.tables import Base

AS_OF = datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI)


def line(learner_id: str = "T5602110801", name: str = "王小明", codes: tuple[str, ...] = ("C1",), **own: Any) -> bytes:
    """One line of the export."""
    enrollments = [
        {
            "course": {"code": code, "title": f"課程{code}", "kind": "open", "certified_hours": 1},
            "enrolled_at": "2026-11-01T09:00:00",
            "reading_minutes": 30,
            "survey_done": True,
            "uploads": [{"portal": "lifelong", "uploaded_at": "2026-11-10T05:30:00"}],
        }
        for code in codes
    ]
    data = {
        "learner_id": learner_id,
        "display_name": name,
        "account": {"provider": "egov", "identity": "civil_servant", "id_number_on_file": True},
        "profile": {},
        "enrollments": enrollments,
        **own,
    }
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


def run(engine: Engine, *lines: bytes, as_of: datetime.datetime = AS_OF) -> tuple[ImportResult, list[tuple[int, str]]]:
    """Import and return what came of it and what was complained about."""
    complaints: list[tuple[int, str]] = []
    result = import_lines(engine, lines, as_of, lambda number, reason: complaints.append((number, reason)))
    return result, complaints


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table of the learners holds; other rooms have tables of their own in the same database."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name in ("learner", "account", "profile", "enrollment", "upload", "course")
        }


def test_good_lines_go_in_and_come_out_as_they_were(engine: Engine) -> None:
    result, complaints = run(engine, line(), line("T5602110802", "李小華", ("C2", "C1")))

    assert (result, complaints) == (ImportResult(imported=2, bad=0), [])
    found = find_learner(engine, "T5602110802")
    assert found is not None
    assert (found.display_name, found.as_of) == ("李小華", AS_OF)
    assert [one.course.code for one in found.enrollments] == ["C2", "C1"]


def test_bad_lines_are_named_by_number_and_path_while_the_rest_goes_in(engine: Engine) -> None:
    result, complaints = run(
        engine,
        b"{not json\n",
        line(),
        line("T56", "短"),
        line("T5602110803", codes=("C1", "C1")),
        line("T5602110804"),
    )

    assert result == ImportResult(imported=2, bad=3)
    assert [number for number, _reason in complaints] == [1, 3, 4]
    assert [reason.split(":")[0] for _number, reason in complaints] == [
        "$",
        "$.learner_id",
        "$.enrollments[1].course.code",
    ]
    assert find_learner(engine, "T5602110804") is not None
    assert find_learner(engine, "T5602110803") is None


def test_blank_lines_are_passed_over_but_counted_in_the_numbering(engine: Engine) -> None:
    result, complaints = run(engine, b"\n", b"  \r\n", line(), b"\n", b"nonsense\n")

    assert result == ImportResult(imported=1, bad=1)
    assert [number for number, _reason in complaints] == [5]


def test_the_later_line_of_a_learner_wins(engine: Engine) -> None:
    run(engine, line(name="先"), line("T5602110802"), line(name="後", codes=("C9",)))

    found = find_learner(engine, "T5602110801")
    assert found is not None
    assert found.display_name == "後"
    assert [one.course.code for one in found.enrollments] == ["C9"]
    assert rows(engine)["learner"] == 2


def test_the_later_line_wins_also_when_it_comes_in_another_batch(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)

    run(engine, line(name="先"), line("T5602110802"), line("T5602110803"), line(name="後"), line("T5602110804"))

    found = find_learner(engine, "T5602110801")
    assert found is not None and found.display_name == "後"
    assert rows(engine)["learner"] == 4


def test_a_later_line_that_is_bad_leaves_the_earlier_one(engine: Engine) -> None:
    run(engine, line(name="好"), line(name=""))

    found = find_learner(engine, "T5602110801")
    assert found is not None and found.display_name == "好"


def test_importing_again_replaces_without_growth(engine: Engine) -> None:
    both = (line(codes=("C1", "C2")), line("T5602110802"))
    run(engine, *both)
    before = rows(engine)

    run(engine, *both)
    run(engine, *both)

    assert rows(engine) == before
    assert before == {"learner": 2, "account": 2, "profile": 2, "enrollment": 3, "upload": 3, "course": 2}


def test_a_course_that_left_the_record_leaves_the_database_with_its_uploads(engine: Engine) -> None:
    run(engine, line(codes=("C1", "C2")))

    run(engine, line(codes=("C2",)))

    counts = rows(engine)
    assert (counts["enrollment"], counts["upload"]) == (1, 1)


def test_learners_absent_from_a_file_stay(engine: Engine) -> None:
    run(engine, line(), line("T5602110802"))

    run(engine, line("T5602110802", "改名"), as_of=AS_OF + datetime.timedelta(days=1))

    stayed, changed = find_learner(engine, "T5602110801"), find_learner(engine, "T5602110802")
    assert stayed is not None and stayed.as_of == AS_OF
    assert changed is not None and (changed.display_name, changed.as_of.day) == ("改名", 21)


def test_two_learners_keep_their_own_facts_of_one_course(engine: Engine) -> None:
    other = json.loads(line("T5602110802"))
    other["enrollments"][0]["course"]["certified_hours"] = 8

    run(engine, line(), json.dumps(other).encode())

    found = [find_learner(engine, learner_id) for learner_id in ("T5602110801", "T5602110802")]
    assert [one.enrollments[0].course.certified_hours for one in found if one] == [1, 8]


def test_a_byte_order_mark_at_the_start_of_the_file_is_no_fault(engine: Engine) -> None:
    result, complaints = run(engine, b"\xef\xbb\xbf" + line(), line("T5602110802"))

    assert (result, complaints) == (ImportResult(2, 0), [])


def test_a_line_that_is_no_utf8_is_named(engine: Engine) -> None:
    big5 = line(name="某").replace("某".encode(), "某".encode("cp950"))

    result, complaints = run(engine, line("T5602110802"), big5, line("T5602110803"))

    assert result == ImportResult(imported=2, bad=1)
    ((number, reason),) = complaints
    assert number == 2 and "UTF-8" in reason


def test_a_line_beyond_all_measure_is_named_and_not_read(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LONGEST_LINE", 2000)

    result, complaints = run(engine, line(codes=tuple(f"C{number}" for number in range(100))), line("T5602110802"))

    assert result == ImportResult(imported=1, bad=1)
    assert [number for number, _reason in complaints] == [1]


def test_a_value_that_no_database_holds_spoils_its_own_line_alone(engine: Engine) -> None:
    minutes = line("T5602110803").replace(b'"reading_minutes": 30', b'"reading_minutes": 99999999999999999999')

    result, complaints = run(
        engine, line(), line("T5602110802", name="a\x00b"), minutes, line("T5602110804", name="好")
    )

    assert result == ImportResult(imported=2, bad=2)
    assert [number for number, _reason in complaints] == [2, 3]
    assert find_learner(engine, "T5602110804") is not None


def test_a_file_that_ends_without_a_newline_loses_nothing(engine: Engine) -> None:
    result, _complaints = run(engine, line(), line("T5602110802").rstrip(b"\n"))

    assert result.imported == 2
    assert find_learner(engine, "T5602110802") is not None


def test_progress_is_told_in_bytes_for_every_line_good_or_bad(engine: Engine) -> None:
    lines = [line(), b"\n", b"bad\n"]
    told: list[int] = []

    import_lines(engine, lines, AS_OF, lambda _number, _reason: None, told.append)

    assert sum(told) == sum(map(len, lines))


def test_no_line_at_all_is_no_fault(engine: Engine) -> None:
    result, complaints = run(engine)

    assert (result, complaints) == (ImportResult(0, 0), [])
