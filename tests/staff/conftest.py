"""The database and the moment that the staff tests run on."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from bot.learners.database import migrate, open_database
from bot.learners.records import TAIPEI
from bot.staff.accounts import Accounts
from bot.staff.passwords import Passwords


class Clock:
    """A moment that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)

    def __call__(self) -> datetime.datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += datetime.timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """Hashes that cost next to nothing."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def accounts(engine: Engine, passwords: Passwords, clock: Clock) -> Accounts:
    return Accounts(engine, passwords, clock)
