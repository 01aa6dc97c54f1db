"""What each part of the topic model is worth: the best topic on tests/questions with the part taken away or changed.

Run with `.venv/bin/python benchmarks/ablations.py [NAME …]` (without names: all, some ten minutes on two cores). Each
row trains on bot/data/nlu and is measured on tests/questions: the share of questions in scope whose best topic is
right, whose three best hold it, and how well the share of the best topic tells right from wrong or out of scope
(area under the ROC curve). Accuracies do not depend on the machine; seconds do.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import normalize

from bot.commands.questions import Question, read_questions
from bot.commands.training_questions import read_training, training_files
from bot.dialogue.clauses import meant
from bot.nlu.features import Featurizer
from bot.nlu.model import MEANT, NETWORKS, OUT_OF_SCOPE
from bot.nlu.network import Network, softmax
from bot.nlu.normalise import normalise

PROJECT = Path(__file__).resolve().parent.parent
Numbers = NDArray[Any]
Shares = Callable[[list[str], Numbers, list[str]], tuple[Numbers, Numbers]]
"""Training texts, their labels, texts asked: classes and shares, one row a text."""


def network(
    blocks: tuple[int, ...] = (0, 1, 2),
    hidden: int = 128,
    members: int = NETWORKS,
    negation: bool = True,
    seed: int = 0,
) -> Shares:
    """The shipped networks, or ones with fewer feature blocks, other sizes, other numbers, or no care for negation.

    All learn from every question here, so that rows differ by what their names say alone.
    """

    def shares(texts: list[str], labels: Numbers, asked: list[str]) -> tuple[Numbers, Numbers]:
        featurizer = Featurizer()
        featurizer._blocks = tuple(featurizer._blocks[at] for at in blocks)
        rows = featurizer.fit_transform(texts)
        classes, numbers = np.unique(labels, return_inverse=True)
        networks = [Network.fit(rows, numbers, len(classes), seed + at, hidden) for at in range(members)]

        def read(messages: list[str]) -> Numbers:
            features = featurizer.transform(messages)
            total: Numbers = sum(softmax(one.logits(features)) for one in networks) / members
            return total

        found = read(asked)
        if negation:
            left = [(at, text) for at, whole in enumerate(asked) if (text := meant(whole)) is not None]
            places = [at for at, _text in left]
            found[places] = (1 - MEANT) * found[places] + MEANT * read([text for _at, text in left])
        return classes, found

    return shares


def linear(texts: list[str], labels: Numbers, asked: list[str]) -> tuple[Numbers, Numbers]:
    """The model before: one-vs-rest logistic regression on the same features."""
    featurizer = Featurizer()
    model = LogisticRegression(C=60, solver="liblinear", multi_class="ovr").fit(featurizer.fit_transform(texts), labels)
    return model.classes_, normalize(expit(model.decision_function(featurizer.transform(asked))), norm="l1")


ROWS: dict[str, Shares] = {
    "shipped": network(),
    "linear": linear,
    "no-pinyin": network(blocks=(0, 2)),
    "no-latin": network(blocks=(0, 1)),
    "characters-only": network(blocks=(0,)),
    "no-negation": network(negation=False),
    "hidden-64": network(hidden=64),
    "hidden-256": network(hidden=256),
    "members-1": network(members=1),
    "members-4": network(members=4),
    "other-seed": network(seed=10),
}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ROWS))
    names = parser.parse_args().names or list(ROWS)
    known = [one for path in training_files(PROJECT) for one in read_training(path)]
    texts, labels = [normalise(text) for _topic, text in known], np.asarray([topic for topic, _text in known])
    questions = read_questions([PROJECT / "tests" / "questions"])
    asked = [normalise(one.text) for one in questions]
    print(f"{len(texts)} training questions, {len(questions)} held out")
    print(f"{'':<18}{'best':>7}{'three':>7}{'AUC':>8}{'seconds':>9}")
    for name in names:
        begun = time.monotonic()
        classes, shares = ROWS[name](texts, labels, asked)
        print(f"{name:<18}" + _figures(questions, classes, shares) + f"{time.monotonic() - begun:9.0f}", flush=True)


def _figures(questions: list[Question], classes: Numbers, shares: Numbers) -> str:
    order = np.argsort(-np.where(classes == OUT_OF_SCOPE, -1.0, shares), axis=1)[:, :3]
    inside = np.array([one.topic != OUT_OF_SCOPE for one in questions])
    best = np.array([one.right(classes[row[0]]) for one, row in zip(questions, order)]) & inside
    three = np.array([any(one.right(classes[at]) for at in row) for one, row in zip(questions, order)])
    sure = shares[np.arange(len(shares)), order[:, 0]]
    return f"{100 * best[inside].mean():7.2f}{100 * three[inside].mean():7.2f}{roc_auc_score(best, sure):8.4f}"


if __name__ == "__main__":
    main()
