"""The database that the learner tests run on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from bot.learners.database import migrate, open_database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the learner tables, still without learners."""
    engine = open_database(database_url)
    migrate(engine)
    yield engine
    engine.dispose()
