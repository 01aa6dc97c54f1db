"""A small neural network over sparse features."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.sparse import csr_matrix

from bot.nlu.network import HIDDEN, Network, _Training, softmax

FEATURES = 12
CLASSES = 3


def toy(count: int = 90, seed: int = 0) -> tuple[csr_matrix, np.ndarray]:
    """Rows of four features each: two that tell their class and two that tell nothing."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % CLASSES
    rows = np.zeros((count, FEATURES), np.float32)
    for at, label in enumerate(labels):
        rows[at, [2 * label, 2 * label + 1]] = 0.5
        rows[at, generator.choice(np.arange(2 * CLASSES, FEATURES), 2, replace=False)] = 0.5
    return csr_matrix(rows), labels


@pytest.fixture(scope="module")
def network() -> Network:
    return Network.fit(*toy(), CLASSES)


def test_what_can_be_learnt_is_learnt(network: Network) -> None:
    rows, labels = toy(60, seed=7)

    found = network.logits(rows)

    assert (found.argmax(axis=1) == labels).all()
    assert softmax(found).max(axis=1).min() > 0.5


def test_more_than_one_feature_decides_together() -> None:
    either = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]] * 40, dtype=np.float32)
    labels = np.array([1, 1, 0, 0] * 40)

    network = Network.fit(csr_matrix(either), labels, 2)

    # Exclusive or: no linear model can do it.
    assert (network.logits(csr_matrix(either[:4])).argmax(axis=1) == labels[:4]).all()


def test_the_same_seed_gives_the_same_network_and_another_seed_another(network: Network) -> None:
    again = Network.fit(*toy(), CLASSES)
    other = Network.fit(*toy(), CLASSES, seed=1)

    assert all(np.array_equal(getattr(again, name), value) for name, value in vars(network).items())
    assert not np.array_equal(other.second, network.second)


def test_training_leaves_its_rows_as_they_were() -> None:
    rows, labels = toy()
    before = rows.copy()

    Network.fit(rows, labels, CLASSES)

    assert (rows != before).nnz == 0


def test_eight_bits_a_weight_change_the_logits_by_little(network: Network) -> None:
    rows, labels = toy()
    weights, bias, second, second_bias = _Training(FEATURES, CLASSES, 0, HIDDEN).run(
        rows, labels, np.ones(len(labels), dtype=np.float32)
    )

    exact = np.maximum(rows @ weights + bias, 0) @ second + second_bias

    assert network.first.dtype == np.int8
    assert np.abs(network.logits(rows) - exact).max() < 0.01 * np.abs(exact).max()


def test_a_feature_that_training_saw_once_decides_nothing() -> None:
    rows, labels = toy()
    once = csr_matrix(([1.0], ([0], [0])), shape=(len(labels), 1), dtype=np.float32)
    wider = csr_matrix(np.hstack([rows.toarray(), once.toarray()]))

    network = Network.fit(wider, labels, CLASSES)
    alone = csr_matrix(([1.0], ([0], [FEATURES])), shape=(1, FEATURES + 1), dtype=np.float32)
    nothing = csr_matrix((1, FEATURES + 1), dtype=np.float32)

    assert np.array_equal(network.logits(alone), network.logits(nothing))


def test_a_row_is_judged_alike_alone_and_among_others(network: Network) -> None:
    rows, _labels = toy()

    together = network.logits(rows)

    assert np.allclose(network.logits(rows[5]), together[5:6], atol=1e-5)


def test_an_empty_row_and_no_row_at_all_are_judged_too(network: Network) -> None:
    empty = network.logits(csr_matrix((2, FEATURES), dtype=np.float32))

    assert empty.shape == (2, CLASSES) and np.isfinite(empty).all()
    assert np.array_equal(empty[0], empty[1])
    assert network.logits(csr_matrix((0, FEATURES), dtype=np.float32)).shape == (0, CLASSES)


@given(arrays.arrays(np.float32, (2, 4), elements=st.floats(-1e4, 1e4, width=32)))
def test_shares_sum_to_one_and_keep_the_order(logits: np.ndarray) -> None:
    shares = softmax(logits)

    assert np.isfinite(shares).all() and (shares >= 0).all()
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert all(share[one.argmax()] == share.max() for share, one in zip(shares, logits))
