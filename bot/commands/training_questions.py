"""The training questions as they stand in bot/data/nlu."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class TrainingError(ValueError):
    """Raised for a training file that cannot be read, with what is wrong but without its name."""


def training_files(project: Path) -> list[Path]:
    """All files of training questions, in order."""
    return sorted((project / "bot" / "data" / "nlu").rglob("*.yml"))


def read_training(path: Path) -> list[tuple[str, str]]:
    """Topic and text of each question in a file; raises TrainingError."""
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return [
            (str(entry["intent"]).removeprefix("faq/"), line[2:].strip())
            for entry in data["nlu"]
            for line in str(entry["examples"]).splitlines()
            if line.startswith("- ")
        ]
    except (YAMLError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise TrainingError(f"{type(error).__name__}: {str(error).splitlines()[0]}") from error
