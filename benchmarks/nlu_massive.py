"""The topic model's featurizer and network on Amazon MASSIVE zh-TW, beside Rasa's stock pipelines on the same data.

Run with `.venv/bin/python benchmarks/nlu_massive.py PATH/massive_zh-TW.json.gz [--per-class 10 50 0] [--seeds 0 1]
[--members 5] [--hidden 256] [--stock logistic diet]`; `--per-class 0` is all of the training part. The file is a
gzipped JSON list of {id, text, intent, partition}. Tuned on dev, reported on test; accuracies in per cent, the mean
over the seeds.

K questions a class are the first K of each class's distinct texts, in file order, shuffled by random.Random(seed).
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.features import Featurizer
from bot.nlu.model import NETWORKS
from bot.nlu.network import Network, softmax
from bot.nlu.normalise import normalise

Lines = list[dict[str, Any]]
Labelled = tuple[list[str], list[str]]

STOCK = {
    "logistic": [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "LogisticRegressionClassifier"},
    ],
    "diet": [
        {"name": "JiebaTokenizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "entity_recognition": False, "constrain_similarities": True},
    ],
}


def training_part(lines: Lines, per_class: int, seed: int) -> Labelled:
    """Texts and intents of the training part, at most so many a class (0: all)."""
    by_intent: dict[str, dict[str, None]] = {}
    for line in lines:
        if line["partition"] == "train":
            by_intent.setdefault(line["intent"], {}).setdefault(line["text"])
    texts, labels = [], []
    for intent, known in by_intent.items():
        chosen = list(known)
        if per_class:
            random.Random(seed).shuffle(chosen)
            chosen = chosen[:per_class]
        texts += chosen
        labels += [intent] * len(chosen)
    return texts, labels


def ours(members: int, hidden: int) -> Callable[[Labelled, Sequence[str]], list[str]]:
    """Train and label as the bot does; several networks with other seeds are averaged."""

    def run(training: Labelled, texts: Sequence[str]) -> list[str]:
        featurizer = Featurizer()
        rows = featurizer.fit_transform([normalise(text) for text in training[0]])
        classes, numbers = np.unique(np.asarray(training[1]), return_inverse=True)
        asked = featurizer.transform([normalise(text) for text in texts])
        shares = sum(
            softmax(Network.fit(rows, numbers, len(classes), seed, hidden).logits(asked)) for seed in range(members)
        )
        return [str(one) for one in classes[np.argmax(shares, axis=1)]]

    return run


def stock(pipeline: list[dict[str, Any]]) -> Callable[[Labelled, Sequence[str]], list[str]]:
    """Train a stock pipeline with Rasa itself and label with the model it writes."""

    def run(training: Labelled, texts: Sequence[str]) -> list[str]:
        import logging

        import structlog

        # Rasa would print every message that it reads.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu
        from ruamel.yaml import YAML

        with tempfile.TemporaryDirectory() as folder:
            room = Path(folder)
            by_intent: dict[str, list[str]] = {}
            for text, label in zip(*training):
                by_intent.setdefault(label, []).append(text)
            nlu = [
                {"intent": label, "examples": "".join(f"- {text}\n" for text in known)}
                for label, known in by_intent.items()
            ]
            YAML().dump({"version": "3.1", "nlu": nlu}, room / "nlu.yml")
            YAML().dump({"recipe": "default.v1", "language": "zh", "pipeline": pipeline}, room / "config.yml")
            model = train_nlu(str(room / "config.yml"), str(room / "nlu.yml"), output=folder)
            agent = Agent.load(model)

            async def label_all() -> list[str]:
                return [(await agent.parse_message(text))["intent"]["name"] for text in texts]

            return asyncio.run(label_all())

    return run


def main() -> None:
    """Print a table: system, questions a class, dev and test accuracy, seconds of training and labelling."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--per-class", type=int, nargs="+", default=[50, 0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--members", type=int, default=NETWORKS, help=f"networks to average (the bot has {NETWORKS})")
    parser.add_argument("--hidden", type=int, default=128, help="hidden units (the bot has 128)")
    parser.add_argument("--stock", nargs="*", default=[], choices=sorted(STOCK))
    options = parser.parse_args()
    lines: Lines = json.loads(gzip.decompress(options.data.read_bytes()))
    parts = {
        name: [(line["text"], line["intent"]) for line in lines if line["partition"] == name]
        for name in ("dev", "test")
    }
    asked = [text for part in parts.values() for text, _intent in part]
    systems = {f"epark ({options.members} × {options.hidden} units)": ours(options.members, options.hidden)}
    systems |= {f"rasa {name}": stock(STOCK[name]) for name in options.stock}
    print(f"{'system':<28}{'a class':>8}{'dev':>8}{'test':>8}{'seconds':>9}")
    for per_class in options.per_class:
        for name, system in systems.items():
            found, seconds = [], []
            for seed in options.seeds if per_class else options.seeds[:1]:
                begun = time.monotonic()
                said = system(training_part(lines, per_class, seed), asked)
                seconds.append(time.monotonic() - begun)
                right = [one == intent for one, (_text, intent) in zip(said, parts["dev"] + parts["test"])]
                found.append((np.mean(right[: len(parts["dev"])]), np.mean(right[len(parts["dev"]) :])))
            dev, test = 100 * np.mean(found, axis=0)
            print(f"{name:<28}{per_class or 'all':>8}{dev:8.2f}{test:8.2f}{np.mean(seconds):9.0f}", flush=True)


if __name__ == "__main__":
    main()
