"""How understanding grows with the training questions: whether more of them would still help."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from bot.commands.evaluate import measure
from bot.commands.kinds import share
from bot.commands.questions import Question
from bot.commands.training_questions import TrainingError, read_training, training_files
from bot.commands.understanding import Heard, Understanding
from bot.knowledge.live import LiveKnowledge
from bot.nlu.model import OUT_OF_SCOPE, TopicModel
from bot.settings import Settings

SIZES = (10, 20, 40, 80, None)
"""Training questions a topic; None is all of them."""
SEED = 0

Labelled = tuple[str, str]
"""A topic and a text."""


@dataclass(frozen=True)
class Step:
    """What a model makes of the held-out questions that was trained with so many questions a topic."""

    a_topic: int | None
    """At most so many; None is all of them."""
    mean: float
    """Questions a topic on average, out_of_scope left out."""
    training_questions: int
    """All of them together, those out of scope too."""
    answered_right: float | None
    best_topic_right: float | None
    top_3_right: float | None


def learning_curve(
    examples: Sequence[Labelled],
    questions: Sequence[Question],
    fit: Callable[[Sequence[Labelled]], Understanding],
    sizes: Iterable[int | None] = SIZES,
) -> list[Step]:
    """A step for each size, every one with the questions of the one before it and more."""
    return [_step(size, subset(examples, size), questions, fit) for size in sizes]


def fitted(settings: Settings, examples: Sequence[Labelled]) -> Understanding:
    """The bot's understanding with a model that was trained with these questions."""
    topics = LiveKnowledge.shared(settings.kb_dir).get().topics.values()
    small_talk = frozenset(topic.id for topic in topics if topic.kind == "conversation")
    labels, texts = [topic for topic, _ in examples], [text for _, text in examples]
    return Understanding(settings, TopicModel.fit(texts, labels, small_talk, SEED))


def all_examples(project: Path) -> list[Labelled]:
    """The training questions of the project; raises TrainingError with the file that cannot be read."""
    found: list[Labelled] = []
    for path in training_files(project):
        try:
            found += read_training(path)
        except TrainingError as error:
            raise TrainingError(f"{path}: is no valid training file: {error}") from error
    return found


def subset(examples: Sequence[Labelled], size: int | None) -> list[Labelled]:
    """At most `size` questions of each topic, drawn at random, a bigger draw holding the smaller one.

    Of out_of_scope the same share is drawn as of all other topics together: were it cut like a topic, the thresholds
    would be fitted to a world with hardly any message out of scope, and few questions would look better than they are.
    """
    if size is None:
        return list(examples)
    texts: dict[str, list[str]] = defaultdict(list)
    for topic, text in examples:
        texts[topic].append(text)
    outside = texts.pop(OUT_OF_SCOPE, [])
    drawn = [(topic, text) for topic, own in texts.items() for text in _shuffled(topic, own)[:size]]
    inside = len(examples) - len(outside)
    kept = round(len(outside) * len(drawn) / inside) if inside else 0
    return drawn + [(OUT_OF_SCOPE, text) for text in _shuffled(OUT_OF_SCOPE, outside)[:kept]]


def write_csv(path: Path, steps: Sequence[Step]) -> None:
    """The steps as a table; an empty `a_topic` is all questions."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [one.name for one in fields(Step)], lineterminator="\n")
        rows.writeheader()
        rows.writerows(asdict(one) for one in steps)


def _step(
    size: int | None,
    examples: Sequence[Labelled],
    questions: Sequence[Question],
    fit: Callable[[Sequence[Labelled]], Understanding],
) -> Step:
    understanding = fit(examples)
    heard = understanding.hear([one.text for one in questions])
    metrics = measure(questions, understanding.decide(heard, understanding.thresholds))
    inside = [pair for pair in zip(questions, heard) if pair[0].topic != OUT_OF_SCOPE]
    topics = {topic for topic, _ in examples} - {OUT_OF_SCOPE}
    asked = sum(topic != OUT_OF_SCOPE for topic, _ in examples)
    return Step(
        a_topic=size,
        mean=round(asked / max(1, len(topics)), 1),
        training_questions=len(examples),
        answered_right=metrics.answered_right,
        best_topic_right=share(sum(_among(*pair, 1) for pair in inside), len(inside)),
        top_3_right=share(sum(_among(*pair, 3) for pair in inside), len(inside)),
    )


def _among(question: Question, heard: Heard, best: int) -> bool:
    """Whether a right topic is among the best of the ranking, whatever was decided."""
    return any(question.right(topic) for topic, _score in heard.ranked.topics[:best])


def _shuffled(topic: str, texts: Sequence[str]) -> list[str]:
    return random.Random(f"{SEED} {topic}").sample(list(texts), len(texts))
