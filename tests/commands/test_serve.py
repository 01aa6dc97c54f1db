"""`epark serve`: what it does before any server starts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import serve as module
from bot.commands.serve import Ports, serve
from bot.learners.database import open_database
from bot.learners.store import find_learner
from bot.settings import Settings


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that something else listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("taken", "option"), [("bot", "--port"), ("actions", "--actions-port"), ("console", "--console-port")]
)
def test_a_busy_port_is_named_with_the_option_that_changes_it_and_nothing_is_started(
    taken: str, option: str, busy: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path / "var"), "EPARK_TOKEN_KEY": "k"})
    ports = {"bot": free_port(), "actions": free_port(), "console": free_port(), taken: busy}

    status = serve(settings, "127.0.0.1", Ports(**ports))

    said = capsys.readouterr().err
    assert status == 1
    assert str(busy) in said and f" {option}." in said
    assert not (tmp_path / "var" / "epark.db").exists()


def test_the_demo_has_learners_and_again_the_same_ones(tmp_path: Path) -> None:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path)})

    for _ in range(2):
        module._prepare_database(settings)

    assert find_learner(open_database(settings.database_url), "T0000000001") is not None


def test_production_begins_without_demo_learners(tmp_path: Path) -> None:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_MODE": "production", "EPARK_TOKEN_KEY": "k"})

    module._prepare_database(settings)

    assert find_learner(open_database(settings.database_url), "T0000000001") is None


def test_what_listens_on_every_address_is_reached_on_this_machine() -> None:
    assert module._reachable("0.0.0.0") == "127.0.0.1"
    assert module._reachable("192.0.2.7") == "192.0.2.7"


def test_a_server_that_is_not_there_does_not_answer() -> None:
    assert not module._answers(f"http://127.0.0.1:{free_port()}/")
