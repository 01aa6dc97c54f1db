"""Editing kb/notices.yml: every other notice and every comment stays as it is written."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.editing.files import EditError, checked_file, write_whole
from bot.editing.splice import SpliceError, spliced
from bot.knowledge.models import Fault
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
            "text": entry.text.strip(),
            "topics": EVERYWHERE if entry.topics is None else list(entry.topics),
            "from": entry.begin,
            "to": entry.end,
        }
        there = any(one["id"] == entry.id for one in entries)
        return [data if one["id"] == entry.id else one for one in entries] + ([] if there else [data])

    _change(kb_dir, put)


def delete_notice(kb_dir: Path, notice_id: str) -> None:
    """Take a notice out; nothing happens where there is none."""
    _change(kb_dir, lambda entries: [one for one in entries if one["id"] != notice_id])


def _change(kb_dir: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    path = kb_dir / NAME
    text = path.read_bytes().decode("utf-8") if path.exists() else EMPTY
    data = YAML(typ="safe", pure=False).load(text)
    try:
        changed = spliced(text, {**data, "notices": change(list(data["notices"]))})
    except SpliceError as error:
        raise EditError([Fault(f"{kb_dir.name}/{NAME}", str(error))]) from error
    checked_file(changed, NAME, kb_dir)
    write_whole(path, changed)
