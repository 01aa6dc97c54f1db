"""Writing a learning patch: files that stand where the project's own stand, to be read before they are merged."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.commands.questions import read_questions
from bot.commands.training_questions import read_training, training_files
from bot.knowledge.models import Knowledge
from bot.learning.inbox import folded
from bot.learning.patch import PATCHES, Patch, patch_of
from bot.learning.verdicts import Verdicts
from bot.settings import Settings

TRAINING = Path("bot/data/nlu/learned.yml")
HELD_OUT = Path("tests/questions/learned.yml")
NEW_TOPICS = Path("new_topics.yml")
OUT_OF_SCOPE = "out_of_scope"


class ExportError(Exception):
    """Raised where a patch cannot be written, with what is wrong."""


def export(verdicts: Verdicts, knowledge: Knowledge, settings: Settings, folder: Path, apply: bool) -> Patch:
    """Write what was accepted and not exported yet; nothing is written where there is nothing new.

    With `apply` the questions are added to the project's own files too. Raises ExportError, OSError and ValueError;
    what was accepted counts as exported only once every file stands.
    """
    patch = patch_of(verdicts.accepted(), known_questions(settings.project))
    if not patch.empty:
        if folder.exists() and any(folder.iterdir()):
            raise ExportError(f"{folder}: is not empty; name a new folder with --to")
        write_patch(patch, knowledge, folder)
        if apply:
            apply_patch(patch, knowledge, settings.project)
    verdicts.mark_exported(patch.keys)
    return patch


def new_folder(settings: Settings) -> Path:
    """Where a patch is written that is exported now."""
    return settings.var_dir / PATCHES / f"{datetime.datetime.now():%Y%m%d-%H%M%S}"


def newest_patch(settings: Settings) -> Path | None:
    """The patch that was exported last."""
    found = sorted((settings.var_dir / PATCHES).glob("*-*"))
    return found[-1] if found else None


def known_questions(project: Path) -> dict[str, str]:
    """Every training and held-out question, folded, and the file in which it stands."""
    found: dict[str, str] = {}
    for path in training_files(project):
        found |= {folded(text): path.relative_to(project).as_posix() for _topic, text in read_training(path)}
    questions = project / "tests" / "questions"
    if questions.is_dir():
        for path in sorted(one for one in questions.rglob("*.yml") if one.is_file()):
            where = path.relative_to(project).as_posix()
            found |= {folded(one.text): where for one in read_questions([path])}
    return found


def write_patch(patch: Patch, knowledge: Knowledge, folder: Path) -> None:
    """The patch as files below a folder, named as in the project."""
    if patch.training:
        _write(folder / TRAINING, _nlu(patch.training, knowledge))
    if patch.held_out:
        _write(folder / HELD_OUT, _questions(patch.held_out))
    if patch.new_topics:
        _write(folder / NEW_TOPICS, {note: _quoted(texts) for note, texts in patch.new_topics.items()})


def apply_patch(patch: Patch, knowledge: Knowledge, project: Path) -> None:
    """Add the patch to the project's files of learnt questions."""
    if patch.training:
        merged: dict[str, list[str]] = {}
        path = project / TRAINING
        for topic, text in read_training(path) if path.exists() else ():
            merged.setdefault(topic, []).append(text)
        _write(path, _nlu(_joined(merged, patch.training), knowledge))
    if patch.held_out:
        merged = {}
        path = project / HELD_OUT
        for one in read_questions([path]) if path.exists() else ():
            merged.setdefault(one.topic, []).append(one.text)
        _write(path, _questions(_joined(merged, patch.held_out)))


def _joined(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {topic: [*one.get(topic, ()), *other.get(topic, ())] for topic in dict.fromkeys((*one, *other))}


def _nlu(texts: Mapping[str, list[str]], knowledge: Knowledge) -> dict[str, Any]:
    entries = []
    for topic, those in texts.items():
        kind = knowledge.topics[topic].kind if topic in knowledge.topics else ""
        intent = f"faq/{topic}" if kind == "faq" else topic
        entries.append({"intent": intent, "examples": LiteralScalarString("".join(f"- {text}\n" for text in those))})
    return {"version": DoubleQuotedScalarString("3.1"), "nlu": entries}


def _questions(texts: Mapping[str, list[str]]) -> dict[str, Any]:
    return {topic: _quoted(those) for topic, those in texts.items()}


def _quoted(texts: list[str]) -> list[str]:
    return [DoubleQuotedScalarString(text) for text in texts]


def _write(path: Path, data: Any) -> None:
    """Whole or not at all: the bot may be reading the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    yaml.width = 1_000_000
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8") as file:
        yaml.dump(data, file)
    os.replace(partial, path)
