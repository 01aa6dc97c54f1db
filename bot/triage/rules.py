"""What kb/triage.yml says: which facts a desk needs, and the sentences of a drafted reply."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.knowledge.models import Fault, Knowledge
from bot.knowledge.texts import text_faults

FILE = "triage.yml"
_FIELDS = {
    "heading": {"subject"},
    "answer": {"title"},
    "second": {"title"},
    "likely": {"title"},
    "choice": {"title"},
    "desk": {"name"},
    "item": {"number", "text"},
    "signature": {"name"},
}
"""What the program fills in; the other sentences stand as they are."""


class TriageRulesError(Exception):
    """Raised where kb/triage.yml cannot be used; the text names every fault."""


@dataclass(frozen=True)
class TriageRules:
    """The rules and words of triage."""

    needs_of_topics: Mapping[str, tuple[str, ...]]
    needs_of_desks: Mapping[str, tuple[str, ...]]
    instead: Mapping[str, str]
    """A personal topic to the one that answers it in a mail."""
    instead_by_portal: Mapping[tuple[str, str], str]
    portals: Mapping[str, str]
    """Topics that are about one portal."""
    screenshot_words: tuple[str, ...]
    ask: Mapping[str, str]
    mail: Mapping[str, str]

    def needs(self, topic: str, desk: str) -> tuple[str, ...]:
        """The codes of what the desk needs to work on the topic."""
        return self.needs_of_topics.get(topic, self.needs_of_desks.get(desk, ()))

    def answering(self, topic: str, portal: str | None) -> str:
        """The topic whose answer a mail gets."""
        return self.instead_by_portal.get((topic, portal or ""), self.instead.get(topic, topic))


def load_rules(kb_dir: Path, knowledge: Knowledge) -> TriageRules:
    """Raises TriageRulesError."""
    rules, faults = read_rules(kb_dir, knowledge)
    if rules is None or faults:
        raise TriageRulesError("\n".join(map(str, faults)))
    return rules


def read_rules(kb_dir: Path, knowledge: Knowledge) -> tuple[TriageRules | None, list[Fault]]:
    """The rules, or None with what is wrong with the file."""
    where = f"{kb_dir.name}/{FILE}"
    try:
        data = YAML(typ="safe").load((kb_dir / FILE).read_text(encoding="utf-8"))
    except (OSError, YAMLError, ValueError) as error:
        return None, [Fault(where, f"cannot be read ({str(error).splitlines()[0]})")]
    errors = sorted(_validator().iter_errors(data), key=lambda error: list(map(str, error.path)))
    if errors:
        return None, [Fault(where, f"{'.'.join(map(str, one.absolute_path))}: {one.message}") for one in errors]
    return _rules(data), [Fault(where, message) for message in _faults(data, knowledge)]


def _rules(data: Mapping[str, Any]) -> TriageRules:
    return TriageRules(
        needs_of_topics={topic: tuple(codes) for topic, codes in data["needs"]["topics"].items()},
        needs_of_desks={desk: tuple(codes) for desk, codes in data["needs"]["desks"].items()},
        instead={topic: entry["topic"] for topic, entry in data["instead"].items()},
        instead_by_portal={
            (topic, portal): other
            for topic, entry in data["instead"].items()
            for portal, other in entry.get("portals", {}).items()
        },
        portals=dict(data["portals"]),
        screenshot_words=tuple(word.casefold() for word in data["screenshot_words"]),
        ask=dict(data["ask"]),
        mail={name: text.strip() for name, text in data["mail"].items()},
    )


def _faults(data: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    named = {*data["needs"]["topics"], *data["instead"], *data["portals"]} - {"out_of_scope"}
    for topic in sorted(named - set(knowledge.topics)):
        yield f"topic {topic!r} is not in topics.yml"
    for desk in sorted(set(data["needs"]["desks"]) - set(knowledge.desks)):
        yield f"desk {desk!r} is not in desks.yml"
    for entry in data["instead"].values():
        for topic in (entry["topic"], *entry.get("portals", {}).values()):
            if topic not in knowledge.answers:
                yield f"topic {topic!r} has no answer"
    for text in data["ask"].values():
        yield from text_faults(text, knowledge)
    for name, text in data["mail"].items():
        try:
            used = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
        except ValueError as error:
            yield f"mail.{name} is no valid template ({error})"
            continue
        for field in sorted(used - _FIELDS.get(name, set())):
            yield f"mail.{name}: {{{field}}} is not filled in here"


@cache
def _validator() -> Any:
    schema = Path(__file__).parent / "schema" / "triage.json"
    return jsonschema.Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
