"""What is wrong with each field of an answer's form, as codes; the form has the words."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import bot.knowledge
from bot.editing.fields import IDS, TEXTS, AnswerFields, PartFields
from bot.knowledge.check import source_faults
from bot.knowledge.fill import PLACEHOLDER, FillError, fill
from bot.knowledge.freshness import LONGEST
from bot.knowledge.models import Knowledge, Source
from bot.knowledge.texts import written_out

LONGEST_TEXT = 2000
"""Signs of one field; LINE and Telegram would split longer ones anyway."""


@dataclass(frozen=True)
class FieldFault:
    """One thing wrong with one field."""

    field: str
    """As the form names it: "short", "steps.1", "parts.0.title"."""
    code: str
    what: str = ""
    """What stands there that must not, or what was looked for."""


def field_faults(given: AnswerFields, topic: str, knowledge: Knowledge, today: datetime.date) -> list[FieldFault]:
    """Every fault of the tidied fields, in the order of the form."""
    found = [] if given.short else [FieldFault("short", "required")]
    found += _of_fields(given, "", knowledge)
    for at, part in enumerate(given.parts):
        found += _of_part(part, f"parts.{at}.", [one.when for one in given.parts[:at]], knowledge)
    found += [FieldFault(f"related.{at}", "itself") for at, one in enumerate(given.related) if one == topic]
    found += [FieldFault(name, "required") for name in ("related", "sources") if not getattr(given, name)]
    for at, text in enumerate(given.sources):
        document, _, section = text.partition(" ")
        if list(source_faults(Source(document, section), knowledge)):
            found.append(FieldFault(f"sources.{at}", "unknown", text))
        elif text in given.sources[:at]:
            found.append(FieldFault(f"sources.{at}", "twice", text))
    return [*found, *_days(given, today)]


def text_faults_of(field: str, text: str, knowledge: Knowledge) -> Iterator[FieldFault]:
    """What is wrong with a text that a person may read."""
    if len(text) > LONGEST_TEXT:
        yield FieldFault(field, "long", str(LONGEST_TEXT))
    written = list(written_out(text))
    for at, (kind, found) in enumerate(written):
        # The end of a mailbox looks like a web address, too.
        if not any(found in other for _kind, other in written[:at]):
            yield FieldFault(field, kind, found)
    for match in PLACEHOLDER.finditer(text):
        try:
            fill(match.group(), knowledge)
        except FillError:
            yield FieldFault(field, "placeholder", match.group())
    plain = PLACEHOLDER.sub("", text)
    if "{" in plain or "}" in plain:
        yield FieldFault(field, "brace")


def by_field(faults: Iterable[FieldFault]) -> dict[str, list[FieldFault]]:
    """The faults of each field that has any."""
    found: dict[str, list[FieldFault]] = {}
    for fault in faults:
        found.setdefault(fault.field, []).append(fault)
    return found


@cache
def part_values() -> tuple[str, ...]:
    """What a part may hold for, as "provider:egov"; the schema of answers says it."""
    path = Path(str(bot.knowledge.__file__)).parent / "schema" / "answer.json"
    part = json.loads(path.read_text(encoding="utf-8"))["properties"]["parts"]["items"]["properties"]
    kinds = part["when"]["properties"]
    return tuple(f"{key}:{value}" for key, kind in kinds.items() for value in kind["enum"])


def _days(given: AnswerFields, today: datetime.date) -> Iterator[FieldFault]:
    reviewed, by = _day(given.reviewed), _day(given.review_by)
    if reviewed is None:
        yield FieldFault("reviewed", "day" if given.reviewed else "required")
    elif reviewed > today:
        yield FieldFault("reviewed", "future")
    if by is None and given.review_by:
        yield FieldFault("review_by", "day")
    elif by is not None and reviewed is not None and by <= reviewed:
        yield FieldFault("review_by", "before")
    elif by is not None and reviewed is not None and by - reviewed > LONGEST:
        yield FieldFault("review_by", "far")


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _of_part(part: PartFields, name: str, others: Collection[str], knowledge: Knowledge) -> Iterator[FieldFault]:
    if part.when not in part_values():
        yield FieldFault(f"{name}when", "required")
    elif part.when in others:
        yield FieldFault(f"{name}when", "twice")
    if not part.title:
        yield FieldFault(f"{name}title", "required")
    yield from text_faults_of(f"{name}title", part.title, knowledge)
    if not (part.short or part.steps or part.notes):
        yield FieldFault(f"{name}short", "empty")
    yield from _of_fields(part, name, knowledge)


def _of_fields(given: AnswerFields | PartFields, name: str, knowledge: Knowledge) -> Iterator[FieldFault]:
    known: dict[str, Collection[str]] = {
        "contacts": knowledge.desks,
        "links": knowledge.links,
        "related": knowledge.topics,
    }
    yield from text_faults_of(f"{name}short", given.short, knowledge)
    for field in (one.name for one in fields(given)):
        for at, text in enumerate(getattr(given, field) if field in (*TEXTS, *IDS) else ()):
            where = f"{name}{field}.{at}"
            if field == "settled" and len(text) > LONGEST_TEXT:
                yield FieldFault(where, "long", str(LONGEST_TEXT))
            elif field in ("steps", "notes"):
                yield from text_faults_of(where, text, knowledge)
            elif field in IDS and text not in known[field]:
                yield FieldFault(where, "unknown", text)
            elif field in IDS and text in getattr(given, field)[:at]:
                yield FieldFault(where, "twice", text)
