"""`epark evaluate --report`: pictures of what the figures alone do not say, and a page that shows them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot.commands import pictures
from bot.commands.calibration import Calibration, calibration
from bot.commands.confusions import Matrix, matrix
from bot.commands.evaluate import NAMES, Metrics, measure
from bot.commands.kinds import MARGIN, Kind, percent
from bot.commands.learning_curve import SIZES, Step, all_examples, fitted, learning_curve, write_csv
from bot.commands.questions import Question
from bot.commands.trade_off import Point, trade_off
from bot.commands.understanding import Heard, Understanding
from bot.nlu.thresholds import Thresholds
from bot.settings import Settings


@dataclass(frozen=True)
class Report:
    """The figures behind the pictures."""

    thresholds: Thresholds
    metrics: Metrics
    calibration: Calibration
    trade_off: list[Point]
    confusion: Matrix
    learning_curve: list[Step] | None = None
    """None where it was not asked for."""


def report_of(understanding: Understanding, questions: Sequence[Question], heard: Sequence[Heard]) -> Report:
    """Everything but the learning curve, which needs other models."""
    chosen = understanding.thresholds
    decisions = understanding.decide(heard, chosen)
    moved = trade_off(
        questions, chosen.answer, lambda answer: understanding.decide(heard, replace(chosen, answer=answer))
    )
    return Report(
        thresholds=chosen,
        metrics=measure(questions, decisions),
        calibration=calibration(questions, heard),
        trade_off=moved,
        confusion=matrix(list(zip(questions, decisions))),
    )


def write_report(
    folder: Path,
    settings: Settings,
    understanding: Understanding,
    questions: Sequence[Question],
    heard: Sequence[Heard],
    with_curve: bool = False,
) -> None:
    """Measure and write into the folder; raises OSError, and TrainingError where the training data cannot be read."""
    folder.mkdir(parents=True, exist_ok=True)
    found = report_of(understanding, questions, heard)
    write(folder, found)
    if with_curve:
        examples = all_examples(settings.project)
        steps: list[Step] = []
        for size in SIZES:
            print(f"Training with {size or 'all'} questions a topic …", file=sys.stderr, flush=True)
            steps += learning_curve(examples, questions, lambda some: fitted(settings, some), [size])
            write(folder, replace(found, learning_curve=steps))


def write(folder: Path, found: Report) -> None:
    """The pictures, the figures and the page."""
    pictures.draw_calibration(found.calibration, folder / "calibration.png")
    pictures.draw_trade_off(found.trade_off, folder / "trade_off.png")
    pictures.draw_confusion(found.confusion, folder / "confusion.png")
    if found.learning_curve:
        pictures.draw_learning_curve(found.learning_curve, folder / "learning_curve.png")
        write_csv(folder / "learning_curve.csv", found.learning_curve)
    figures = json.dumps(asdict(found), ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(figures + "\n", encoding="utf-8")
    (folder / "report.md").write_text(page(found), encoding="utf-8")


def page(found: Report) -> str:
    """The report as Markdown."""
    metrics = found.metrics
    parts = [
        "# How well messages are understood",
        f"{metrics.in_scope} messages in scope, {metrics.out_of_scope} out of scope; "
        f"thresholds: answer {found.thresholds.answer}, suggest {found.thresholds.suggest}, "
        f"small talk {found.thresholds.chat}. All figures are in report.json.",
        _table(("metric", "share"), [(name.strip(), percent(getattr(metrics, key))) for key, name in NAMES.items()]),
    ]
    if metrics.kinds:
        parts += ["## By kind of message", _kinds(metrics.kinds)]
    error = percent(found.calibration.expected_error)
    parts += [
        "## Is confidence true?",
        f"Where the line lies below the diagonal, the bot is surer than it should be. Expected calibration error: "
        f"{error}, over {found.calibration.messages} messages.",
        "![Calibration](calibration.png)",
        "## What another answer threshold would buy",
        "Each point is one answer threshold; the star is the one that training chose on held-out folds of the "
        "training data. Suggestions and small talk keep their thresholds.",
        "![Trade-off](trade_off.png)",
        "## Which topics are confused",
        "Each row holds the messages of one topic and adds up to 100 %; an accepted topic counts as the topic itself, "
        "suggestions count by their first topic.",
        "![Confusions](confusion.png)",
    ]
    if found.learning_curve:
        parts += [
            "## Would more training questions help?",
            "Each model is trained with at most so many questions of each topic, drawn at random, and with the same "
            "share of the messages out of scope. The figures are in learning_curve.csv.",
            "![Learning curve](learning_curve.png)",
        ]
    return "\n\n".join(parts) + "\n"


def _kinds(kinds: Sequence[Kind]) -> str:
    heads = ("kind", "messages", "answered right", "95 % interval", "wrong", "helped", "false answers", "behind")
    rows = [
        (
            one.kind or "(no kind)",
            str(one.messages),
            percent(one.answered_right),
            f"{percent(one.answered_right_low)} – {percent(one.answered_right_high)}" if one.in_scope else "–",
            percent(one.wrong),
            percent(one.helped),
            percent(one.false_answers),
            {True: "yes", False: "no", None: "–"}[one.behind],
        )
        for one in kinds
    ]
    note = f"Behind: significantly more than {MARGIN * 100:.0f} points below all other messages (one-sided, 5 %)."
    return _table(heads, rows) + "\n\n" + note


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
