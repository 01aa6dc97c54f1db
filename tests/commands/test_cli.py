"""The console script: usage, exit status, what goes to which stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.cli import main
from bot.learners.database import open_database
from bot.learners.store import find_learner
from bot.learners.tables import LearnerRow
from bot.learners.token import TokenCheck

KEY = "a key of at least thirty-two bytes, as HS256 wants it"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine of the test's own: nothing that is set outside reaches the command."""
    for name in ("EPARK_MODE", "EPARK_HOME", "EPARK_KB", "DATABASE_URL", "EPARK_REST_TOKEN", "EPARK_TOKEN_PUBLIC_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EPARK_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("EPARK_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("EPARK_TOKEN_KEY", KEY)
    yield


def record(learner_id: str = "T5602110801") -> bytes:
    data = {
        "learner_id": learner_id,
        "display_name": "王小明",
        "account": {"provider": "egov", "identity": "civil_servant", "id_number_on_file": True},
        "profile": {},
        "enrollments": [],
    }
    return json.dumps(data).encode() + b"\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["kb"],
        ["kb", "nonsense"],
        ["learners"],
        ["learners", "import"],
        ["ask"],
        ["predict"],
        ["evaluate"],
        ["token"],
        ["train", "--nonsense"],
        ["serve", "--port", "0"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "-1"],
        ["serve", "--port", "five"],
        ["serve", "--actions-port", "²"],
        ["token", "T5602110801", "--ttl", "0"],
        ["token", "T5602110801", "--ttl", "-5"],
        ["token", "T5602110801", "--ttl", "soon"],
        ["token", "T5602110801", "more"],
    ],
)
def test_wrong_usage_ends_with_status_2_and_says_how_it_goes(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    captured = capsys.readouterr()
    assert ended.value.code == 2
    assert "usage: epark" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["learners", "import", "--help"]])
def test_help_goes_to_standard_output_with_status_0(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 0
    assert "usage: epark" in capsys.readouterr().out


def test_settings_that_cannot_be_end_with_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPARK_MODE", "nonsense")

    status = main(["token", "T5602110801"])

    captured = capsys.readouterr()
    assert status == 2
    assert captured.err.startswith("epark: EPARK_MODE") and captured.out == ""


def test_a_token_stands_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["token", "T5602110801", "--ttl", "60"])

    captured = capsys.readouterr()
    assert status == 0
    assert captured.err == ""
    assert TokenCheck(KEY).learner_id(captured.out.removesuffix("\n")) == "T5602110801"


@pytest.mark.parametrize("learner_id", ["A123456789", "t5602110801", "", "T5602110801\n"])
def test_a_token_for_what_is_no_learner_id_ends_with_status_1(
    learner_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["token", learner_id])

    captured = capsys.readouterr()
    assert (status, captured.out) == (1, "")
    assert "is no learner id" in captured.err


def test_a_token_that_would_outlive_the_calendar_ends_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["token", "T5602110801", "--ttl", "999999999999999"])

    captured = capsys.readouterr()
    assert (status, captured.out) == (1, "")
    assert "--ttl" in captured.err


def test_where_a_public_key_is_set_no_token_can_be_signed_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPARK_TOKEN_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----")

    status = main(["token", "T5602110801"])

    captured = capsys.readouterr()
    assert (status, captured.out) == (1, "")
    assert "EPARK_TOKEN_PUBLIC_KEY" in captured.err


def test_good_records_are_imported_with_status_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes(record())

    status = main(["learners", "import", str(path), "--as-of", "2026-11-20T05:00:00"])

    captured = capsys.readouterr()
    assert (status, captured.out) == (0, "")
    found = find_learner(open_database(f"sqlite:///{tmp_path / 'var' / 'epark.db'}"), "T5602110801")
    assert found is not None and found.as_of.isoformat() == "2026-11-20T05:00:00+08:00"


def test_bad_records_are_named_the_good_ones_imported_and_the_status_is_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes(record() + b"nonsense\n" + record("T5602110802") + record("x"))

    statuses = [main(["learners", "import", str(path)]) for _ in range(2)]

    said = capsys.readouterr().err
    assert statuses == [1, 1]
    assert "export.jsonl: line 2: " in said and "export.jsonl: line 4: $.learner_id: " in said
    with open_database(f"sqlite:///{tmp_path / 'var' / 'epark.db'}").connect() as connection:
        assert connection.execute(select(func.count()).select_from(LearnerRow.__table__)).scalar_one() == 2


@pytest.mark.parametrize("as_of", ["yesterday", "2026-11", "2026-13-01T00:00:00"])
def test_an_as_of_that_is_no_moment_is_wrong_usage(
    as_of: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes(record())

    with pytest.raises(SystemExit) as ended:
        main(["learners", "import", str(path), "--as-of", as_of])

    assert ended.value.code == 2
    assert "--as-of" in capsys.readouterr().err
    assert not (tmp_path / "var" / "epark.db").exists()


def test_an_as_of_that_is_a_date_alone_is_its_midnight_in_taipei(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes(record())

    status = main(["learners", "import", str(path), "--as-of", "2026-11-20"])

    found = find_learner(open_database(f"sqlite:///{tmp_path / 'var' / 'epark.db'}"), "T5602110801")
    assert status == 0
    assert found is not None and found.as_of.isoformat() == "2026-11-20T00:00:00+08:00"


def test_a_file_that_is_not_there_ends_with_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["learners", "import", str(tmp_path / "nothing.jsonl")])

    assert status == 1
    assert "nothing.jsonl: no such file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["predict", "-"], ["evaluate", "tests/questions"], ["ask", "忘記密碼"]])
def test_without_a_trained_model_the_way_to_train_is_said_with_status_1(
    arguments: list[str], project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)

    status = main(arguments)

    captured = capsys.readouterr()
    assert (status, captured.out) == (1, "")
    assert "epark train" in captured.err


def test_questions_that_cannot_be_read_end_with_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["evaluate", str(tmp_path / "nothing.yml")])

    assert status == 1
    assert "nothing.yml: no such file or folder" in capsys.readouterr().err
