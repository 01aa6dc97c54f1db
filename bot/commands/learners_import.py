"""`epark learners import`: learner records of the nightly export into the database."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from sqlalchemy.engine import Engine
from tqdm import tqdm

from bot.learners.importing import ImportResult, import_lines
from bot.learners.records import TAIPEI


def import_file(engine: Engine, path: Path, as_of: datetime.datetime | None, progress: bool) -> ImportResult:
    """Import a file of any size; as-of defaults to the file's modification time. Bad lines go to stderr."""
    moment = as_of or datetime.datetime.fromtimestamp(path.stat().st_mtime, TAIPEI)
    with (
        path.open("rb") as lines,
        tqdm(total=path.stat().st_size, unit="B", unit_scale=True, disable=not progress, file=sys.stderr) as bar,
    ):

        def complain(number: int, reason: str) -> None:
            tqdm.write(f"{path.name}: line {number}: {reason}", file=sys.stderr)

        def advance(count: int) -> None:
            bar.update(count)

        return import_lines(engine, lines, moment, complain, advance)
