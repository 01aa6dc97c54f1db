"""Empty databases for tests, one of each kind that the bot runs on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, sqlite or postgresql; the latter in a schema of its own, skipped where none is."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'epark.db'}"
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
