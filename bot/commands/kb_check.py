"""`epark kb check`: everything that must hold of kb/ and of the questions that belong to it."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.commands.questions import QuestionError, read_questions
from bot.guides.load import load_diagnosis
from bot.guides.walk_load import load_walks
from bot.knowledge.check import check
from bot.knowledge.load import read
from bot.knowledge.models import Fault
from bot.nlu.normalise import normalise
from bot.settings import Settings

FEWEST_QUESTIONS = 25
_MARKS = re.compile(r"[\W_]+")


def all_faults(settings: Settings) -> list[Fault]:
    """Faults of kb/ itself, then of the training questions and of the held-out ones beside it."""
    faults = check(settings.kb_dir)
    knowledge, _ = read(settings.kb_dir)
    if (settings.kb_dir / "guides").is_dir():
        faults += load_walks(settings.kb_dir, knowledge)[1] + load_diagnosis(settings.kb_dir, knowledge)[1]
    owners: dict[str, tuple[str, str]] = {}
    counts: dict[str, int] = defaultdict(int)
    data = settings.project / "bot" / "data" / "nlu"
    for path in sorted(data.rglob("*.yml")):
        where = path.relative_to(settings.project).as_posix()
        for topic, text in _examples(path, where, faults):
            if topic not in knowledge.topics:
                faults.append(Fault(where, f"intent {topic!r} is no topic of topics.yml"))
                continue
            counts[topic] += 1
            owner = owners.setdefault(_key(text), (topic, where))
            if owner[0] != topic:
                faults.append(Fault(where, f"「{text}」 stands under {topic} and under {owner[0]}; keep one"))
    for topic in knowledge.topics:
        if data.is_dir() and counts[topic] < FEWEST_QUESTIONS:
            faults.append(
                Fault("bot/data/nlu", f"{topic} has {counts[topic]} questions; {FEWEST_QUESTIONS} are needed")
            )
    return faults + _held_out_faults(settings.project / "tests" / "questions", owners, set(knowledge.topics))


def _held_out_faults(folder: Path, owners: dict[str, tuple[str, str]], topics: set[str]) -> list[Fault]:
    faults: list[Fault] = []
    if not folder.is_dir():
        return faults
    for path in sorted(folder.glob("*.yml")):
        where = f"tests/questions/{path.name}"
        try:
            questions = read_questions([path])
        except QuestionError as error:
            faults.append(Fault(where, str(error)))
            continue
        for question in questions:
            for topic in (question.topic, *question.accept):
                if topic not in topics:
                    faults.append(Fault(where, f"{topic!r} is no topic of topics.yml"))
            if _key(question.text) in owners:
                faults.append(Fault(where, f"「{question.text}」 is in the training data too; a held-out one must not"))
    return faults


def _examples(path: Path, where: str, faults: list[Fault]) -> list[tuple[str, str]]:
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        entries = data["nlu"]
        return [
            (str(entry["intent"]).removeprefix("faq/"), line[2:].strip())
            for entry in entries
            for line in str(entry["examples"]).splitlines()
            if line.startswith("- ")
        ]
    except (YAMLError, UnicodeDecodeError, KeyError, TypeError) as error:
        faults.append(Fault(where, f"is no valid training file: {type(error).__name__}: {str(error).splitlines()[0]}"))
        return []


def _key(text: str) -> str:
    """What two questions must differ in: letters and digits of the normalised text, or the text where it has none."""
    clean = normalise(text)
    return _MARKS.sub("", clean) or clean
