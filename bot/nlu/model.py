"""The topic model: a few small networks over all topics, how sure they are of a message, and fitted thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.dialogue.clauses import meant, signs
from bot.nlu.features import Featurizer
from bot.nlu.network import Network, softmax
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import KEYWORD_SIGNS, Thresholds, Trial, fit_thresholds

OUT_OF_SCOPE = "out_of_scope"
NETWORKS = 2
"""Networks whose shares are averaged: it steadies what is answered falsely from one training to the next."""
PARTS = 16
"""Each network leaves out one part in so many; confidence and thresholds are fitted on what was left out.

Measured on messages by other writers: one part in 16 was 0.6 points better than one in 8 and 1.5 than one in 5."""
OUTSIDE_WEIGHT = 0.3
"""How much a message out of scope counts in training: there are many, and they hold the words of plain questions."""
MEANT = 0.75
"""Weight of what a message means where it says what it does not mean; measured: 1 is nearly as good, 0 far worse."""
_BATCH = 512
_LEAST = 1e-7
"""The smallest share that evidence tells from nought."""

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Ranked:
    """What the model thinks of one message."""

    topics: tuple[tuple[str, float], ...]
    """Topics, best first, with scores from 0 to 1; out_of_scope is never among them."""
    confidence: float
    """Probability that the best topic is right."""
    offer: float
    """Probability that the right topic is among the best three."""


@dataclass
class Judge:
    """A featurizer and the networks that were trained over it, and the classes by number."""

    featurizer: Featurizer
    networks: tuple[Network, ...]
    classes: Numbers

    def read(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Shares of the classes for normalised texts, shape (n, classes), and what confidence is judged by.

        Where a message says what it does not mean, the message without that counts three times as much as the whole.
        """
        rows = self.featurizer.transform(texts)
        shares = self._shares(rows)
        left = [(at, text) for at, whole in enumerate(texts) if (text := meant(whole)) is not None]
        if left:
            places = [at for at, _text in left]
            without = self.featurizer.transform([text for _at, text in left])
            shares[places] = (1 - MEANT) * shares[places] + MEANT * self._shares(without)
        return shares, _evidence(shares, np.diff(rows.indptr), self.classes)

    def alone(self, which: int) -> Judge:
        """The judge that has only one of the networks."""
        return Judge(self.featurizer, (self.networks[which],), self.classes)

    def _shares(self, rows: csr_matrix) -> Numbers:
        shares: Numbers = np.mean([softmax(network.logits(rows)) for network in self.networks], axis=0)
        return shares


@dataclass
class TopicModel:
    """Everything that training learns; NumPy and scikit-learn objects, so that it loads without Rasa."""

    judge: Judge
    confidence: LogisticRegression
    offer: LogisticRegression
    thresholds: Thresholds

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], small_talk: frozenset[str] = frozenset(), seed: int = 0
    ) -> TopicModel:
        """Learn from texts as people typed them and one topic id each; `small_talk` are topics no button can offer.

        Each network leaves out a part of the questions of its own; what each makes, alone, of the part that it has
        not seen is what confidence and thresholds are fitted on.
        """
        clean = [normalise(text) for text in texts]
        known = np.asarray(labels)
        featurizer = Featurizer()
        rows = featurizer.fit_transform(clean)
        classes, numbers = np.unique(known, return_inverse=True)
        weights = np.where(known == OUT_OF_SCOPE, OUTSIDE_WEIGHT, 1.0)

        def fitted(at: int, left_out: Numbers) -> Network:
            seen = np.setdiff1d(np.arange(len(known)), left_out)
            own = NETWORKS * seed + at
            return Network.fit(rows[seen], numbers[seen], len(classes), own, weights=weights[seen])

        parts = _parts(known, seed)
        networks = joblib.Parallel(n_jobs=2)(joblib.delayed(fitted)(*part) for part in enumerate(parts))
        judge = Judge(featurizer, tuple(networks), classes)
        read = [judge.alone(at).read([clean[i] for i in part]) for at, part in enumerate(parts)]
        shares, evidence = (np.concatenate(found) for found in zip(*read))
        unseen = np.concatenate(parts)
        order = np.argsort(-_without_outside(shares, classes), axis=1)
        truth = known[unseen]
        correct = classes[order[:, 0]] == truth
        among = (classes[order[:, :3]] == truth[:, None]).any(axis=1)
        outside = truth == OUT_OF_SCOPE
        confidence = _calibrate(evidence, correct & ~outside)
        offer = _calibrate(evidence, among & ~outside)
        trial_run = Trial(
            confidence=_chances(confidence, evidence),
            offer=_chances(offer, evidence),
            correct=correct,
            among=among,
            outside=outside,
            chat=np.isin(classes[order[:, 0]], list(small_talk)),
            keyword=np.array([signs(clean[i]) <= KEYWORD_SIGNS for i in unseen]),
        )
        return cls(judge, confidence, offer, fit_thresholds(trial_run))

    def rank(self, texts: Sequence[str], keep: int = 10) -> list[Ranked]:
        """Topics for each text, best first."""
        found: list[Ranked] = []
        for start in range(0, len(texts), _BATCH):
            clean = [normalise(text) for text in texts[start : start + _BATCH]]
            shares, evidence = self.judge.read(clean)
            confidence, offer = _chances(self.confidence, evidence), _chances(self.offer, evidence)
            for row, sure, maybe in zip(shares, confidence, offer):
                found.append(_ranked(row, self.judge.classes, float(sure), float(maybe), keep))
        return found

    def save(self, path: Path) -> None:
        """Write the model to one file."""
        joblib.dump(self, path, compress=3)

    @staticmethod
    def load(path: Path) -> TopicModel:
        """Read a model that save wrote; only ever load files that this project trained."""
        model = joblib.load(path)
        if not isinstance(model, TopicModel):
            raise ValueError(f"{path} holds no topic model")
        return model


def _parts(labels: Numbers, seed: int) -> list[Numbers]:
    """For each network the places of the questions that it leaves out, of every topic that has enough of them."""
    counts = dict(zip(*np.unique(labels, return_counts=True)))
    places = np.flatnonzero([counts[label] > 1 for label in labels])
    parts = min(PARTS, max(2, min(counts[label] for label in labels[places])))
    folds = StratifiedKFold(parts, shuffle=True, random_state=seed).split(places, labels[places])
    return [places[left_out] for _seen, left_out in islice(folds, NETWORKS)]


def _calibrate(evidence: Numbers, right: Numbers) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(evidence, right)


def _chances(judge: LogisticRegression, evidence: Numbers) -> Numbers:
    """As predict_proba; its checks cost more than the sum itself on a single message."""
    chances: Numbers = 1 / (1 + np.exp(-(evidence @ judge.coef_[0] + judge.intercept_[0])))
    return chances


def _without_outside(shares: Numbers, classes: Numbers) -> Numbers:
    inside: Numbers = np.where(classes == OUT_OF_SCOPE, -1.0, shares)
    return inside


def _evidence(shares: Numbers, lengths: Numbers, classes: Numbers) -> Numbers:
    """What confidence is judged by: log shares of the best topics and of out_of_scope, their gaps, and the length."""
    logs = np.log(shares.clip(_LEAST))
    inside = -np.sort(-np.where(classes == OUT_OF_SCOPE, np.log(_LEAST), logs), axis=1)[:, :3]
    column = np.flatnonzero(classes == OUT_OF_SCOPE)
    outside = logs[:, column[0]] if len(column) else logs.min(axis=1)
    return np.column_stack(
        [
            inside[:, 0],
            np.log1p(-shares.max(axis=1).clip(max=1 - _LEAST)),
            inside[:, 0] - inside[:, 1],
            inside[:, 1] - inside[:, 2],
            inside[:, 0] - outside,
            outside,
            np.log1p(lengths),
        ]
    )


def _ranked(row: Numbers, classes: Numbers, confidence: float, offer: float, keep: int) -> Ranked:
    order = [i for i in np.argsort(-row)[: keep + 1] if classes[i] != OUT_OF_SCOPE][:keep]
    # The best score shown is the calibrated one; the others keep their proportion to it.
    top = max(float(row[order[0]]), 1e-9)
    topics = tuple((str(classes[i]), round(min(1.0, confidence * float(row[i]) / top), 4)) for i in order)
    return Ranked(topics, confidence, offer)
