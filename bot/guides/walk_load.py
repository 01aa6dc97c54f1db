"""Reading the step-by-step guides of kb/guides into dataclasses."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.guides.guide_file import named, read_file
from bot.guides.navigation import FILE as NAVIGATION
from bot.guides.navigation import fold, load_navigation
from bot.guides.walk import Choice, WalkGuide, WalkScreen
from bot.guides.walk_check import walk_faults
from bot.knowledge.load import read
from bot.knowledge.models import Fault, Knowledge, Source

OTHER_FILES = {NAVIGATION, "diagnosis"}
"""Files of kb/guides that are no walk."""


def walk_files(kb_dir: Path) -> list[Path]:
    """Every guide's file, in a stable order."""
    return [path for path in sorted((kb_dir / "guides").glob("*.y*ml")) if path.stem not in OTHER_FILES]


def load_walks(
    kb_dir: Path, knowledge: Knowledge | None = None, today: datetime.date | None = None
) -> tuple[dict[str, WalkGuide], list[Fault]]:
    """The guides that can be walked, and every fault; a guide with a fault is left out.

    What the guides refer to is read from kb/ where no knowledge is given; its own faults are not repeated here.
    """
    knowledge = read(kb_dir)[0] if knowledge is None else knowledge
    navigation, faults = load_navigation(kb_dir)
    guides: dict[str, WalkGuide] = {}
    names = {fold(topic.title): f"topic {topic.id}" for topic in knowledge.topics.values()}
    for path in walk_files(kb_dir):
        where = named(path, kb_dir)
        data = read_file(path, "guide_walk", kb_dir, faults)
        if data is None:
            continue
        guide = _guide(data, path)
        found = [Fault(where, message) for message in walk_faults(guide, knowledge, navigation, today)]
        for name in (guide.title, *guide.words):
            owner = names.setdefault(fold(name), f"guide {guide.id}")
            if owner != f"guide {guide.id}":
                found.append(Fault(where, f"{name!r} already means {owner}; buttons could not tell them apart"))
        if guide.id in guides:
            found.append(Fault(where, f"guide {guide.id} is already in {guides[guide.id].path.name}"))
        faults += found
        if not found:
            guides[guide.id] = guide
    return guides, faults


def _guide(data: Mapping[str, Any], path: Path) -> WalkGuide:
    return WalkGuide(
        id=data["guide"],
        topic=data["topic"],
        title=data["title"].strip(),
        words=_texts(data, "words"),
        start=data["start"],
        screens={key: _screen(key, value) for key, value in data["screens"].items()},
        reviewed=data["reviewed"],
        path=path,
    )


def _screen(key: str, data: Mapping[str, Any]) -> WalkScreen:
    return WalkScreen(
        id=key,
        text=data["text"].strip(),
        stuck=data["stuck"].strip(),
        sources=tuple(Source(entry["document"], entry["section"]) for entry in data["sources"]),
        choices=tuple(
            Choice(entry["title"].strip(), _texts(entry, "words"), entry["next"]) for entry in data.get("choices", [])
        ),
        next=data.get("next"),
        end=data.get("end", False),
        topic=data.get("topic"),
        contacts=_texts(data, "contacts"),
    )


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in data.get(key, []))
