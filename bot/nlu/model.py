"""The topic model: one linear classifier over all topics, nearness to what was seen, and fitted thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.nlu.features import Featurizer
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import Thresholds, fit_thresholds

OUT_OF_SCOPE = "out_of_scope"
FOLDS = 5
STRENGTH = 60
"""Inverse regularisation: best topic right, leaving one writer out at a time: 20 gave 92.1 %, 60 92.6 %."""
_BATCH = 512

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
class TopicModel:
    """Everything that training learns; plain scikit-learn objects, so that it loads without Rasa."""

    featurizer: Featurizer
    classifier: LogisticRegression
    examples: csr_matrix
    example_labels: Numbers
    confidence: LogisticRegression
    offer: LogisticRegression
    thresholds: Thresholds

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], small_talk: frozenset[str] = frozenset(), seed: int = 0
    ) -> TopicModel:
        """Learn from texts as people typed them and one topic id each; `small_talk` are topics no button can offer.

        Confidence and thresholds are fitted on held-out folds, never on what the classifier has seen.
        """
        clean = [normalise(text) for text in texts]
        known = np.asarray(labels)
        evidence, correct, among, outside, chat = _held_out(clean, known, small_talk, seed)
        confidence = _calibrate(evidence, correct & ~outside)
        offer = _calibrate(evidence, among & ~outside)
        thresholds = fit_thresholds(
            confidence.predict_proba(evidence)[:, 1],
            offer.predict_proba(evidence)[:, 1],
            correct,
            among,
            outside,
            chat,
        )
        featurizer, classifier, rows = _fit_classifier(clean, known)
        return cls(featurizer, classifier, rows, known, confidence, offer, thresholds)

    def rank(self, texts: Sequence[str], keep: int = 10) -> list[Ranked]:
        """Topics for each text, best first."""
        found: list[Ranked] = []
        for start in range(0, len(texts), _BATCH):
            clean = [normalise(text) for text in texts[start : start + _BATCH]]
            rows = self.featurizer.transform(clean)
            scores = _probabilities(self.classifier, rows)
            nearest = _nearness(rows, self.examples, self.example_labels, self.classifier.classes_, scores)
            evidence = _evidence(scores, nearest, rows, self.classifier.classes_)
            confidence = self.confidence.predict_proba(evidence)[:, 1]
            offer = self.offer.predict_proba(evidence)[:, 1]
            for row, sure, maybe in zip(scores, confidence, offer):
                found.append(_ranked(row, self.classifier.classes_, float(sure), float(maybe), keep))
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


def _fit_classifier(texts: list[str], labels: Numbers) -> tuple[Featurizer, LogisticRegression, csr_matrix]:
    featurizer = Featurizer()
    rows = featurizer.fit_transform(texts)
    classifier = LogisticRegression(C=STRENGTH, solver="liblinear", multi_class="ovr", max_iter=200)
    classifier.fit(rows, labels)
    # Half the size in memory; the figures over tests/questions stayed the same.
    classifier.coef_ = classifier.coef_.astype(np.float32)
    return featurizer, classifier, rows


def _held_out(
    texts: list[str], labels: Numbers, small_talk: frozenset[str], seed: int
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Evidence and truth of each message, judged by a model that has not seen it."""
    evidence: list[Numbers] = []
    correct: list[Numbers] = []
    among: list[Numbers] = []
    outside: list[Numbers] = []
    chat: list[Numbers] = []
    smallest = int(np.unique(labels, return_counts=True)[1].min())
    folds = StratifiedKFold(n_splits=max(2, min(FOLDS, smallest)), shuffle=True, random_state=seed)
    for seen, unseen in folds.split(texts, labels):
        featurizer, classifier, known = _fit_classifier([texts[i] for i in seen], labels[seen])
        rows = featurizer.transform([texts[i] for i in unseen])
        scores = _probabilities(classifier, rows)
        nearest = _nearness(rows, known, labels[seen], classifier.classes_, scores)
        evidence.append(_evidence(scores, nearest, rows, classifier.classes_))
        order = np.argsort(-_without_outside(scores, classifier.classes_), axis=1)
        truth = labels[unseen]
        correct.append(classifier.classes_[order[:, 0]] == truth)
        among.append((classifier.classes_[order[:, :3]] == truth[:, None]).any(axis=1))
        outside.append(truth == OUT_OF_SCOPE)
        chat.append(np.isin(classifier.classes_[order[:, 0]], list(small_talk)))
    return (
        np.concatenate(evidence),
        np.concatenate(correct),
        np.concatenate(among),
        np.concatenate(outside),
        np.concatenate(chat),
    )


def _calibrate(evidence: Numbers, right: Numbers) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=500).fit(evidence, right)


def _probabilities(classifier: LogisticRegression, rows: csr_matrix) -> Numbers:
    probabilities: Numbers = 1.0 / (1.0 + np.exp(-classifier.decision_function(rows)))
    return probabilities


def _without_outside(scores: Numbers, classes: Numbers) -> Numbers:
    inside: Numbers = np.where(classes == OUT_OF_SCOPE, -1.0, scores)
    return inside


def _nearness(rows: csr_matrix, examples: csr_matrix, labels: Numbers, classes: Numbers, scores: Numbers) -> Numbers:
    """Cosine to the nearest example of the best topic, of any other topic, and of out_of_scope: shape (n, 3)."""
    near = np.asarray((rows @ examples.T).todense()) / (
        np.sqrt(np.asarray(examples.multiply(examples).sum(axis=1)).ravel())[None, :] + 1e-9
    )
    near /= np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))) + 1e-9
    best = classes[np.argmax(_without_outside(scores, classes), axis=1)]
    same = labels[None, :] == best[:, None]
    outside = labels[None, :] == OUT_OF_SCOPE
    return np.stack(
        [
            np.where(same, near, 0.0).max(axis=1),
            np.where(same | outside, 0.0, near).max(axis=1),
            np.where(outside, near, 0.0).max(axis=1),
        ],
        axis=1,
    )


def _evidence(scores: Numbers, nearest: Numbers, rows: csr_matrix, classes: Numbers) -> Numbers:
    """What confidence is judged by: logits of the best topics and of out_of_scope, nearness, and length."""
    inside = np.sort(_without_outside(scores, classes), axis=1)[:, ::-1][:, :4].clip(1e-6, 1 - 1e-6)
    logits = np.log(inside / (1 - inside))
    column = np.flatnonzero(classes == OUT_OF_SCOPE)
    outside = scores[:, column[0]] if len(column) else np.zeros(len(scores))
    outside = np.log(outside.clip(1e-6, 1 - 1e-6) / (1 - outside.clip(1e-6, 1 - 1e-6)))
    length = np.log1p(np.diff(rows.indptr))
    return np.column_stack(
        [
            logits[:, 0],
            logits[:, 0] - logits[:, 1],
            logits[:, 1] - logits[:, 2],
            logits[:, 0] - outside,
            outside,
            nearest,
            nearest[:, 0] - nearest[:, 2],
            length,
        ]
    )


def _ranked(row: Numbers, classes: Numbers, confidence: float, offer: float, keep: int) -> Ranked:
    order = [i for i in np.argsort(-row)[: keep + 1] if classes[i] != OUT_OF_SCOPE][:keep]
    # The best score shown is the calibrated one; the others keep their proportion to it.
    top = max(float(row[order[0]]), 1e-9)
    topics = tuple((str(classes[i]), round(min(1.0, confidence * float(row[i]) / top), 4)) for i in order)
    return Ranked(topics, confidence, offer)
