"""Documentation that can fail: paths exist, and every command, setting, channel and action is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import _parser

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def paths_of(text: str) -> set[str]:
    """Paths written as code: with a slash or a known ending, without a placeholder."""
    found = set(re.findall(r"`([\w./-]+)`", text))
    return {one for one in found if "/" in one or re.search(r"\.(yml|md|toml|lock|example)$", one)}


@pytest.mark.parametrize("path", sorted(paths_of(README) | paths_of(CONTRIBUTING)))
def test_a_path_in_the_documentation_exists(path: str) -> None:
    made_later = {"models/", "var/", ".env", ".venv/", ".venv/bin/epark"}
    if path in made_later or path.startswith(("/", "http")):
        return

    assert (PROJECT / path).exists(), path


def commands() -> list[str]:
    found = []
    for action in _parser()._subparsers._group_actions:
        for name, parser in action.choices.items():
            nested = parser._subparsers
            if nested is None:
                found.append(name)
            else:
                found += [f"{name} {inner}" for one in nested._group_actions for inner in one.choices]
    return found


@pytest.mark.parametrize("command", commands())
def test_a_command_is_documented(command: str) -> None:
    assert f"epark {command}" in README


def test_every_setting_that_the_code_reads_is_in_the_example_and_nothing_else() -> None:
    code = (PROJECT / "bot" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.get\("([A-Z_]+)"\)', code))
    example = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

    assert read == example


@pytest.mark.parametrize("channel", sorted(path.stem for path in (PROJECT / "bot" / "channels").glob("*.py")))
def test_a_channel_is_documented(channel: str) -> None:
    source = (PROJECT / "bot" / "channels" / f"{channel}.py").read_text(encoding="utf-8")
    if "(InputChannel)" in source:
        assert f"bot/channels/{channel}.py" in README


def test_every_make_target_explains_itself() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))

    assert targets - explained <= {"help", "clean"}


def test_the_changelog_names_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"', (PROJECT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None

    assert version.group(1) in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
