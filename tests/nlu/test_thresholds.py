from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.thresholds import FEWEST, Thresholds, Trial, fit_thresholds

RIGHT = {"correct": True, "among": True}
OUTSIDE = {"outside": True}


def said(count: int, confidence: float, offer: float, **true: bool) -> list[dict[str, float | bool]]:
    """So many messages that a model said the same of, and what was true of them."""
    none = dict.fromkeys(("correct", "among", "outside", "chat", "keyword"), False)
    return [{"confidence": confidence, "offer": offer, **none, **true}] * count


def fit(*messages: list[dict[str, float | bool]]) -> Thresholds:
    rows = [row for rows in messages for row in rows]
    return fit_thresholds(Trial(**{name: np.asarray([row[name] for row in rows]) for name in rows[0]}))


def test_what_is_right_when_sure_is_answered_and_the_rest_refused() -> None:
    thresholds = fit(said(20, 0.9, 0.9, **RIGHT), said(20, 0.4, 0.1, **OUTSIDE))

    assert 0.4 < thresholds.answer <= 0.9
    assert 0.1 < thresholds.suggest


def test_what_is_often_wrong_but_among_the_best_is_offered() -> None:
    thresholds = fit(said(20, 0.9, 0.9, **RIGHT), said(20, 0.5, 0.6, among=True), said(20, 0.2, 0.1, **OUTSIDE))

    assert 0.5 < thresholds.answer <= 0.9
    assert 0.1 < thresholds.suggest <= 0.6


def test_small_talk_is_judged_apart() -> None:
    thresholds = fit(
        said(FEWEST, 0.9, 0.9, **RIGHT),
        said(FEWEST, 0.1, 0.1, **OUTSIDE),
        said(FEWEST, 0.8, 0.8, chat=True, **OUTSIDE),
        said(FEWEST, 0.9, 0.9, chat=True, **RIGHT),
    )

    assert thresholds.chat > 0.8
    assert thresholds.answer <= 0.8


def test_a_keyword_is_answered_sooner_because_a_wrong_answer_costs_it_little() -> None:
    one_in_four = [*said(FEWEST, 0.5, 0.1, **RIGHT), *said(3 * FEWEST, 0.5, 0.1)]
    keywords = [{**row, "keyword": True} for row in one_in_four]

    thresholds = fit(one_in_four, one_in_four, keywords, said(FEWEST, 0.9, 0.9, **RIGHT))

    assert thresholds.keyword <= 0.5 < thresholds.answer


def test_a_keyword_is_never_answered_later_than_a_sentence() -> None:
    thresholds = fit(said(FEWEST, 0.6, 0.1, **RIGHT), said(FEWEST, 0.7, 0.1, keyword=True, **OUTSIDE))

    assert thresholds.keyword <= thresholds.answer


@pytest.mark.parametrize("kind", ["chat", "keyword"])
def test_too_few_messages_of_a_kind_are_judged_as_all_others_are(kind: str) -> None:
    thresholds = fit(
        said(20, 0.9, 0.9, **RIGHT),
        said(20, 0.4, 0.1, **OUTSIDE),
        said(FEWEST - 1, 0.95, 0.1, **{kind: True}, **OUTSIDE),
    )

    assert getattr(thresholds, kind) == thresholds.answer


@pytest.mark.parametrize("outside", [True, False])
def test_without_a_single_right_answer_nothing_is_answered(outside: bool) -> None:
    thresholds = fit(*(said(1, confidence, 0.1, outside=outside) for confidence in (0.2, 0.5, 0.9)))

    assert thresholds.answer > 0.9


def test_where_many_thresholds_are_as_good_the_middle_of_them_is_taken() -> None:
    thresholds = fit(said(200, 0.9, 0.1, **RIGHT), said(200, 0.3, 0.1, **OUTSIDE), said(1, 0.42, 0.1, **OUTSIDE))

    assert 0.6 < thresholds.answer < 0.7


def test_thresholds_are_probabilities_of_three_digits() -> None:
    generator = np.random.default_rng(0)
    confidence = generator.random(200)
    right = generator.random(200) < confidence
    chat, keyword = generator.random(200) < 0.4, generator.random(200) < 0.4

    thresholds = fit_thresholds(Trial(confidence, confidence, right, right, ~right, chat, keyword))

    for value in (thresholds.answer, thresholds.suggest, thresholds.chat, thresholds.keyword):
        assert 0.05 <= value <= 0.95
        assert value == round(value, 3)
