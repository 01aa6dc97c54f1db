"""A console as people reach it: its own process, its own database, and people who may sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from counter import Counter, draft, opened_counter
from databases import empty_database


@pytest.fixture(scope="module")
def counter(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    project: Path,
    unused_tcp_port_factory: Callable[[], int],
) -> Iterator[Counter]:
    """The console with six people of all roles and the demo learners, still without cases; on SQLite or as asked."""
    folder = tmp_path_factory.mktemp("console")
    with empty_database(getattr(request, "param", "sqlite"), folder) as url:
        with opened_counter(url, folder, project, unused_tcp_port_factory()) as place:
            yield place


@pytest.fixture
def killable(tmp_path: Path, project: Path, unused_tcp_port_factory: Callable[[], int]) -> Iterator[Counter]:
    """A console of this test alone."""
    url = f"sqlite:///{tmp_path / 'epark.db'}"
    with opened_counter(url, tmp_path, project, unused_tcp_port_factory()) as place:
        yield place


@pytest.fixture
def case(counter: Counter) -> Any:
    """A new case of the platform's from LINE, of a learner whose hours are overdue."""
    return counter.cases.open(draft(learner_id="T0000000004"))
