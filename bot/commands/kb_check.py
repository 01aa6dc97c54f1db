"""`epark kb check`: everything that must hold of kb/ and of the questions that belong to it."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from bot.cases.rules import FILES_READ, load_rules
from bot.commands.questions import ENDINGS, QuestionError, read_not_ours, read_questions
from bot.commands.training_questions import TrainingError, read_training, training_files
from bot.guides.load import load_diagnosis
from bot.guides.walk_load import load_walks
from bot.knowledge.check import check
from bot.knowledge.help_desk import HELP_DESK, read_help_desk
from bot.knowledge.load import read
from bot.knowledge.models import Fault
from bot.nlu.normalise import normalise
from bot.settings import Settings
from bot.triage.rules import FILE as TRIAGE_FILE
from bot.triage.rules import read_rules

FEWEST_QUESTIONS = 30
NOT_OURS = "tests/questions_not_ours.yml"
"""Messages that hold our words and belong to no topic."""
_MARKS = re.compile(r"[\W_]+")


def all_faults(settings: Settings) -> list[Fault]:
    """Faults of kb/ itself, then of the training questions and of the held-out ones beside it."""
    faults = check(settings.kb_dir)
    knowledge, _ = read(settings.kb_dir)
    if (settings.kb_dir / "guides").is_dir():
        faults += load_walks(settings.kb_dir, knowledge)[1] + load_diagnosis(settings.kb_dir, knowledge)[1]
    if any((settings.kb_dir / f"{name}.yml").exists() for name in FILES_READ):
        faults += load_rules(settings.kb_dir, knowledge)[1]
    if (settings.kb_dir / HELP_DESK).exists():
        faults += read_help_desk(settings.kb_dir, knowledge)[1]
    if (settings.kb_dir / TRIAGE_FILE).exists():
        faults += read_rules(settings.kb_dir, knowledge)[1]
    owners: dict[str, tuple[str, str]] = {}
    counts: dict[str, int] = defaultdict(int)
    for path in training_files(settings.project):
        where = path.relative_to(settings.project).as_posix()
        try:
            examples = read_training(path)
        except TrainingError as error:
            faults.append(Fault(where, f"is no valid training file: {error}"))
            continue
        for topic, text in examples:
            if topic not in knowledge.topics:
                faults.append(Fault(where, f"intent {topic!r} is no topic of topics.yml"))
                continue
            counts[topic] += 1
            owner = owners.setdefault(_key(text), (topic, where))
            if owner[0] != topic:
                faults.append(Fault(where, f"「{text}」 stands under {topic} and under {owner[0]}; keep one"))
    for topic in knowledge.topics:
        if (settings.project / "bot" / "data" / "nlu").is_dir() and counts[topic] < FEWEST_QUESTIONS:
            faults.append(
                Fault("bot/data/nlu", f"{topic} has {counts[topic]} questions; {FEWEST_QUESTIONS} are needed")
            )
    return faults + _held_out_faults(settings.project, owners, set(knowledge.topics))


def _held_out_faults(project: Path, owners: dict[str, tuple[str, str]], topics: set[str]) -> list[Fault]:
    """Faults of the labelled questions and of the messages that are not ours; neither may be in the training data."""
    faults: list[Fault] = []
    folder = project / "tests" / "questions"
    for path in sorted(one for one in folder.rglob("*") if one.suffix in ENDINGS and one.is_file()):
        where = path.relative_to(project).as_posix()
        try:
            questions = read_questions([path])
        except QuestionError as error:
            faults.append(Fault(where, str(error)))
            continue
        for question in questions:
            for topic in (question.topic, *question.accept):
                if topic not in topics:
                    faults.append(Fault(where, f"{topic!r} is no topic of topics.yml"))
        faults += _in_training([question.text for question in questions], where, owners)
    path = project / NOT_OURS
    if path.exists():
        try:
            faults += _in_training(read_not_ours(path), NOT_OURS, owners)
        except QuestionError as error:
            faults.append(Fault(NOT_OURS, str(error)))
    return faults


def _in_training(texts: list[str], where: str, owners: dict[str, tuple[str, str]]) -> list[Fault]:
    return [
        Fault(where, f"「{text}」 is in the training data too; a held-out one must not")
        for text in texts
        if _key(text) in owners
    ]


def _key(text: str) -> str:
    """What two questions must differ in: letters and digits of the normalised text, or the text where it has none."""
    clean = normalise(text)
    return _MARKS.sub("", clean) or clean
