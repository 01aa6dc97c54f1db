"""Editing kb/notices.yml: what it says besides the notices, comments above them included, stays."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from bot.editing.files import checked_file, write_whole
from bot.knowledge.notices import EVERYWHERE, FILE

NAME = f"{FILE}.yml"
EMPTY = "notices: []\n"


@dataclass(frozen=True)
class NoticeEntry:
    """A notice as a form has it; the moments as "2026-12-05 08:00"."""

    id: str
    text: str
    topics: tuple[str, ...] | None
    """None: every answer; empty: the greeting alone."""
    begin: str
    end: str


def entry_of(moment: datetime.datetime) -> str:
    """A moment as the file writes it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def save_notice(kb_dir: Path, entry: NoticeEntry) -> None:
    """Add a notice, or put it in place of the one with its id; raises EditError where it cannot stand."""

    def put(entries: list[Any]) -> list[Any]:
        data = {
            "id": entry.id,
            "text": DoubleQuotedScalarString(entry.text.strip()),
            "topics": EVERYWHERE if entry.topics is None else list(entry.topics),
            "from": DoubleQuotedScalarString(entry.begin),
            "to": DoubleQuotedScalarString(entry.end),
        }
        return [*(one for one in entries if one["id"] != entry.id), data]

    _change(kb_dir, put)


def delete_notice(kb_dir: Path, notice_id: str) -> None:
    """Take a notice out; nothing happens where there is none."""
    _change(kb_dir, lambda entries: [one for one in entries if one["id"] != notice_id])


def _change(kb_dir: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    path = kb_dir / NAME
    text = path.read_text(encoding="utf-8") if path.exists() else EMPTY
    # The comments above the list are the only ones that people write here; ruamel.yaml loses them with an empty list.
    head = "".join(line for line in text.splitlines(keepends=True)[: _first_key(text)])
    entries = YAML(typ="safe").load(text)["notices"]
    yaml = YAML()
    yaml.width = 1_000_000
    out = io.StringIO()
    yaml.dump({"notices": change(list(entries))}, out)
    changed = head + out.getvalue()
    checked_file(changed, NAME, kb_dir)
    write_whole(path, changed)


def _first_key(text: str) -> int:
    """How many lines stand before the first that is no comment."""
    lines = text.splitlines()
    return next((at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), len(lines))
