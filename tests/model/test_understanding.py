"""The trained model on questions that it has never seen: the figures that the README promises at least."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.evaluate import Metrics, measure
from bot.commands.model_file import model_path
from bot.commands.questions import read_questions
from bot.commands.understanding import Understanding
from bot.settings import Settings

QUESTIONS = Path(__file__).parent.parent / "questions"


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    settings = Settings.from_env()
    if not model_path(settings).is_file():
        subprocess.run([sys.executable, "-m", "bot.cli", "train"], check=True)
    return Understanding(settings)


@pytest.fixture(scope="module")
def metrics(understanding: Understanding) -> Metrics:
    questions = read_questions([QUESTIONS])
    return measure(questions, understanding.decisions([one.text for one in questions]))


def test_questions_are_answered_right_helped_and_seldom_answered_falsely(metrics: Metrics) -> None:
    assert metrics.answered_right is not None and metrics.answered_right >= 0.90
    assert metrics.helped is not None and metrics.helped >= 0.97
    assert metrics.false_answers is not None and metrics.false_answers <= 0.10


def test_the_held_out_questions_are_many_enough_to_mean_something() -> None:
    questions = read_questions([QUESTIONS])
    counts: dict[str, int] = {}
    for question in questions:
        counts[question.topic] = counts.get(question.topic, 0) + 1

    assert min(counts.values()) >= 10


def test_the_decision_is_the_same_one_by_one_and_in_a_batch(understanding: Understanding) -> None:
    texts = [one.text for one in read_questions([QUESTIONS])][:200:10]

    together = understanding.decisions(texts)
    alone = [understanding.decisions([text])[0] for text in texts]

    assert together == alone


def test_every_title_that_a_button_sends_is_understood_for_sure(understanding: Understanding) -> None:
    topics = [topic for topic in understanding.knowledge.topics.values() if topic.id != "out_of_scope"]

    decisions = understanding.decisions([topic.title for topic in topics])

    assert [one.topics[0] for one in decisions] == [(topic.id, 1.0) for topic in topics]
    assert {one.outcome for one in decisions} == {"answer"}
