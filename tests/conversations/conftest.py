"""The trained bot in one process, with the demo learners in a database of its own."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.model_file import model_path
from bot.desks.hours import TAIPEI
from bot.learners.database import migrate, open_database
from bot.learners.demo import demo_learners
from bot.learners.store import replace_learners
from bot.settings import Settings


class Clock:
    """The moment that the bot believes it is; a conversation may set it."""

    def __init__(self) -> None:
        self.now: datetime.datetime | None = None

    def __call__(self) -> datetime.datetime:
        return self.now or datetime.datetime.now(TAIPEI)


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = f"sqlite:///{tmp_path_factory.mktemp('conversations') / 'epark.db'}"
    settings = Settings.from_env()
    engine = open_database(settings.database_url)
    migrate(engine)
    with engine.begin() as connection:
        replace_learners(connection, list(demo_learners(datetime.datetime.now(TAIPEI).date())))
    yield settings
    if before is None:
        del os.environ["DATABASE_URL"]
    else:
        os.environ["DATABASE_URL"] = before


@pytest.fixture(scope="session")
def model(settings: Settings) -> Path:
    path = model_path(settings)
    if not path.is_file():
        subprocess.run([sys.executable, "-m", "bot.cli", "train"], check=True)
    return path


@pytest.fixture(scope="session")
def bot(settings: Settings, model: Path, clock: Clock):
    from bot.commands.in_process import InProcessBot
    from bot.commands.quiet import quiet_logs

    quiet_logs()
    return InProcessBot(settings, model, clock)
