"""Reading kb/ into dataclasses, collecting every fault instead of stopping at the first."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.knowledge.models import (
    Answer,
    CalendarOverride,
    Desk,
    Document,
    Fault,
    Knowledge,
    Link,
    Mailbox,
    Part,
    Phone,
    Source,
    Topic,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SINGLE_FILES = ("topics", "desks", "links", "sources", "calendar", "phrases", "vocabulary")


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
    single = {name: _read_file(kb_dir / f"{name}.yml", name, kb_dir, faults) for name in SINGLE_FILES}
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
        topics=_topics(single["topics"] or {}),
        answers=answers,
        desks={key: _desk(key, value) for key, value in (single["desks"] or {}).items()},
        links={key: _link(key, value) for key, value in (single["links"] or {}).items()},
        documents={
            key: Document(key, value["title"], value["date"], value["sections"])
            for key, value in (single["sources"] or {}).items()
        },
        calendar=tuple(
            CalendarOverride(entry["date"], entry["working"], entry.get("desk"), entry["why"])
            for entry in (single["calendar"] or {}).get("overrides", [])
        ),
        phrases=dict(single["phrases"] or {}),
        vocabulary={
            entity: {value: tuple(terms) for value, terms in values.items()}
            for entity, values in (single["vocabulary"] or {}).items()
        },
    )
    return knowledge, faults


def answer_files(kb_dir: Path) -> Iterator[Path]:
    """Every answer file, in a stable order."""
    yield from sorted((kb_dir / "answers").rglob("*.y*ml"))


def read_answer(path: Path, kb_dir: Path, faults: list[Fault]) -> Answer | None:
    """One answer file; None, with its faults appended, where it cannot be used."""
    data = _read_file(path, "answer", kb_dir, faults)
    return None if data is None else _answer(data, path)


def _read_file(path: Path, schema: str, kb_dir: Path, faults: list[Fault]) -> dict[str, Any] | None:
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


def _topics(data: Mapping[str, Any]) -> dict[str, Topic]:
    return {
        entry["id"]: Topic(entry["id"], entry["title"], kind, entry.get("desk"))
        for kind, entries in data.items()
        for entry in entries
    }


def _answer(data: Mapping[str, Any], path: Path) -> Answer:
    return Answer(
        topic=data["topic"],
        title=data["title"].strip(),
        desk=data["desk"],
        reviewed=data["reviewed"],
        short=data["short"].strip(),
        steps=_texts(data, "steps"),
        notes=_texts(data, "notes"),
        parts=tuple(_part(part) for part in data.get("parts", [])),
        contacts=_texts(data, "contacts") or (data["desk"],),
        links=_texts(data, "links"),
        related=_texts(data, "related"),
        sources=tuple(_source(source) for source in data["sources"]),
        settled=_texts(data, "settled"),
        path=path,
    )


def _part(data: Mapping[str, Any]) -> Part:
    ((key, value),) = data["when"].items()
    return Part(
        key=key,
        value=value,
        title=data["title"].strip(),
        short=data.get("short", "").strip(),
        steps=_texts(data, "steps"),
        notes=_texts(data, "notes"),
        contacts=_texts(data, "contacts"),
        links=_texts(data, "links"),
        related=_texts(data, "related"),
    )


def _desk(key: str, data: Mapping[str, Any]) -> Desk:
    hours = data["hours"]
    return Desk(
        id=key,
        name=data["name"],
        aka=data["aka"],
        handles=_texts(data, "handles"),
        refuses=_texts(data, "refuses"),
        phones=tuple(_phone(phone) for phone in _known(data["phones"])),
        faxes=tuple(_phone(phone) for phone in _known(data.get("faxes", []))),
        mailboxes=tuple(
            Mailbox(entry["address"], _source(entry["source"]), entry.get("label", ""))
            for entry in _known(data["mailboxes"])
        ),
        hours=None if hours == "unknown" else _hours(hours),
        closed_on_holidays=hours == "unknown" or hours["holidays"] == "closed",
        hours_note=data.get("hours_note", ""),
        website=data.get("website"),
        next_desk=data["next_desk"],
        sources=tuple(_source(source) for source in data["sources"]),
        hours_source=None if hours == "unknown" else _source(hours["source"]),
    )


def _hours(data: Mapping[str, Any]) -> dict[int, tuple[tuple[datetime.time, datetime.time], ...]]:
    return {
        number: tuple(_period(period) for period in data[day]) for number, day in enumerate(WEEKDAYS) if data.get(day)
    }


def _period(text: str) -> tuple[datetime.time, datetime.time]:
    opens, closes = text.split("-")
    return datetime.time.fromisoformat(opens), datetime.time.fromisoformat(closes)


def _phone(data: Mapping[str, Any]) -> Phone:
    return Phone(data["number"], _source(data["source"]), tuple(data.get("extensions", [])), data.get("label", ""))


def _link(key: str, data: Mapping[str, Any]) -> Link:
    return Link(key, data["title"], data["url"], _source(data["source"]))


def _source(data: Mapping[str, Any]) -> Source:
    return Source(data["document"], data["section"])


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in data.get(key, []))


def _known(value: Any) -> list[Any]:
    return [] if value == "unknown" else list(value)
