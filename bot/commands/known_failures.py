"""The list of held-out messages that are not understood today: a file that can only shrink."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from bot.commands.verdict import FAILURES, Pair, verdict

AT_MOST = "at_most"
"""The key in the file's head beside the topics; no topic may have this id."""
HEAD = """Held-out messages that are answered wrongly, not helped or falsely answered today: topic to texts.
Solved ones are removed by `epark evaluate tests/questions --known FILE --shrink`. Nothing is added;
at_most holds the length and only ever becomes smaller."""

Failure = tuple[str, str]
"""A topic and a text."""


class KnownFailuresError(ValueError):
    """Raised for a file of known failures that cannot be read or must not be written."""


@dataclass(frozen=True)
class KnownFailures:
    """What a file of known failures says."""

    at_most: int
    entries: tuple[Failure, ...]
    """Without repetition, in the file's order."""

    def shrunk(self, pairs: Sequence[Pair]) -> KnownFailures:
        """Without the entries that are solved; those that `pairs` do not hold stay, since nothing is known of them."""
        solved = self.solved(pairs)
        left = tuple(one for one in self.entries if one not in solved)
        return KnownFailures(min(self.at_most, len(left)), left)

    def solved(self, pairs: Sequence[Pair]) -> set[Failure]:
        """The entries that are right or helped now."""
        return set(self.entries) & ({_name(pair) for pair in pairs} - failures(pairs).keys())

    def unknown(self, pairs: Sequence[Pair]) -> list[Failure]:
        """Failures that the file does not hold."""
        return [one for one in failures(pairs) if one not in self.entries]


def failures(pairs: Iterable[Pair]) -> dict[Failure, str]:
    """Every message that is answered wrongly, not helped or falsely answered, and which of these, in order."""
    judged = [(_name(pair), verdict(*pair)) for pair in pairs]
    return {name: worth for name, worth in judged if worth in FAILURES}


def started(pairs: Sequence[Pair]) -> KnownFailures:
    """Today's failures."""
    found = tuple(failures(pairs))
    return KnownFailures(len(found), found)


def read_known(path: Path) -> KnownFailures:
    """What the file says; raises KnownFailuresError."""
    data = _load(path)
    at_most = data.get(AT_MOST)
    if not isinstance(at_most, int) or isinstance(at_most, bool):
        raise KnownFailuresError(f"{path}: needs {AT_MOST}: and a number in its head")
    entries: list[Failure] = []
    for topic, texts in data.items():
        if topic == AT_MOST:
            continue
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            raise KnownFailuresError(f"{path}: {topic} must hold a list of texts")
        entries += [(str(topic), str(text)) for text in texts]
    return KnownFailures(at_most, tuple(dict.fromkeys(entries)))


def write_known(path: Path, known: KnownFailures) -> None:
    """Write the file anew, whole or not at all; the comment in an existing file's head stays."""
    data = _load(path) if path.exists() else CommentedMap()
    if not path.exists():
        data.yaml_set_start_comment(HEAD)
    for key in list(data):
        if key != AT_MOST:
            del data[key]
    data[AT_MOST] = known.at_most
    for topic, text in sorted(known.entries, key=lambda one: one[0]):
        data.setdefault(topic, []).append(DoubleQuotedScalarString(text))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        _yaml().dump(data, file)
    os.replace(partial, path)


def _load(path: Path) -> CommentedMap:
    try:
        data = _yaml().load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError, ValueError) as error:
        raise KnownFailuresError(f"{path}: cannot be read as YAML ({error})") from error
    if not isinstance(data, CommentedMap):
        raise KnownFailuresError(f"{path}: must map topics to lists of texts")
    return data


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 1_000_000
    return yaml


def _name(pair: Pair) -> Failure:
    return pair[0].topic, pair[0].text
