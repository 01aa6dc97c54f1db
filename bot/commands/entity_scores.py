"""How well entities are found: precision, recall and count of each, by value and place and by value alone."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entity = Mapping[str, Any]
"""entity, value, start and end, as Rasa has them."""
Find = Callable[[str, datetime.date], Iterable[Entity]]
_TODAY = re.compile(r"#\s*today:\s*(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Score:
    """The figures of one entity; a share of nothing is None."""

    count: int
    """How many the labels name."""
    found: int
    precision: float | None
    """Of those found, how many have the right value and place."""
    recall: float | None
    """Of those labelled, how many were found with the right value and place."""
    value_precision: float | None
    """As precision, wherever in the message the value was found."""
    value_recall: float | None


@dataclass(frozen=True)
class EntityScores:
    """The figures by entity, and the messages in which something was missed or wrongly found."""

    scores: Mapping[str, Score]
    messages: int
    faults: tuple[str, ...]


def today_of(lines: Iterable[str]) -> datetime.date | None:
    """The day that a file's labels were written for: its comment `# today: 2026-11-20`."""
    found = next(filter(None, map(_TODAY.match, lines)), None)
    return datetime.date.fromisoformat(found.group(1)) if found else None


def labelled(lines: Iterable[str]) -> Iterator[tuple[str, list[Entity]]]:
    """Each message with its entities; lines that begin with # are comments.

    Raises ValueError that names the line.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            data = json.loads(line)
            text, entities = data["text"], data["entities"]
            for one in entities:
                if not (one["entity"] and one["value"] and 0 <= one["start"] < one["end"] <= len(text)):
                    raise ValueError("an entity lies outside of the text")
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {number}: {error}") from error
        yield text, entities


def measure_entities(lines: Iterable[str], find: Find, today: datetime.date) -> EntityScores:
    """The figures for labelled lines; entities that no label of the file names are not measured."""
    messages = list(labelled(lines))
    kinds = sorted({one["entity"] for _, entities in messages for one in entities})
    counts = {kind: Counter[str]() for kind in kinds}
    faults = []
    for text, wanted in messages:
        found = [one for one in finest(find(text, today)) if one["entity"] in counts]
        for kind in kinds:
            _count(
                counts[kind],
                [one for one in wanted if one["entity"] == kind],
                [one for one in found if one["entity"] == kind],
            )
        missed = Counter(map(_exact, wanted)) - Counter(map(_exact, found))
        extra = Counter(map(_exact, found)) - Counter(map(_exact, wanted))
        faults += [
            f"{sign} {kind} {value} {text[start:end]} | {text}"
            for sign, some in (("-", missed), ("+", extra))
            for kind, value, start, end in some
        ]
    return EntityScores({kind: _score(count) for kind, count in counts.items()}, len(messages), tuple(faults))


def finest(found: Iterable[Entity]) -> list[Entity]:
    """Without an entity that another of its kind, with a role, tells more finely: 約聘僱 is a civil servant's too."""
    entities = list(found)
    return [
        one
        for one in entities
        if one.get("role")
        or not any(
            other.get("role")
            and other["entity"] == one["entity"]
            and other["start"] <= one["start"]
            and one["end"] <= other["end"]
            for other in entities
        )
    ]


def as_text(measured: EntityScores) -> str:
    """The table for people."""
    head = f"{'entity':14}{'labelled':>9}{'found':>7}{'precision':>11}{'recall':>8}{'value P':>9}{'value R':>9}"
    rows = [
        f"{kind:14}{one.count:9}{one.found:7}{_shown(one.precision):>11}{_shown(one.recall):>8}"
        f"{_shown(one.value_precision):>9}{_shown(one.value_recall):>9}"
        for kind, one in measured.scores.items()
    ]
    return "\n".join([f"messages: {measured.messages}", head, *rows])


def _count(counts: Counter[str], wanted: Sequence[Entity], found: Sequence[Entity]) -> None:
    counts["wanted"] += len(wanted)
    counts["found"] += len(found)
    counts["exact"] += (Counter(map(_exact, wanted)) & Counter(map(_exact, found))).total()
    counts["value"] += (Counter(map(_value, wanted)) & Counter(map(_value, found))).total()


def _exact(entity: Entity) -> tuple[str, str, int, int]:
    return (str(entity["entity"]), str(entity["value"]), int(entity["start"]), int(entity["end"]))


def _value(entity: Entity) -> tuple[str, str]:
    return (str(entity["entity"]), str(entity["value"]))


def _score(counts: Counter[str]) -> Score:
    wanted, found = counts["wanted"], counts["found"]
    return Score(
        wanted,
        found,
        _share(counts["exact"], found),
        _share(counts["exact"], wanted),
        _share(counts["value"], found),
        _share(counts["value"], wanted),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _shown(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"
