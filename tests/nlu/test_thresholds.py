from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.thresholds import Thresholds, fit_thresholds


def fit(rows: list[tuple[float, float, bool, bool, bool, bool]]) -> Thresholds:
    """Rows of confidence, offer, correct, among, outside, chat."""
    confidence, offer, correct, among, outside, chat = (np.asarray(column) for column in zip(*rows))
    return fit_thresholds(confidence, offer, correct, among, outside, chat)


def test_what_is_right_when_sure_is_answered_and_the_rest_refused() -> None:
    rows = [(0.9, 0.9, True, True, False, False)] * 20 + [(0.4, 0.1, False, False, True, False)] * 20

    thresholds = fit(rows)

    assert 0.4 < thresholds.answer <= 0.9
    assert 0.1 < thresholds.suggest


def test_what_is_often_wrong_but_among_the_best_is_offered() -> None:
    rows = [(0.9, 0.9, True, True, False, False)] * 20
    rows += [(0.5, 0.6, False, True, False, False)] * 20
    rows += [(0.2, 0.1, False, False, True, False)] * 20

    thresholds = fit(rows)

    assert 0.5 < thresholds.answer <= 0.9
    assert 0.1 < thresholds.suggest <= 0.6


def test_small_talk_is_judged_apart() -> None:
    rows = [(0.9, 0.9, True, True, False, False)] * 20 + [(0.1, 0.1, False, False, True, False)] * 20
    rows += [(0.8, 0.8, False, False, True, True)] * 20 + [(0.9, 0.9, True, True, False, True)] * 20

    thresholds = fit(rows)

    assert thresholds.chat > 0.8
    assert thresholds.answer <= 0.8


@pytest.mark.parametrize("outside", [True, False])
def test_without_a_single_right_answer_nothing_is_answered(outside: bool) -> None:
    rows = [(confidence, 0.1, False, False, outside, False) for confidence in (0.2, 0.5, 0.9)]

    thresholds = fit(rows)

    assert thresholds.answer > 0.9


def test_thresholds_are_probabilities_of_three_digits() -> None:
    generator = np.random.default_rng(0)
    confidence = generator.random(200)
    right = generator.random(200) < confidence
    none = np.zeros(200, dtype=bool)

    thresholds = fit_thresholds(confidence, confidence, right, right, ~right, none)

    for value in (thresholds.answer, thresholds.suggest, thresholds.chat):
        assert 0.05 <= value <= 0.95
        assert value == round(value, 3)
