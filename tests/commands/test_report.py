"""The report is written whatever there is to report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.commands.calibration import reliability
from bot.commands.confusions import matrix
from bot.commands.evaluate import measure
from bot.commands.learning_curve import Step
from bot.commands.report import Report, write
from bot.commands.trade_off import Point
from bot.nlu.thresholds import Thresholds

pytestmark = pytest.mark.thorough

NOTHING = Report(
    thresholds=Thresholds(0.5, 0.2, 0.3, 0.5),
    metrics=measure([], []),
    calibration=reliability([]),
    trade_off=[Point(0.5, None, None, None, chosen=True)],
    confusion=matrix([]),
)


def pictures(folder: Path) -> set[str]:
    return {one.name for one in folder.glob("*.png") if one.read_bytes().startswith(b"\x89PNG")}


def test_a_report_of_nothing_has_its_pictures_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, NOTHING)

    assert pictures(tmp_path) == {"calibration.png", "trade_off.png", "confusion.png"}
    assert "None" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_learning_curve_is_drawn_shown_and_kept_as_a_table_where_there_is_one(tmp_path: Path) -> None:
    steps = [Step(10, 10.0, 1000, 0.5, 0.6, 0.7), Step(None, 120.0, 9000, 0.8, 0.9, None)]

    write(tmp_path, Report(**{**NOTHING.__dict__, "learning_curve": steps}))

    assert "learning_curve.png" in pictures(tmp_path)
    assert "(learning_curve.png)" in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert len((tmp_path / "learning_curve.csv").read_text(encoding="utf-8").splitlines()) == 3
    assert [one["a_topic"] for one in json.loads((tmp_path / "report.json").read_text())["learning_curve"]] == [
        10,
        None,
    ]
