"""`epark kb due`."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest

from bot.cli import _parser
from bot.commands.kb_due import run
from bot.settings import Settings


def test_overdue_answers_and_notices_that_are_over_are_listed(
    tmp_path: Path, kb_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(kb_dir, tmp_path / "kb")
    (tmp_path / "kb" / "notices.yml").write_text(
        "notices: [{id: old, text: 過期, topics: all, from: 2020-01-01, to: 2020-01-02}]\n", encoding="utf-8"
    )
    settings = Settings.from_env({"EPARK_KB": str(tmp_path / "kb"), "EPARK_VAR": str(tmp_path / "var")})

    status = run(_parser().parse_args(["kb", "due", "--json"]), settings, datetime.date(2030, 1, 1))

    found = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (len(found["answers"]), found["notices_over"]) == (55, ["old"])
    assert found["answers"][0]["days_late"] > 1000
    assert found["answers"][0]["file"].startswith("kb/answers/")

    run(_parser().parse_args(["kb", "due"]), settings, datetime.date(2026, 11, 22))
    assert "0 of 55 answers to review, 1 notices over." in capsys.readouterr().out
