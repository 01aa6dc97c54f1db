"""Which trained model fits the data on disk, and where it is."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import joblib

from bot.nlu.model import TopicModel
from bot.settings import Settings

SHAPING_PACKAGES = ("rasa", "scikit-learn", "numpy", "pypinyin", "opencc")


class NoModelError(Exception):
    """Raised where no trained model fits the data on disk."""


def fingerprint(settings: Settings) -> str:
    """A short name of everything that a model depends on: data, config, domain, our own NLU code, libraries."""
    digest = hashlib.sha256()
    for path in _inputs(settings.project):
        digest.update(path.relative_to(settings.project).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for package in SHAPING_PACKAGES:
        digest.update(f"{package}=={version(package)}".encode())
    return digest.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Where the model that fits the data is, or would be."""
    return settings.models_dir / f"epark-{fingerprint(settings)}.tar.gz"


def fitting_model(settings: Settings) -> Path:
    """The model that fits the data; raises NoModelError where it has not been trained yet."""
    path = model_path(settings)
    if not path.is_file():
        raise NoModelError("no model fits the data on disk: run `epark train` (or `make run`, which does it)")
    return path


def load_topic_model(path: Path) -> TopicModel:
    """The topic model out of a Rasa model archive, without loading Rasa."""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.endswith("/topics.joblib"):
                file = archive.extractfile(member)
                assert file is not None
                model = joblib.load(io.BytesIO(file.read()))
                assert isinstance(model, TopicModel)
                return model
    raise NoModelError(f"{path} holds no topic model: train again with `epark train`")


def _inputs(project: Path) -> Iterator[Path]:
    yield from (project / name for name in ("config.yml", "domain.yml"))
    yield from sorted((project / "bot" / "data").rglob("*.yml"))
    yield from sorted((project / "bot" / "nlu").rglob("*.py"))
    yield from sorted((project / "bot" / "dialogue").glob("clauses.py"))
    yield from sorted((project / "bot" / "nlu").rglob("*.tsv"))
