"""Importing the nightly export: streamed, each record all or nothing, bad lines named while the rest goes in."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from bot.learners.records import Learner
from bot.learners.schema_check import RecordError, read_record
from bot.learners.store import replace_learners

BATCH = 500
LONGEST_LINE = 10_000_000
"""Bytes of one record that are still read; a longer line is named and passed over."""


@dataclass(frozen=True)
class ImportResult:
    """How many records went in and how many lines were bad."""

    imported: int
    bad: int


def import_lines(
    engine: Engine,
    lines: Iterable[bytes],
    as_of: datetime.datetime,
    complain: Callable[[int, str], None],
    advance: Callable[[int], None] = lambda _count: None,
) -> ImportResult:
    """Import JSON lines; `complain` gets line number and reason of each bad one, `advance` the bytes done."""
    imported = bad = 0
    batch: dict[str, Learner] = {}
    for number, raw in enumerate(lines, 1):
        advance(len(raw))
        if not raw.strip():
            continue
        try:
            learner = read_record(_text(raw), as_of)
        except RecordError as error:
            bad += 1
            complain(number, str(error))
            continue
        # Within a file the later line of a learner wins.
        batch[learner.learner_id] = learner
        imported += 1
        if len(batch) >= BATCH:
            _write(engine, batch)
    _write(engine, batch)
    return ImportResult(imported, bad)


def _text(raw: bytes) -> str:
    if len(raw) > LONGEST_LINE:
        raise RecordError(f"$: the line is longer than {LONGEST_LINE} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordError(f"$: is not UTF-8 (byte {error.start})") from error


def _write(engine: Engine, batch: dict[str, Learner]) -> None:
    if batch:
        with engine.begin() as connection:
            replace_learners(connection, list(batch.values()))
        batch.clear()
