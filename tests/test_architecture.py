"""Arrows point inward: who may import whom, where Chinese may stand, and what must not be in the tree."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
BOT = PROJECT / "bot"

INNER = {
    "knowledge": set(),
    "desks": set(),
    "privacy": set(),
    "learners": {"knowledge", "desks", "privacy"},
    "queues": {"learners", "privacy"},
    "guides": {"knowledge", "desks", "privacy", "learners"},
    "dialogue": {"knowledge", "guides"},
    "cases": {"knowledge", "desks", "privacy", "learners", "queues", "dialogue", "guides"},
    "staff": {"learners"},
    "triage": {"knowledge", "desks", "privacy"},
    "journal": {"learners"},
    "editing": {"knowledge", "learners"},
    "learning": {"knowledge", "learners", "journal"},
    "figures": {"knowledge", "desks", "learners", "cases", "journal"},
}
"""The rooms of facts and rules, and the rooms of ours that each may import."""
OUTER = {"nlu", "speech", "actions", "channels", "stores", "console"}
"""Rooms on top: they import inner rooms and settings, never each other."""
RASA_FREE = set(INNER)
CHINESE_IN_PYTHON = {
    "bot/dialogue/follow_up.py",  # how people go on from an answer
    "bot/dialogue/clauses.py",  # how people negate, join and set aside
    "bot/guides/dates.py",  # how people write days
    "bot/guides/numerals.py",  # numerals
    "bot/learners/diagnosis.py",  # the exact course category that the contract names
    "bot/learners/summary.py",  # the exact course categories that the contract names
    "bot/nlu/days.py",  # how people write months and years
    "bot/nlu/durations.py",  # how people write durations
    "bot/nlu/squeeze.py",  # signs left out of titles
    "bot/nlu/titles.py",  # signs that frame a title
    "bot/nlu/months.py",  # how people write months and years
    "bot/nlu/tense.py",  # words of what is to come
    "bot/nlu/normalise.py",  # spellings that are brought to one
    "bot/triage/named_course.py",  # how people name a course
    "bot/triage/own_words.py",  # how mail programs quote and how people sign
    "bot/privacy/redact.py",  # words before a password, and the labels put in place of what was taken out
}
CJK = re.compile(r"[\u3400-\u9fff]")


def modules() -> list[Path]:
    return sorted(path for path in BOT.rglob("*.py") if "versions" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module


def room(path: Path) -> str:
    return path.relative_to(BOT).parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_a_module_imports_only_rooms_that_it_may(path: Path) -> None:
    here = room(path)
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("bot.")} - {here}

    if here in INNER:
        assert ours <= INNER[here]
    elif here in OUTER:
        assert ours <= set(INNER) | {"settings"}
    elif here == "settings.py":
        assert not ours


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_facts_and_rules_know_nothing_of_rasa(path: Path) -> None:
    if room(path) in RASA_FREE:
        assert not [name for name in imports(path) if name.split(".")[0] in ("rasa", "rasa_sdk", "tensorflow")]


def test_actions_never_import_rasa_itself() -> None:
    for path in (BOT / "actions").glob("*.py"):
        assert "rasa" not in {name.split(".")[0] for name in imports(path)}, path


def test_the_package_root_stays_empty() -> None:
    assert (BOT / "__init__.py").read_text() == ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_no_chinese_for_people_stands_in_python(path: Path) -> None:
    where = path.relative_to(PROJECT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and CJK.search(node.value)
    ]

    assert bool(found) == (where in CHINESE_IN_PYTHON), found


def test_modules_stay_small() -> None:
    long = {
        path.relative_to(PROJECT).as_posix(): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 260
    }

    assert not long


def test_nothing_built_or_secret_is_tracked() -> None:
    done = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this copy is no git checkout, so what is tracked cannot be known")

    bad = [
        name
        for name in done.stdout.splitlines()
        if re.search(
            r"(^|/)(models|var|\.rasa|\.venv|__pycache__)/|\.(db|sqlite3?|tar\.gz|joblib|key)$|(^|/)\.env$", name
        )
    ]

    assert not bad
