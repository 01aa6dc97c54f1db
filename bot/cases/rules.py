"""What kb/routing.yml and kb/case_forms.yml say: which desk for which problem, and what a case collects."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.guides.navigation import fold
from bot.knowledge.check import source_faults
from bot.knowledge.models import Fault, Knowledge, Source
from bot.knowledge.texts import text_faults

TEXT, FILES, CONTACT, KNOWN = "text", "files", "contact", "known"
FILES_READ = ("routing", "case_forms")
SCHEMAS = Path(__file__).parent / "schema"


@dataclass(frozen=True)
class DeskReason:
    """Why a desk is the right one, and what to have at hand for it."""

    reason: str
    bring: tuple[str, ...]


@dataclass(frozen=True)
class Refinement:
    """A finer desk for topics whose own desk depends on what was said besides."""

    topics: frozenset[str]
    when: Mapping[str, str]
    desk: str
    reason: str | None


@dataclass(frozen=True)
class Field:
    """One thing that a form collects."""

    id: str
    kind: str
    label: str
    ask: str
    least: int
    most: int
    """Signs of a text."""
    optional: bool = False


@dataclass(frozen=True)
class CaseForm:
    """What one sort of case collects, in order."""

    id: str
    title: str
    intro: str
    fields: tuple[Field, ...]
    desks: frozenset[str] | None
    topics: frozenset[str] | None
    causes: frozenset[str]

    def field(self, id: str) -> Field | None:
        """A field by its id."""
        return next((one for one in self.fields if one.id == id), None)


@dataclass(frozen=True)
class Rules:
    """Both files."""

    desks: Mapping[str, DeskReason]
    refined: tuple[Refinement, ...]
    forms: Mapping[str, CaseForm]
    words: Mapping[str, frozenset[str]]
    """Meaning to the folded ways to say it."""
    titles: Mapping[str, str]
    """Meaning to the text of its button."""

    def means(self, text: str, *meanings: str) -> str | None:
        """Which of these meanings a whole message has, or None."""
        folded = fold(text)
        return next((one for one in meanings if folded in self.words[one]), None)


def load_rules(kb_dir: Path, knowledge: Knowledge) -> tuple[Rules | None, list[Fault]]:
    """The rules, or None where a file cannot be used; with every fault."""
    faults: list[Fault] = []
    routing, forms = (_read(kb_dir / f"{name}.yml", name, faults) for name in FILES_READ)
    if routing is None or forms is None:
        return None, faults
    rules = Rules(
        desks={key: DeskReason(one["reason"], tuple(one["bring"])) for key, one in routing["desks"].items()},
        refined=tuple(
            Refinement(frozenset(one["topics"]), one["when"], one["desk"], one.get("reason"))
            for one in routing["refined"]
        ),
        forms={key: _form(key, one, forms["fields"]) for key, one in forms["forms"].items()},
        words={key: frozenset(map(fold, (one["title"], *one["words"]))) for key, one in forms["words"].items()},
        titles={key: one["title"] for key, one in forms["words"].items()},
    )
    faults += [Fault(f"{kb_dir.name}/routing.yml", one) for one in _routing_faults(routing, knowledge)]
    faults += [Fault(f"{kb_dir.name}/case_forms.yml", one) for one in _form_faults(forms, knowledge)]
    return rules, faults


def _form(id: str, data: Mapping[str, Any], fields: Mapping[str, Any]) -> CaseForm:
    asked = []
    for name in data["fields"]:
        one = fields.get(name.rstrip("?"))
        if one is not None:
            limits = (one.get("least", 1), one.get("most", 1000))
            asked.append(
                Field(name.rstrip("?"), one["kind"], one["label"], one.get("ask", ""), *limits, name.endswith("?"))
            )
    chosen = {key: frozenset(data[key]) if key in data else None for key in ("desks", "topics")}
    causes = frozenset(data.get("causes", ()))
    return CaseForm(id, data["title"], data["intro"], tuple(asked), chosen["desks"], chosen["topics"], causes)


def _routing_faults(data: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    for desk in sorted(set(knowledge.desks) ^ set(data["desks"])):
        yield f"desks.{desk}: " + ("is missing" if desk in knowledge.desks else "is not in desks.yml")
    for number, one in enumerate(data["refined"], 1):
        for topic in (topic for topic in one["topics"] if topic not in knowledge.topics):
            yield f"refined {number}: topic {topic!r} is not in topics.yml"
        if one["desk"] not in knowledge.desks:
            yield f"refined {number}: desk {one['desk']!r} is not in desks.yml"
        for kind, value in one["when"].items():
            if value not in knowledge.vocabulary.get(kind, {}):
                yield f"refined {number}: {kind} {value!r} is not in vocabulary.yml"
    texts = [text for one in data["desks"].values() for text in (one["reason"], *one["bring"])]
    texts += [one["reason"] for one in data["refined"] if "reason" in one]
    for text in texts:
        yield from text_faults(text, knowledge)


def _form_faults(data: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    for name, one in data["fields"].items():
        if one["kind"] != KNOWN and "ask" not in one:
            yield f"fields.{name}: needs ask, the question to the person"
        for text in (one["label"], one.get("ask", "")):
            yield from (f"fields.{name}: {fault}" for fault in text_faults(text, knowledge))
    for name, one in data["forms"].items():
        for field in (field.rstrip("?") for field in one["fields"]):
            if field not in data["fields"]:
                yield f"forms.{name}: field {field!r} is not among the fields"
        for kind, known in (("desks", knowledge.desks), ("topics", knowledge.topics), ("causes", knowledge.causes)):
            for wrong in (value for value in one.get(kind, ()) if value not in known):
                yield f"forms.{name}: {wrong!r} is not in {kind}.yml"
        for source in one["sources"]:
            fault_texts = source_faults(Source(source["document"], source["section"]), knowledge)
            yield from (f"forms.{name}: {fault}" for fault in fault_texts)
        yield from (f"forms.{name}: {fault}" for fault in text_faults(one["intro"], knowledge))
    last = list(data["forms"].values())[-1]
    if "desks" in last or "topics" in last or "causes" in last:
        yield "the last form must fit every case: leave out its desks, topics and causes"


def _read(path: Path, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    where = f"{path.parent.name}/{path.name}"
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault(where, "file is missing; restore it"))
        return None
    except (OSError, ValueError, YAMLError) as error:
        faults.append(Fault(where, f"cannot be read: {str(error).splitlines()[0]}"))
        return None
    found = [
        Fault(where, f"{'.'.join(map(str, error.absolute_path)) or 'the whole file'}: {error.message}")
        for error in sorted(_validator(name).iter_errors(data), key=lambda error: list(map(str, error.path)))
    ]
    faults += found
    return None if found else data


@cache
def _validator(name: str) -> Any:
    return jsonschema.Draft7Validator(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


class LiveRules:
    """The rules as they stand on disk now; a broken edit keeps the last good ones."""

    def __init__(self, kb_dir: Path) -> None:
        self._kb_dir = kb_dir
        self._stamp: tuple[int, ...] = ()
        self._rules: Rules | None = None
        self._lock = threading.Lock()

    @classmethod
    def shared(cls, kb_dir: Path) -> LiveRules:
        """One a process and folder."""
        with _SHARED_LOCK:
            return _SHARED.setdefault(kb_dir, cls(kb_dir))

    def get(self, knowledge: Knowledge) -> Rules:
        """The newest usable rules; raises ValueError where there have never been any."""
        paths = [self._kb_dir / f"{name}.yml" for name in FILES_READ]
        stamp = tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)
        with self._lock:
            if stamp != self._stamp:
                rules, faults = load_rules(self._kb_dir, knowledge)
                # A rule that names what does not exist would break a case halfway: the last good ones stay.
                if rules is not None and (not faults or self._rules is None):
                    self._rules = rules
                self._stamp = stamp
            if self._rules is None:
                raise ValueError("routing.yml or case_forms.yml cannot be used")
            return self._rules


_SHARED: dict[Path, LiveRules] = {}
_SHARED_LOCK = threading.Lock()
