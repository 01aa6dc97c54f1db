"""The demo learners, with dates that count from today so that each keeps showing what it is there to show."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.learners.records import TAIPEI, Learner
from bot.learners.schema_check import read_record

DEMO_FILE = Path(__file__).parent / "demo_learners.yml"
EXPORTED_AT = datetime.time(5, 0)
_RELATIVE = re.compile(r"T-(\d+)(?: (\d\d:\d\d))?\Z")


def demo_learners(today: datetime.date, now: datetime.datetime | None = None) -> Iterator[Learner]:
    """The records of the demo file as exported this morning; before the hour of the export, as of yesterday's."""
    as_of = datetime.datetime.combine(today, EXPORTED_AT, TAIPEI)
    if now is not None and now < as_of:
        as_of -= datetime.timedelta(days=1)
    for entry in YAML(typ="safe").load(DEMO_FILE.read_text(encoding="utf-8")):
        record = {name: _dated(value, today) for name, value in entry.items() if name != "comment"}
        yield read_record(json.dumps(record, ensure_ascii=False), as_of)


def _dated(value: Any, today: datetime.date) -> Any:
    if isinstance(value, dict):
        return {name: _dated(one, today) for name, one in value.items()}
    if isinstance(value, list):
        return [_dated(one, today) for one in value]
    match = _RELATIVE.match(value) if isinstance(value, str) else None
    if match is None:
        return value
    day = today - datetime.timedelta(days=int(match.group(1)))
    if match.group(2) is None:
        return day.isoformat()
    return datetime.datetime.combine(day, datetime.time.fromisoformat(match.group(2)), TAIPEI).isoformat()
