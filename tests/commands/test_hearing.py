"""Understanding outside of a conversation, with a model that is made up: what is heard once and decided often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.understanding import Understanding
from bot.nlu.model import Ranked
from bot.nlu.thresholds import Thresholds
from bot.settings import Settings


class FakeModel:
    """Takes every message for one about a forgotten password, at 0.6."""

    thresholds = Thresholds(0.5, 0.2, 0.5, 0.5)

    def rank(self, texts: Sequence[str]) -> list[Ranked]:
        return [Ranked((("forgot_password", 0.6), ("withdraw_course", 0.2)), 0.6, 0.7) for _ in texts]


@pytest.fixture
def understanding(project: Path, tmp_path: Path) -> Understanding:
    settings = Settings.from_env({"EPARK_HOME": str(project), "EPARK_VAR": str(tmp_path)})
    return Understanding(settings, FakeModel())  # type: ignore[arg-type]


def test_a_model_given_as_an_argument_needs_no_trained_one(understanding: Understanding) -> None:
    (decision,) = understanding.decisions(["我想要請問你們一件事情"])

    assert (decision.outcome, decision.topics[0]) == ("answer", ("forgot_password", 0.6))


def test_what_was_heard_is_decided_by_other_thresholds_without_asking_the_model_again(
    understanding: Understanding,
) -> None:
    heard = understanding.hear(["我想要請問你們一件事情"])

    higher = replace(understanding.thresholds, answer=0.7)

    assert [one.outcome for one in understanding.decide(heard, higher)] == ["suggest"]
    assert [one.outcome for one in understanding.decide(heard, understanding.thresholds)] == ["answer"]


def test_what_the_front_door_refuses_is_a_fallback_at_any_threshold(understanding: Understanding) -> None:
    heard = understanding.hear([" "])

    (decision,) = understanding.decide(heard, Thresholds(0.0, 0.0, 0.0, 0.0))

    assert (decision.outcome, decision.topics) == ("fallback", ())
