"""A console as people reach it: its own process, its own database, and people who may sign in."""

from __future__ import annotations

import os
import shutil
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for this module: while it runs, Playwright keeps an event loop that other tests would trip over."""
    path = os.environ.get("EPARK_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium found: install Debian's chromium, or name one in EPARK_TEST_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        # Root in a container has no user namespaces for Chromium's own sandbox.
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        yield browser
        browser.close()
