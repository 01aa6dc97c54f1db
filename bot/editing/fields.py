"""An answer file as the fields of a form, and back into its file."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.editing.files import EditError
from bot.editing.splice import SpliceError, spliced
from bot.knowledge.models import Fault

TEXTS = ("steps", "notes", "settled")
IDS = ("contacts", "links", "related")
ROWS = ("steps", "notes", "contacts", "links", "related", "sources", "settled")
"""Fields that are lists, in the order of the form."""


class NoFields(EditError):
    """Raised for a file that fields cannot show or change; its YAML can still be edited."""


@dataclass(frozen=True)
class PartFields:
    """The part of an answer for one provider, portal or identity; empty where nothing is filled in."""

    when: str = ""
    """As "provider:egov"."""
    title: str = ""
    short: str = ""
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerFields:
    """What may be changed in an answer; days as YYYY-MM-DD, a source as "004 (二)(8)"."""

    reviewed: str = ""
    review_by: str = ""
    short: str = ""
    steps: tuple[str, ...] = ()
    parts: tuple[PartFields, ...] = ()
    notes: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()

    def tidied(self) -> AnswerFields:
        """Without rows and parts in which nothing stands, and texts on one line."""
        values = _tidied(self)
        parts = [PartFields(**_tidied(one)) for one in self.parts]
        return AnswerFields(**{**values, "parts": tuple(one for one in parts if one != PartFields())})


def fields_of(text: str) -> AnswerFields:
    """The fields of a file's text; raises NoFields where it is no answer."""
    try:
        data = YAML(typ="safe", pure=False).load(text)
        values = {one.name: _field(data, one.name) for one in fields(AnswerFields) if one.name != "parts"}
        parts = tuple(_part(one) for one in data.get("parts", ()))
    except (YAMLError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise NoFields([Fault("", f"is no answer that fields can show ({type(error).__name__})")]) from error
    return AnswerFields(**values, parts=parts)


def merged(was: AnswerFields, now: AnswerFields, given: AnswerFields) -> tuple[AnswerFields, tuple[str, ...]]:
    """What somebody made of an older text put onto the file as it stands, and the fields that both changed.

    There the given one counts: whoever gave it sees it and decides.
    """
    names = [one.name for one in fields(AnswerFields)]
    mine = {name for name in names if getattr(given.tidied(), name) != getattr(was.tidied(), name)}
    both = tuple(
        name for name in names if name in mine and getattr(now, name) not in (getattr(was, name), getattr(given, name))
    )
    return replace(now, **{name: getattr(given, name) for name in mine}), both


def text_with(text: str, given: AnswerFields) -> str:
    """The file's text with these fields in it, all else as it is written; raises NoFields where that cannot be.

    Days must be days: look for faults first.
    """
    try:
        old = YAML(typ="safe", pure=False).load(text)
        found = given.tidied()
        new = {key: value for key, value in old.items() if key not in {one.name for one in fields(AnswerFields)}}
        new |= _data(found, old)
        if found.parts:
            known = {f"{key}:{value}": one for one in old.get("parts", ()) for key, value in one["when"].items()}
            new["parts"] = [_part_data(one, known.get(one.when, {})) for one in found.parts]
        return spliced(text, new)
    except (YAMLError, SpliceError) as error:
        raise NoFields([Fault("", str(error))]) from error


def _tidied(given: AnswerFields | PartFields) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(given):
        value = getattr(given, one.name)
        if one.name != "parts":
            found[one.name] = _line(value) if isinstance(value, str) else tuple(filter(None, map(_line, value)))
    return found


def _line(text: str) -> str:
    """On one line, as a folded text of the file is read."""
    return " ".join(text.split())


def _field(data: Mapping[str, Any], name: str) -> Any:
    value = data.get(name)
    if name == "sources":
        return tuple(f"{one['document']} {one['section']}" for one in value or ())
    if name in ROWS:
        return tuple(str(one).strip() for one in value or ())
    return "" if value is None else str(value).strip()


def _part(data: Mapping[str, Any]) -> PartFields:
    ((key, value),) = data["when"].items()
    values = {one.name: _field(data, one.name) for one in fields(PartFields) if one.name != "when"}
    return PartFields(when=f"{key}:{value}", **values)


def _part_data(given: PartFields, old: Mapping[str, Any]) -> dict[str, Any]:
    key, _, value = given.when.partition(":")
    return {"when": {key: value}, **_data(given, old)}


def _data(given: AnswerFields | PartFields, old: Mapping[str, Any]) -> dict[str, Any]:
    """The filled-in fields as the file has them; a text that only differs by white space stays as it stands."""
    found: dict[str, Any] = {}
    for one in fields(given):
        value = getattr(given, one.name)
        if not value or one.name in ("when", "parts"):
            continue
        if one.name in ("reviewed", "review_by"):
            found[one.name] = datetime.date.fromisoformat(value)
        elif one.name == "sources":
            pairs = (source.partition(" ") for source in value)
            found[one.name] = [{"document": document, "section": section} for document, _, section in pairs]
        elif isinstance(value, str):
            found[one.name] = _as_written([value], [old.get(one.name)])[0]
        else:
            found[one.name] = _as_written(value, old.get(one.name) or ())
    return found


def _as_written(texts: Iterable[str], old: Iterable[Any]) -> list[str]:
    known = {_line(one): one for one in old if isinstance(one, str)}
    return [known.get(_line(one), one) for one in texts]
