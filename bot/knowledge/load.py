"""Reading kb/ into dataclasses, collecting every fault instead of stopping at the first."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.knowledge.models import (
    Answer,
    CalendarOverride,
    Document,
    Fault,
    Knowledge,
    Notice,
    ReviewPeriods,
)
from bot.knowledge.notices import FILE as NOTICES
from bot.knowledge.notices import notices_from
from bot.knowledge.parse import answer_from, cause_from, desk_from, link_from, topics_from

SINGLE_FILES = ("topics", "desks", "links", "sources", "causes", "calendar", "phrases", "vocabulary")


class KnowledgeError(Exception):
    """Raised where kb/ cannot be used; carries every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def load(kb_dir: Path) -> Knowledge:
    """Read all of kb/; raises KnowledgeError with every fault where any file cannot be used."""
    knowledge, faults = read(kb_dir)
    if faults:
        raise KnowledgeError(faults)
    return knowledge


def read(kb_dir: Path) -> tuple[Knowledge, list[Fault]]:
    """Read what can be read of kb/ and return it with the faults of what could not."""
    faults: list[Fault] = []
    single = {name: read_file(kb_dir / f"{name}.yml", name, kb_dir, faults) for name in SINGLE_FILES}
    answers: dict[str, Answer] = {}
    for path in answer_files(kb_dir):
        answer = read_answer(path, kb_dir, faults)
        if answer is None:
            continue
        if answer.topic in answers:
            other = _relative(answers[answer.topic].path, kb_dir)
            faults.append(Fault(_relative(path, kb_dir), f"topic {answer.topic} is already answered in {other}"))
            continue
        answers[answer.topic] = answer
    ids = [entry["id"] for entries in (single["topics"] or {}).values() for entry in entries]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        faults.append(Fault(_relative(kb_dir / "topics.yml", kb_dir), f"topic {twice} stands twice; keep one"))
    knowledge = Knowledge(
        topics=topics_from(single["topics"] or {}),
        answers=answers,
        desks={key: desk_from(key, value) for key, value in (single["desks"] or {}).items()},
        links={key: link_from(key, value) for key, value in (single["links"] or {}).items()},
        documents={
            key: Document(key, value["title"], value["date"], value["sections"])
            for key, value in (single["sources"] or {}).items()
        },
        causes={key: cause_from(key, value) for key, value in (single["causes"] or {}).items()},
        calendar=tuple(
            CalendarOverride(entry["date"], entry["working"], entry.get("desk"), entry["why"])
            for entry in (single["calendar"] or {}).get("overrides", [])
        ),
        phrases=dict(single["phrases"] or {}),
        vocabulary={
            entity: {value: tuple(terms) for value, terms in values.items()}
            for entity, values in (single["vocabulary"] or {}).items()
        },
        notices=_notices(kb_dir, faults),
        review=_review(kb_dir, faults),
    )
    return knowledge, faults


def _notices(kb_dir: Path, faults: list[Fault]) -> tuple[Notice, ...]:
    """The notices; none where there is no file of them."""
    path = kb_dir / f"{NOTICES}.yml"
    data = read_file(path, NOTICES, kb_dir, faults) if path.exists() else None
    try:
        return () if data is None else notices_from(data)
    except ValueError as error:
        faults.append(Fault(_relative(path, kb_dir), f"holds a moment that does not exist ({error})"))
        return ()


def _review(kb_dir: Path, faults: list[Fault]) -> ReviewPeriods:
    """The review periods; the usual ones where there is no file of them."""
    path = kb_dir / "review.yml"
    data = read_file(path, "review", kb_dir, faults) if path.exists() else None
    return ReviewPeriods() if data is None else ReviewPeriods(data["days"], data.get("groups", {}))


def answer_files(kb_dir: Path) -> Iterator[Path]:
    """Every answer file, in a stable order."""
    yield from sorted((kb_dir / "answers").rglob("*.y*ml"))


def read_answer(path: Path, kb_dir: Path, faults: list[Fault]) -> Answer | None:
    """One answer file; None, with its faults appended, where it cannot be used."""
    data = read_file(path, "answer", kb_dir, faults)
    return None if data is None else answer_from(data, path)


def read_file(path: Path, schema: str, kb_dir: Path, faults: list[Fault]) -> Any:
    """The data of one file that fits its schema; None, with its faults appended, where it does not."""
    where = _relative(path, kb_dir)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        faults.append(Fault(where, "file is missing; restore it"))
        return None
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(where, f"cannot be read as UTF-8 text ({error}); save it as UTF-8"))
        return None
    try:
        data = YAML(typ="safe", pure=False).load(text)
    except YAMLError as error:
        faults.append(Fault(where, f"is not valid YAML: {_one_line(error)}"))
        return None
    except ValueError as error:
        faults.append(Fault(where, f"holds a value that YAML cannot read: {error}"))
        return None
    problems = [
        Fault(where, f"{_location(error)}: {error.message}")
        for error in sorted(_validator(schema).iter_errors(data), key=lambda error: list(map(str, error.path)))
    ]
    faults.extend(problems)
    return None if problems else data


_VALIDATORS: dict[str, Any] = {}


def _validator(name: str) -> Any:
    if name not in _VALIDATORS:
        schema = json.loads((Path(__file__).parent / "schema" / f"{name}.json").read_text(encoding="utf-8"))
        checker = jsonschema.Draft7Validator.TYPE_CHECKER.redefine(
            "date", lambda _checker, value: type(value) is datetime.date
        )
        extend: Any = jsonschema.validators.extend
        _VALIDATORS[name] = extend(jsonschema.Draft7Validator, type_checker=checker)(schema)
    return _VALIDATORS[name]


def _location(error: Any) -> str:
    return ".".join(str(step) for step in error.absolute_path) or "the whole file"


def _one_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{problem} (line {mark.line + 1}, column {mark.column + 1})" if mark else problem


def _relative(path: Path, kb_dir: Path) -> str:
    return path.relative_to(kb_dir.parent).as_posix() if path.is_relative_to(kb_dir.parent) else str(path)
