"""Keeping libraries' start-up noise away."""

from __future__ import annotations

import pytest

from bot.commands.quiet import QUIET, be_quiet, quiet_environment


def test_child_processes_are_quiet_and_keep_the_rest_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EPARK_MODE", "demo")

    environment = quiet_environment()

    assert QUIET.items() <= environment.items()
    assert environment["EPARK_MODE"] == "demo"


def test_what_the_user_set_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")

    be_quiet()

    assert quiet_environment()["LOG_LEVEL"] == "DEBUG"
