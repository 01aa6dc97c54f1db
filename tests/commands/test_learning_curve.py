"""The learning curve: which questions are drawn, and what each step says; a fake stands in for training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.commands.learning_curve import Labelled, Step, all_examples, learning_curve, subset, write_csv
from bot.commands.questions import Question
from bot.commands.training_questions import TrainingError
from bot.commands.understanding import Heard
from bot.nlu.decision import Decision
from bot.nlu.model import Ranked
from bot.nlu.thresholds import Thresholds

EXAMPLES: list[Labelled] = [
    *(("a", f"a{n}") for n in range(30)),
    *(("b", f"b{n}") for n in range(10)),
    *(("out_of_scope", f"o{n}") for n in range(20)),
]


class FakeUnderstanding:
    """Knows only the texts that it was trained with; of the others it takes the second topic for the best."""

    thresholds = Thresholds(0.5, 0.1, 0.5, 0.5)

    def __init__(self, examples: Sequence[Labelled]) -> None:
        self.known = dict((text, topic) for topic, text in examples)

    def hear(self, texts: Sequence[str]) -> list[Heard]:
        return [
            Heard(text, Ranked((("a", 0.9), ("b", 0.1)) if text in self.known else (("b", 0.4), ("a", 0.3)), 0.9, 0.9))
            for text in texts
        ]

    def decide(self, heard: Sequence[Heard], thresholds: Thresholds) -> list[Decision]:
        return [Decision("answer", one.ranked.topics) for one in heard]


def test_each_topic_gives_as_many_questions_as_asked_for_and_out_of_scope_the_same_share() -> None:
    counts = Counter(topic for topic, _ in subset(EXAMPLES, 10))

    assert counts == {"a": 10, "b": 10, "out_of_scope": 10}


def test_a_bigger_draw_holds_the_smaller_one_and_all_are_all() -> None:
    few, more, everything = (set(subset(EXAMPLES, size)) for size in (5, 20, None))

    assert few < more < everything == set(EXAMPLES)


def test_the_same_questions_are_drawn_every_time() -> None:
    assert subset(EXAMPLES, 5) == subset(EXAMPLES, 5)


def test_a_step_says_what_was_trained_with_and_what_came_of_it() -> None:
    questions = [Question("a1", "a"), Question("new", "a"), Question("o1", "out_of_scope")]

    (step,) = learning_curve(EXAMPLES, questions, FakeUnderstanding, [None])  # type: ignore[arg-type]

    assert step == Step(None, 20.0, 60, answered_right=0.5, best_topic_right=0.5, top_3_right=1.0)


def test_there_is_a_step_for_every_size() -> None:
    steps = learning_curve(EXAMPLES, [Question("a1", "a")], FakeUnderstanding, [2, 4, None])  # type: ignore[arg-type]

    assert [(one.a_topic, one.mean, one.training_questions) for one in steps] == [
        (2, 2.0, 6),
        (4, 4.0, 12),
        (None, 20.0, 60),
    ]


def test_the_table_has_a_line_for_each_step(tmp_path: Path) -> None:
    write_csv(tmp_path / "curve.csv", [Step(10, 9.5, 100, 0.5, 0.6, None), Step(None, 80.0, 900, 0.7, 0.8, 0.9)])

    assert (tmp_path / "curve.csv").read_text(encoding="utf-8").splitlines() == [
        "a_topic,mean,training_questions,answered_right,best_topic_right,top_3_right",
        "10,9.5,100,0.5,0.6,",
        ",80.0,900,0.7,0.8,0.9",
    ]


def test_the_training_questions_are_read_from_all_files_without_the_prefix(tmp_path: Path) -> None:
    folder = tmp_path / "bot" / "data" / "nlu" / "faq"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text("nlu:\n- intent: faq/a\n  examples: |\n    - 一\n    - 二\n", encoding="utf-8")
    (folder.parent / "b.yml").write_text("nlu:\n- intent: b\n  examples: |\n    - 三\n", encoding="utf-8")

    assert all_examples(tmp_path) == [("b", "三"), ("a", "一"), ("a", "二")]


def test_a_training_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "bot" / "data" / "nlu"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text("nlu: [", encoding="utf-8")

    with pytest.raises(TrainingError, match=r"a\.yml: is no valid training file"):
        all_examples(tmp_path)
