"""The databases that the learner tests run on: SQLite always, PostgreSQL where there is one."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from bot.learners.database import migrate, open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; on PostgreSQL a schema of this test alone, gone with it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'epark.db'}"
        return
    server = os.environ.get("EPARK_TEST_POSTGRESQL")
    if not server:
        pytest.skip("EPARK_TEST_POSTGRESQL is not set: give it the URL of an empty PostgreSQL database")
    schema = f"test_{uuid.uuid4().hex}"
    admin = create_engine(server, future=True)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the learner tables, still without learners."""
    engine = open_database(database_url)
    migrate(engine)
    yield engine
    engine.dispose()
