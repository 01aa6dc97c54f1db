"""What understanding one message costs: CPU milliseconds to classify it and to decide about it, and the model's size.

Run with `.venv/bin/python benchmarks/understanding.py` after `epark train`. Messages are those of tests/questions, one
at a time as in a conversation; process CPU time, one thread. The unit beside each figure is normalising the messages,
the cheapest step, in the same run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bot.commands.model_file import fitting_model, load_topic_model
from bot.commands.questions import read_questions
from bot.commands.understanding import Understanding
from bot.nlu.normalise import normalise
from bot.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
EVERY = 4


def main() -> None:
    """Print a table."""
    settings = Settings.from_env()
    path = fitting_model(settings)
    model = load_topic_model(path)
    understanding = Understanding(settings, model)
    texts = [one.text for one in read_questions([PROJECT / "tests" / "questions"])][::EVERY]
    cheapest = _milliseconds(normalise, texts)
    unit = statistics.mean(cheapest)
    signs, size = statistics.mean(map(len, texts)), path.stat().st_size / 1e6
    print(f"{len(texts)} messages, {signs:.0f} signs on average; model {size:.1f} MB")
    print(f"{'CPU ms a message':<28}{'mean':>8}{'p50':>8}{'p95':>8}{'× normalise':>13}")
    for name, step in {
        "normalise": normalise,
        "classify": lambda text: model.rank([text]),
        "classify and decide": lambda text: understanding.decisions([text]),
    }.items():
        spent = _milliseconds(step, texts)
        mean, middle, slow = statistics.mean(spent), statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
        print(f"{name:<28}{mean:8.2f}{middle:8.2f}{slow:8.2f}{mean / unit:13.1f}")


def _milliseconds(step: Callable[[str], object], texts: list[str]) -> list[float]:
    for text in texts[:20]:
        step(text)
    spent = []
    for text in texts:
        begun = time.process_time()
        step(text)
        spent.append(1000 * (time.process_time() - begun))
    return spent


if __name__ == "__main__":
    main()
