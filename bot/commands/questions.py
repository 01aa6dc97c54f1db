"""Reading labelled questions: .yml as in tests/questions, .jsonl, folders of them; and messages that are not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

MANNERS = "manners"
"""In a folder of this name each file holds one kind of message, named by the file's stem."""
ENDINGS = (".yml", ".yaml", ".jsonl")


class QuestionError(ValueError):
    """Raised for a questions file that cannot be read, with its name and what is wrong."""


@dataclass(frozen=True)
class Question:
    """One labelled message."""

    text: str
    topic: str
    accept: tuple[str, ...] = ()
    range: str = ""
    """near or far, for messages out of scope."""
    kind: str = ""
    """The manner in which it is written (slips, emails, …), where it was collected for that."""

    def right(self, topic: str) -> bool:
        """Whether a topic counts as right."""
        return topic == self.topic or topic in self.accept


def read_questions(paths: list[Path]) -> list[Question]:
    """All questions of files and of folders with what is in them, in order; raises QuestionError."""
    found: list[Question] = []
    for path in paths:
        if path.is_dir():
            files = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS and one.is_file())
            if not files:
                raise QuestionError(f"{path}: holds no .yml or .jsonl file")
            found += read_questions(files)
        elif not path.is_file():
            raise QuestionError(f"{path}: no such file or folder")
        else:
            found += _jsonl(path) if path.suffix == ".jsonl" else _yaml(path)
    return found


def read_not_ours(path: Path) -> list[str]:
    """Messages that hold our words and belong to no topic, from a YAML list of texts; raises QuestionError."""
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError, ValueError) as error:
        raise QuestionError(f"{path}: cannot be read as YAML ({error})") from error
    if not isinstance(data, list) or not all(isinstance(one, str) for one in data):
        raise QuestionError(f"{path}: must be a list of texts")
    return data


def _yaml(path: Path) -> Iterator[Question]:
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, ValueError) as error:
        raise QuestionError(f"{path}: is not valid YAML ({error})") from error
    if not isinstance(data, dict):
        raise QuestionError(f"{path}: must map topics to lists of questions")
    for topic, entries in data.items():
        if not isinstance(entries, list):
            raise QuestionError(f"{path}: {topic} must hold a list")
        for number, entry in enumerate(entries, 1):
            fields = {"text": entry} if isinstance(entry, str) else entry
            yield _question(
                {"topic": topic, **fields} if isinstance(fields, dict) else fields,
                f"{path}: {topic} {number}",
                _kind(path),
            )


def _jsonl(path: Path) -> Iterator[Question]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                data = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                raise QuestionError(f"{path}: line {number} is no valid JSON ({error})") from error
            yield _question(data, f"{path}: line {number}", _kind(path))


def _kind(path: Path) -> str:
    return path.stem if path.absolute().parent.name == MANNERS else ""


def _question(data: object, where: str, kind: str) -> Question:
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not isinstance(data.get("topic"), str):
        raise QuestionError(f"{where}: needs a string text and a string topic")
    accept = data.get("accept") or []
    if not isinstance(accept, list) or not all(isinstance(one, str) for one in accept):
        raise QuestionError(f"{where}: accept must be a list of topics")
    # topics.yml's faq ids are bare; a label may carry the retrieval intent's prefix.
    topic, others = data["topic"].removeprefix("faq/"), tuple(one.removeprefix("faq/") for one in accept)
    own = data.get("kind")
    return Question(data["text"], topic, others, str(data.get("range") or ""), kind if own is None else str(own))
