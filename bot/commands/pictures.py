"""The pictures of `epark evaluate --report`, drawn without a screen; import this module only to draw."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg  # type: ignore[import-untyped]
from matplotlib.colors import PowerNorm  # type: ignore[import-untyped]
from matplotlib.figure import Figure  # type: ignore[import-untyped]

from bot.commands.calibration import Calibration
from bot.commands.confusions import OTHER, Matrix
from bot.commands.kinds import wilson
from bot.commands.learning_curve import Step
from bot.commands.trade_off import HIGHEST, LOWEST, Point
from bot.nlu.model import OUT_OF_SCOPE

BLUE, RED, GREEN, GREY, PALE = "#0b6aa8", "#c03a2b", "#1a7f5a", "#7a7a7a", "#e4e4e4"
NAMED = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
"""Thresholds that are written beside the curve."""
WORTH_WRITING = 0.01
"""Smaller shares of the confusions are shown by colour alone."""


def draw_calibration(found: Calibration, path: Path) -> None:
    """A reliability diagram with 95 % intervals over the counts of messages."""
    figure, (upper, lower) = _figure((6.4, 7.0), 2, heights=(3, 1))
    upper.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="confidence is true")
    sure = [one.confidence for one in found.bins]
    right = [one.right / one.messages for one in found.bins]
    ends = [wilson(one.right, one.messages) for one in found.bins]
    around = [[r - low for r, (low, _) in zip(right, ends)], [high - r for r, (_, high) in zip(right, ends)]]
    upper.errorbar(sure, right, yerr=around, color=BLUE, marker="o", capsize=3, label="measured, 95 % interval")
    error = "–" if found.expected_error is None else f"{found.expected_error * 100:.1f} points"
    upper.set_title(f"Calibration: {found.messages} messages, expected error {error}")
    upper.set_ylabel("best topic is right (out of scope: never)")
    upper.set(xlim=(0, 1), ylim=(0, 1.02))
    upper.legend(loc="upper left", frameon=False)
    places = [one.low for one in found.bins]
    counts = [one.messages for one in found.bins]
    lower.bar(places, counts, width=0.1, align="edge", color=BLUE, alpha=0.55, edgecolor="white")
    for place, count in zip(places, counts):
        lower.annotate(str(count), (place + 0.05, count), ha="center", va="bottom", fontsize=8)
    lower.set(xlim=(0, 1), ylim=(0, max(counts, default=1) * 1.2), xlabel="confidence", ylabel="messages")
    _save(figure, path)


def draw_trade_off(points: Sequence[Point], path: Path) -> None:
    """Right answers against wrong ones and against false answers, a point for each answer threshold."""
    figure, axes = _figure((11.0, 4.8), 1, 2)
    for axis, name, colour, title in (
        (axes[0], "wrong", RED, "wrong answers (of messages in scope)"),
        (axes[1], "false_answers", GREEN, "false answers (of messages out of scope)"),
    ):
        known = [
            (one, getattr(one, name) * 100, one.answered_right * 100)
            for one in points
            if getattr(one, name) is not None and one.answered_right is not None
        ]
        axis.plot([x for _, x, _ in known], [y for *_, y in known], color=colour, marker=".", linewidth=1.2)
        for threshold in NAMED if known else ():
            one, x, y = min(known, key=lambda spot: abs(spot[0].threshold - threshold))
            axis.annotate(
                f"{one.threshold:.2f}", (x, y), xytext=(7, -9), textcoords="offset points", fontsize=8, color=GREY
            )
        for one, x, y in known:
            if one.chosen:
                label = f"chosen: {one.threshold:.2f} ({y:.1f} % right, {x:.1f} %)"
                axis.plot([x], [y], color="black", marker="*", markersize=15, linestyle="", label=label)
                axis.legend(loc="lower right", frameon=False)
        axis.set(xlabel=f"{title}, %", ylabel="answered right, %")
    figure.suptitle(f"The answer threshold moves from {LOWEST} to {HIGHEST}, the other thresholds stay")
    _save(figure, path)


def draw_confusion(found: Matrix, path: Path) -> None:
    """What was said about the topics most confused; each row adds up to 100 %."""
    side = 3.5 + 0.42 * len(found.said)
    figure, (axis,) = _figure((side + 1.2, side), 1)
    # Shares are drawn by their root: a confusion of 5 % must be seen beside 90 % on the diagonal.
    axis.imshow(found.shares or [[0.0]], cmap="Blues", norm=PowerNorm(0.5, 0, 1), aspect="auto")
    for y, row in enumerate(found.shares):
        for x, share in enumerate(row):
            if share >= WORTH_WRITING:
                dark = "white" if share > 0.35 else "black"
                axis.annotate(f"{share * 100:.0f}", (x, y), ha="center", va="center", fontsize=7, color=dark)
    names = {OUT_OF_SCOPE: "no answer", OTHER: OTHER}
    axis.set_xticks(range(len(found.said)))
    axis.set_xticklabels([names.get(one, one) for one in found.said], rotation=60, ha="right", fontsize=8)
    axis.set_yticks(range(len(found.topics)))
    axis.set_yticklabels([f"{one} ({n})" for one, n in zip(found.topics, found.messages)], fontsize=8)
    axis.set(xlabel="what was said (suggestions by their first topic)", ylabel="topic (messages)")
    axis.set_title("The topics most confused: % of each row's messages")
    axis.grid(False)
    _save(figure, path)


def draw_learning_curve(steps: Sequence[Step], path: Path) -> None:
    """Held-out figures by the training questions a topic, which double from step to step."""
    figure, (axis,) = _figure((7.6, 6.4), 1)
    places = list(range(len(steps)))
    for name, title, colour, mark, lift in (
        ("top_3_right", "right topic among the best three", GREEN, "^", 6),
        ("best_topic_right", "best topic right", BLUE, "o", 6),
        ("answered_right", "answered right", RED, "s", -14),
    ):
        values = [None if getattr(one, name) is None else getattr(one, name) * 100 for one in steps]
        drawn = [(x, y) for x, y in zip(places, values) if y is not None]
        axis.plot([x for x, _ in drawn], [y for _, y in drawn], color=colour, marker=mark, label=title)
        for x, y in drawn:
            axis.annotate(f"{y:.1f}", (x, y), xytext=(0, lift), textcoords="offset points", ha="center", fontsize=8)
    axis.set_xticks(places)
    axis.set_xticklabels(
        [
            f"{'all' if one.a_topic is None else one.a_topic}\n(mean {one.mean:g},\n{one.training_questions})"
            for one in steps
        ]
    )
    axis.set(
        xlabel="training questions a topic, at most (mean a topic, all together)",
        ylabel="held-out messages in scope, %",
    )
    axis.set_title("Learning curve")
    axis.margins(y=0.12)
    axis.legend(loc="lower right", frameon=False)
    _save(figure, path)


def _figure(size: tuple[float, float], rows: int, columns: int = 1, heights: Sequence[int] | None = None) -> Any:
    figure = Figure(figsize=size, constrained_layout=True)
    FigureCanvasAgg(figure)
    ratios = {"height_ratios": heights} if heights else {}
    axes = figure.subplots(rows, columns, squeeze=False, gridspec_kw=ratios).ravel()
    for axis in axes:
        axis.grid(True, color=PALE, linewidth=0.8)
        axis.set_axisbelow(True)
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    return figure, axes


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=120, facecolor="white")
