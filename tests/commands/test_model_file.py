"""Which trained model fits the data on disk."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import joblib
import pytest

from bot.commands.model_file import NoModelError, fingerprint, fitting_model, load_topic_model, model_path
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small project of its own."""
    for name, text in {
        "config.yml": "pipeline: []",
        "domain.yml": "intents: []",
        "bot/data/nlu/hours.yml": "nlu: []",
        "bot/data/rules/rules.yml": "rules: []",
        "bot/nlu/model.py": "pass",
        "README.md": "read me",
        "kb/phrases.yml": "a: b",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Settings.from_env({"EPARK_HOME": str(tmp_path)})


def archive(path: Path, name: str, content: object) -> Path:
    """A Rasa model archive with one file."""
    packed = io.BytesIO()
    joblib.dump(content, packed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as file:
        member = tarfile.TarInfo(name)
        member.size = len(packed.getvalue())
        file.addfile(member, io.BytesIO(packed.getvalue()))
    return path


def test_the_fingerprint_stays_while_the_data_stays(settings: Settings) -> None:
    assert fingerprint(settings) == fingerprint(settings)
    assert len(fingerprint(settings)) == 16


@pytest.mark.parametrize(
    "name", ["config.yml", "domain.yml", "bot/data/nlu/hours.yml", "bot/data/rules/rules.yml", "bot/nlu/model.py"]
)
def test_the_fingerprint_changes_with_everything_that_a_model_depends_on(name: str, settings: Settings) -> None:
    before = fingerprint(settings)

    (settings.project / name).write_text("changed")

    assert fingerprint(settings) != before


def test_the_fingerprint_changes_when_training_data_is_added_or_renamed(settings: Settings) -> None:
    before = fingerprint(settings)

    (settings.project / "bot/data/nlu/hours.yml").rename(settings.project / "bot/data/nlu/later.yml")
    renamed = fingerprint(settings)
    (settings.project / "bot/data/nlu/new.yml").touch()

    assert len({before, renamed, fingerprint(settings)}) == 3


@pytest.mark.parametrize("name", ["README.md", "kb/phrases.yml"])
def test_words_change_without_a_new_model(name: str, settings: Settings) -> None:
    before = fingerprint(settings)

    (settings.project / name).write_text("changed")

    assert fingerprint(settings) == before


def test_a_model_that_fits_is_found_by_its_name(settings: Settings) -> None:
    path = model_path(settings)
    path.parent.mkdir()
    path.touch()

    assert fitting_model(settings) == path
    assert path.parent == settings.models_dir


def test_a_model_of_other_data_is_none_and_the_way_to_train_is_said(settings: Settings) -> None:
    settings.models_dir.mkdir()
    (settings.models_dir / "epark-0000000000000000.tar.gz").touch()

    with pytest.raises(NoModelError, match="epark train"):
        fitting_model(settings)


def test_an_archive_without_a_topic_model_is_none(tmp_path: Path) -> None:
    path = archive(tmp_path / "epark.tar.gz", "components/something_else", {})

    with pytest.raises(NoModelError, match="holds no topic model"):
        load_topic_model(path)
