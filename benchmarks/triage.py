"""How long 10,000 messages take `epark triage`, start and file included, and how many reach topic and desk.

Run with `.venv/bin/python benchmarks/triage.py` after `epark train`. The messages are those of tests/questions/manners,
each several times over with a number of its own, as CSV; the desk wanted is that of the topic in kb/topics.yml.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.commands.questions import read_questions
from bot.knowledge.load import load
from bot.nlu.model import OUT_OF_SCOPE

PROJECT = Path(__file__).resolve().parent.parent
MESSAGES = 10_000


def main() -> None:
    """Print the figures."""
    questions = read_questions([PROJECT / "tests" / "questions" / "manners"])
    knowledge = load(PROJECT / "kb")
    chosen = [questions[at % len(questions)] for at in range(MESSAGES)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "subject", "body"])
            writer.writerows([at, "", f"{one.text}\n\n案號 {at}"] for at, one in enumerate(chosen))
        begun = time.monotonic()
        command = [sys.executable, "-m", "bot.cli", "triage", str(path)]
        # Kept in a file: a pipe that is read at the end alone would block.
        with (Path(folder) / "out.csv").open("wb") as out:
            status = subprocess.run(command, stdout=out, cwd=PROJECT, env={**os.environ}).returncode
        spent = time.monotonic() - begun
        with (Path(folder) / "out.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    assert status == 0 and [int(row["id"]) for row in rows] == list(range(MESSAGES))
    inside = [pair for pair in zip(chosen, rows) if pair[0].topic != OUT_OF_SCOPE]
    right = sum(one.right(row["topic"]) for one, row in inside)
    desks = sum((knowledge.topics[one.topic].desk or "platform") == row["desk"] for one, row in inside)
    signs = sum(len(one.text) for one in chosen) / MESSAGES
    print(f"{MESSAGES} messages of {signs:.0f} signs in {spent:.0f} s ({MESSAGES / spent:.0f} a second)")
    print(f"topic right {right / len(inside):.1%}, desk right {desks / len(inside):.1%} of {len(inside)} in scope")


if __name__ == "__main__":
    main()
