"""From the plain data of a file that fits its schema to dataclasses."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.knowledge.models import (
    Answer,
    Cause,
    Desk,
    Link,
    Mailbox,
    Part,
    Phone,
    Source,
    Topic,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def topics_from(data: Mapping[str, Any]) -> dict[str, Topic]:
    return {
        entry["id"]: Topic(entry["id"], entry["title"], kind, entry.get("desk"))
        for kind, entries in data.items()
        for entry in entries
    }


def answer_from(data: Mapping[str, Any], path: Path) -> Answer:
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
        review_by=data.get("review_by"),
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


def desk_from(key: str, data: Mapping[str, Any]) -> Desk:
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
        hours=None if hours == "unknown" else hours_from(hours),
        closed_on_holidays=hours == "unknown" or hours["holidays"] == "closed",
        hours_note=data.get("hours_note", ""),
        website=data.get("website"),
        next_desk=data["next_desk"],
        sources=tuple(_source(source) for source in data["sources"]),
        hours_source=None if hours == "unknown" else _source(hours["source"]),
    )


def hours_from(data: Mapping[str, Any]) -> dict[int, tuple[tuple[datetime.time, datetime.time], ...]]:
    return {
        number: tuple(_period(period) for period in data[day]) for number, day in enumerate(WEEKDAYS) if data.get(day)
    }


def _period(text: str) -> tuple[datetime.time, datetime.time]:
    opens, closes = text.split("-")
    return datetime.time.fromisoformat(opens), datetime.time.fromisoformat(closes)


def _phone(data: Mapping[str, Any]) -> Phone:
    return Phone(data["number"], _source(data["source"]), tuple(data.get("extensions", [])), data.get("label", ""))


def cause_from(key: str, data: Mapping[str, Any]) -> Cause:
    return Cause(
        key,
        data["reason"].strip(),
        _texts(data, "steps"),
        _texts(data, "notes"),
        data["topic"],
        tuple(_source(source) for source in data["sources"]),
    )


def link_from(key: str, data: Mapping[str, Any]) -> Link:
    return Link(key, data["title"], data["url"], _source(data["source"]))


def _source(data: Mapping[str, Any]) -> Source:
    return Source(data["document"], data["section"])


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in data.get(key, []))


def _known(value: Any) -> list[Any]:
    return [] if value == "unknown" else list(value)
