"""`epark evaluate` with its options, on an understanding that decides by the first word of a message."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.commands.evaluate_command import EvaluateError, evaluate
from bot.commands.known_failures import KnownFailures, read_known, write_known
from bot.commands.understanding import Heard
from bot.nlu.decision import Decision
from bot.nlu.model import Ranked
from bot.nlu.thresholds import Thresholds
from bot.settings import Settings

WORDS = {"right": ("a", 0.9), "unsure": ("a", 0.5), "wrong": ("b", 0.8)}


class FakeUnderstanding:
    """Answers where the confidence that belongs to the first word reaches the threshold."""

    thresholds = Thresholds(0.6, 0.2, 0.5, 0.6)

    def __init__(self, settings: Settings) -> None:
        pass

    def hear(self, texts: Sequence[str]) -> list[Heard]:
        found = [WORDS[text.split()[0]] for text in texts]
        return [Heard(text, Ranked((one,), one[1], one[1])) for text, one in zip(texts, found)]

    def decide(self, heard: Sequence[Heard], thresholds: Thresholds) -> list[Decision]:
        return [
            Decision("answer" if one.ranked.confidence >= thresholds.answer else "fallback", one.ranked.topics)
            for one in heard
        ]


class UsageError(Exception):
    pass


def usage_error(message: str) -> None:
    raise UsageError(message)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions" / "manners" / "slips.yml"
    path.parent.mkdir(parents=True)
    path.write_text("a: [right, right 2, unsure, wrong]\nout_of_scope: [right 3, unsure 2]\n", encoding="utf-8")
    return tmp_path / "questions"


def run(questions: Path, **chosen: object) -> None:
    given = {
        "paths": [questions],
        "json": False,
        "errors": None,
        "known": None,
        "shrink": False,
        "start": False,
        "report": None,
        "learning_curve": False,
        "entities": None,
        "usage_error": usage_error,
        **chosen,
    }
    settings = Settings.from_env({"EPARK_HOME": str(questions.parent)})
    evaluate(argparse.Namespace(**given), settings, FakeUnderstanding)  # type: ignore[arg-type]


def test_json_alone_stands_on_standard_output_with_the_kinds(
    questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(questions, json=True, known=questions.parent / "known.yml", start=True)

    said = json.loads(capsys.readouterr().out)
    assert (said["answered_right"], said["wrong"], said["false_answers"]) == (0.5, 0.25, 0.5)
    assert [one["kind"] for one in said["kinds"]] == ["slips"]


def test_errors_are_written_one_a_line(questions: Path, tmp_path: Path) -> None:
    run(questions, errors=tmp_path / "errors.jsonl")

    lines = (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(json.loads(one)["text"], json.loads(one)["verdict"]) for one in lines] == [
        ("unsure", "refused"),
        ("wrong", "wrong"),
        ("right 3", "false_answer"),
    ]


def test_known_failures_are_written_once_and_then_only_shrink(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.yml"

    run(questions, known=known, start=True)
    before = read_known(known)
    write_known(known, KnownFailures(9, (*before.entries[:1], ("a", "right"))))
    run(questions, known=known, shrink=True)

    said = capsys.readouterr().err
    assert before == KnownFailures(3, (("a", "unsure"), ("a", "wrong"), ("out_of_scope", "right 3")))
    assert read_known(known) == KnownFailures(1, (("a", "unsure"),))
    assert "1 solved removed" in said and "2 failures are not in the file" in said and "a: wrong" in said


def test_without_shrink_known_failures_are_only_compared(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.yml"
    write_known(known, KnownFailures(1, (("a", "right"), ("a", "wrong"))))
    before = known.read_bytes()

    run(questions, known=known)

    said = capsys.readouterr().err
    assert known.read_bytes() == before
    assert "1 solved can be removed with --shrink" in said and "has grown by 1" in said


def test_a_list_is_neither_started_twice_nor_shrunk_before_it_is_started(questions: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.yml"
    write_known(there, KnownFailures(0, ()))

    with pytest.raises(EvaluateError, match=r"there\.yml: exists already"):
        run(questions, known=there, start=True)
    with pytest.raises(EvaluateError, match=r"missing\.yml: no such file; --start writes it"):
        run(questions, known=tmp_path / "missing.yml", shrink=True)


@pytest.mark.parametrize("option", ["shrink", "start", "learning_curve"])
def test_an_option_without_the_one_that_it_belongs_to_is_wrong_usage(questions: Path, option: str) -> None:
    with pytest.raises(UsageError):
        run(questions, **{option: True})


def test_what_cannot_be_written_is_said(questions: Path, tmp_path: Path) -> None:
    with pytest.raises(EvaluateError, match="nowhere"):
        run(questions, errors=tmp_path / "nowhere" / "errors.jsonl")


def test_the_report_is_a_page_its_pictures_and_the_figures_behind_them(questions: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"

    run(questions, report=folder)

    assert {one.name for one in folder.iterdir()} == {
        "calibration.png", "trade_off.png", "confusion.png", "report.json", "report.md",
    }  # fmt: skip
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert all(f"({name}.png)" in page for name in ("calibration", "trade_off", "confusion"))
    figures = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert figures["metrics"]["answered_right"] == 0.5
    assert [one["threshold"] for one in figures["trade_off"] if one["chosen"]] == [0.6]
    assert figures["calibration"]["messages"] == 6
    assert figures["learning_curve"] is None
