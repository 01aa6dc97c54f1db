"""The form of an answer: reading its fields, and the buttons that add, remove and move rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qs

from bot.console.visit import clean
from bot.editing.field_faults import part_values
from bot.editing.fields import ROWS, AnswerFields, PartFields
from bot.knowledge.models import Knowledge

MOST_ROWS = 60
"""Of one field; a file may hold more, but none is added then."""
ADD, REMOVE, UP, DOWN = "add", "remove", "up", "down"


@dataclass(frozen=True)
class Choice:
    """An entry of a list to choose from."""

    value: str
    text: str
    group: str = ""
    """Under which heading it stands."""


def given_fields(body: bytes) -> AnswerFields:
    """What a form was filled in with, empty rows included: what is being typed must not go by adding a row."""
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    parts = tuple(_part(form, at) for at in form.get("parts", ()))
    values = {one.name: _value(form, one.name) for one in fields(AnswerFields) if one.name != "parts"}
    return AnswerFields(**values, parts=parts)


def stepped(given: AnswerFields, order: str) -> tuple[AnswerFields, str]:
    """The fields after a row's button ("up:parts.0.steps.2", "add:steps"), and what the cursor goes to.

    An order that makes no sense changes nothing.
    """
    kind, _, place = order.partition(":")
    names = place.split(".")
    at = _number(names.pop()) if kind != ADD else -1
    path = ".".join(names)
    if names == ["parts"]:
        rows, to = _rows(given.parts, kind, at, PartFields())
        return replace(given, parts=rows), _focus(kind, "parts", to, len(rows), ".when")
    if len(names) == 1 and names[0] in ROWS:
        rows, to = _rows(getattr(given, path), kind, at, "")
        row: dict[str, Any] = {path: rows}
        return replace(given, **row), _focus(kind, path, to, len(rows))
    if len(names) == 3 and names[0] == "parts":
        number, name = _number(names[1]), names[2]
        if 0 <= number < len(given.parts) and name in ROWS and hasattr(given.parts[number], name):
            part = given.parts[number]
            rows, to = _rows(getattr(part, name), kind, at, "")
            own: dict[str, Any] = {name: rows}
            parts = (*given.parts[:number], replace(part, **own), *given.parts[number + 1 :])
            return replace(given, parts=parts), _focus(kind, path, to, len(rows))
    return given, ""


def choices(knowledge: Knowledge) -> dict[str, list[Choice]]:
    """What can be chosen in the rows of a form, by field; `when` for its parts."""
    return {
        "contacts": [Choice(one.id, one.name) for one in knowledge.desks.values()],
        "links": [Choice(one.id, one.title) for one in knowledge.links.values()],
        "related": [Choice(one.id, one.title) for one in knowledge.topics.values() if one.kind != "conversation"],
        "sources": [
            Choice(f"{document.id} {section}", f"{document.id} {section} {title}", f"{document.id} {document.title}")
            for document in knowledge.documents.values()
            for section, title in document.sections.items()
        ],
        "when": [_when(one, knowledge) for one in part_values()],
    }


def placeholders(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Each placeholder that can be filled in, and what it is."""
    found = []
    for desk in knowledge.desks.values():
        found += [(f"{{phone:{desk.id}}}", f"{desk.name} {desk.phones[0].number}")] if desk.phones else []
        found += [(f"{{fax:{desk.id}}}", f"{desk.name} {desk.faxes[0].number}")] if desk.faxes else []
        found += [(f"{{mail:{desk.id}}}", f"{desk.name} {desk.mailboxes[0].address}")] if desk.mailboxes else []
        found.append((f"{{desk:{desk.id}}}", desk.name))
    return found + [(f"{{link:{one.id}}}", f"{one.title} {one.url}") for one in knowledge.links.values()]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


def _when(value: str, knowledge: Knowledge) -> Choice:
    kind, _, name = value.partition(":")
    terms = knowledge.vocabulary.get(kind, {}).get(name, ())
    return Choice(value, terms[0] if terms else name, kind)


def _part(form: Mapping[str, list[str]], at: str) -> PartFields:
    return PartFields(**{one.name: _value(form, f"parts.{at}.{one.name}") for one in fields(PartFields)})


def _value(form: Mapping[str, list[str]], name: str) -> Any:
    values = tuple(clean(one) for one in form.get(name, ()))
    if name.rpartition(".")[2] in ROWS:
        return values
    return values[0] if values else ""


def _rows(rows: tuple[Any, ...], kind: str, at: int, blank: Any) -> tuple[tuple[Any, ...], int]:
    """The rows after the step, and where the row is now."""
    if kind == ADD and len(rows) < MOST_ROWS:
        return (*rows, blank), len(rows)
    if kind == REMOVE and 0 <= at < len(rows):
        return rows[:at] + rows[at + 1 :], min(at, len(rows) - 2)
    to = {UP: at - 1, DOWN: at + 1}.get(kind, -1)
    if 0 <= at < len(rows) and 0 <= to < len(rows):
        moved = list(rows)
        moved[at], moved[to] = moved[to], moved[at]
        return tuple(moved), to
    return rows, at


def _focus(kind: str, path: str, to: int, count: int, inner: str = "") -> str:
    """The name of a row's field, or of a button: whoever moves a row goes on moving it."""
    if kind in (UP, DOWN) and 0 <= to < count:
        # At either end that button can do nothing more.
        there = DOWN if to == 0 else UP if to == count - 1 else kind
        return f"{there}:{path}.{to}"
    return f"{path}.{to}{inner}" if 0 <= to < count else f"{ADD}:{path}"
