"""Who the staff are, in the tests of the staff."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from clock import Clock
from sqlalchemy.engine import Engine

from bot.staff.accounts import Accounts
from bot.staff.passwords import Passwords


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """Hashes that cost next to nothing."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def accounts(engine: Engine, passwords: Passwords, clock: Clock) -> Accounts:
    return Accounts(engine, passwords, clock)
