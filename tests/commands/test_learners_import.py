"""`epark learners import`: a file of the nightly export into the database."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.commands.learners_import import import_file
from bot.learners.database import migrate, open_database
from bot.learners.records import TAIPEI
from bot.learners.store import find_learner


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")
    migrate(engine)
    return engine


def export(folder: Path, *lines: bytes) -> Path:
    record = {
        "learner_id": "T5602110801",
        "display_name": "王小明",
        "account": {"provider": "egov", "identity": "civil_servant", "id_number_on_file": True},
        "profile": {},
        "enrollments": [],
    }
    path = folder / "export.jsonl"
    path.write_bytes(b"\n".join([json.dumps(record).encode(), *lines]) + b"\n")
    return path


def test_as_of_is_the_time_of_the_file_where_none_is_given(engine: Engine, tmp_path: Path) -> None:
    path = export(tmp_path)
    os.utime(path, (0, datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI).timestamp()))

    result = import_file(engine, path, None, progress=False)

    found = find_learner(engine, "T5602110801")
    assert (result.imported, result.bad) == (1, 0)
    assert found is not None and found.as_of == datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI)


def test_as_of_is_the_time_that_is_given(engine: Engine, tmp_path: Path) -> None:
    moment = datetime.datetime(2026, 11, 19, 5, 0, tzinfo=TAIPEI)

    import_file(engine, export(tmp_path), moment, progress=False)

    found = find_learner(engine, "T5602110801")
    assert found is not None and found.as_of == moment


@pytest.mark.parametrize("progress", [True, False])
def test_bad_lines_are_named_on_standard_error_by_file_line_and_path(
    progress: bool, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(tmp_path, b"nonsense", b'{"learner_id": "T5602110802"}')

    result = import_file(engine, path, None, progress=progress)

    captured = capsys.readouterr()
    assert (result.imported, result.bad) == (1, 2)
    assert "export.jsonl: line 2: $: " in captured.err
    assert "export.jsonl: line 3: $: " in captured.err
    assert captured.out == ""


def test_an_empty_file_is_no_fault(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()

    result = import_file(engine, path, None, progress=False)

    assert (result.imported, result.bad) == (0, 0)
