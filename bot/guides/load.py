"""Reading kb/guides/diagnosis.yml into dataclasses, and what must hold in it beyond its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.guides.facts import DATES, DOUBTS, SCREENS, UNKNOWN, VALUES
from bot.guides.guide_file import named, read_file
from bot.guides.screens import ABSENT, UNSURE, DiagnosisGuide, Option, Screen, Variant
from bot.guides.wording import spell
from bot.knowledge.load import read
from bot.knowledge.models import Fault, Knowledge
from bot.knowledge.texts import ADDRESS, PHONE, URL

FILE = "diagnosis"
BUTTON = 20
"""The longest title that every channel shows whole."""


def load_diagnosis(kb_dir: Path, knowledge: Knowledge | None = None) -> tuple[DiagnosisGuide | None, list[Fault]]:
    """The guide, or None with every fault; the vocabulary is read from kb/ where no knowledge is given."""
    path = kb_dir / "guides" / f"{FILE}.yml"
    faults: list[Fault] = []
    data = read_file(path, "guide_diagnosis", kb_dir, faults)
    if data is None:
        return None, faults
    vocabulary = (read(kb_dir)[0] if knowledge is None else knowledge).vocabulary
    unsure = Option(UNSURE, data["unsure"]["title"].strip(), (), _texts(data["unsure"], "replies"))
    guide = DiagnosisGuide(
        screens={key: _screen(key, value, unsure, vocabulary) for key, value in data["screens"].items()},
        doubts={key: value.strip() for key, value in data["doubts"].items()},
        language={key: _texts(data["language"], key) for key in data["language"]},
    )
    faults += [Fault(named(path, kb_dir), message) for message in _faults(data, guide, vocabulary)]
    return (None if faults else guide), faults


def faults(kb_dir: Path, knowledge: Knowledge | None = None) -> list[Fault]:
    """Every fault of the guided diagnosis' data."""
    return load_diagnosis(kb_dir, knowledge)[1]


def _screen(key: str, data: Mapping[str, Any], unsure: Option, vocabulary: Mapping[str, Any]) -> Screen:
    return Screen(
        id=key,
        text=data["text"].strip(),
        options=(*(_option(one, vocabulary) for one in data["options"]), unsure),
        variants=tuple(Variant(_when(one["when"]), one["text"].strip()) for one in data.get("variants", [])),
        checklist=data.get("checklist", False),
    )


def _option(data: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Option:
    terms = [term for kind, value in _references(data) for term in vocabulary.get(kind, {}).get(value, ())]
    return Option(
        id=data["id"],
        title=data.get("title", "").strip(),
        words=tuple(dict.fromkeys((*_texts(data, "words"), *terms))),
        replies=_texts(data, "replies"),
        sets=data.get("sets"),
        otherwise=data.get("otherwise"),
        when=_when(data["when"]) if "when" in data else None,
        every=data.get("every", ""),
    )


def _references(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((kind, value) for reference in data.get("vocabulary", []) for kind, value in [reference.split(".")])


def _when(data: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {key: tuple(value) if isinstance(value, list) else (value,) for key, value in data.items()}


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(text).strip() for text in data.get(key, []))


def _faults(data: Mapping[str, Any], guide: DiagnosisGuide, vocabulary: Mapping[str, Any]) -> Iterator[str]:
    if tuple(guide.screens) != tuple(SCREENS):
        yield f"the screens must be {', '.join(SCREENS)}, in this order"
    for key in sorted(set(DOUBTS) ^ set(guide.doubts)):
        yield f"doubts.{key}: " + ("is missing" if key in DOUBTS else "is no fact of the guide")
    for screen in guide.screens.values():
        for fault in (*_option_faults(screen), *_word_faults(screen)):
            yield f"screens.{screen.id}: {fault}"
        for variant in screen.variants:
            yield from (f"screens.{screen.id}.variants: {fault}" for fault in _value_faults(variant.when, True))
    for key, value in data["screens"].items():
        for option in value["options"]:
            for kind, term in _references(option):
                if term not in vocabulary.get(kind, {}):
                    yield f"screens.{key}: {option['id']}: {kind}.{term} is not in vocabulary.yml"
    for text in _spoken(guide):
        for found, what in ((PHONE, "phone number"), (ADDRESS, "mailbox"), (URL, "web address")):
            if found.search(text):
                yield f"a {what} stands in 「{text[:30]}」; the answers of the causes tell it, leave it out here"
        if "{" in text or "}" in text:
            yield f"a brace stands in 「{text[:30]}」; nothing is filled in here"


def _option_faults(screen: Screen) -> Iterator[str]:
    ids = [option.id for option in screen.options]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"option {twice} stands twice" + (" (every screen gets it by itself)" if twice == UNSURE else "")
    for option in screen.options:
        if len(option.title) > BUTTON:
            yield f"{option.id}: the title is longer than {BUTTON} signs"
        if option.otherwise is not None and not screen.checklist:
            yield f"{option.id}: only a checklist's options have otherwise"
        if option.otherwise is not None and set(option.otherwise) != set(option.sets or {}):
            yield f"{option.id}: otherwise must name the facts of sets"
        for values in (option.sets, option.otherwise, option.when):
            if values:
                yield from (f"{option.id}: {fault}" for fault in _value_faults(values, values is option.when))


def _value_faults(values: Mapping[str, Any], condition: bool) -> Iterator[str]:
    for key, value in values.items():
        if key not in VALUES and key not in DATES:
            yield f"{key!r} is no fact; known are {', '.join((*VALUES, *DATES))}"
            continue
        known = (*VALUES.get(key, DATES.get(key, ())), UNKNOWN, *((ABSENT,) if condition else ()))
        for one in value if condition else (value,):
            if one not in known and not (key in DATES and isinstance(one, Mapping)):
                yield f"{one!r} is no value of {key}; known are {', '.join(map(str, known))}"


def _word_faults(screen: Screen) -> Iterator[str]:
    owners: dict[str, list[Option]] = {}
    for option in screen.options:
        for word in {spell(word) for word in (option.title, *option.words, *option.replies) if word}:
            for other in owners.setdefault(word, []):
                if _together(option, other):
                    yield f"{word!r} means both {other.id} and {option.id}; keep one"
            owners[word].append(option)


def _together(one: Option, other: Option) -> bool:
    """Whether both options can be meant at the same time."""
    first, second = one.when or {}, other.when or {}
    return all(set(first[key]) & set(second[key]) for key in first.keys() & second.keys())


def _spoken(guide: DiagnosisGuide) -> Iterator[str]:
    yield from guide.doubts.values()
    for screen in guide.screens.values():
        yield from (screen.text, *(variant.text for variant in screen.variants))
        yield from (option.title for option in screen.options)
