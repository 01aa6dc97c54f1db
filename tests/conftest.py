"""What every test may ask for, and which tests are the quick ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.commands.quiet import be_quiet
from bot.knowledge.load import load
from bot.knowledge.models import Knowledge

be_quiet()

PROJECT = Path(__file__).parent.parent
SLOW_ROOMS = {"browser", "conversations", "model", "serve"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        room = item.path.relative_to(PROJECT / "tests").parts[0]
        if room not in SLOW_ROOMS:
            item.add_marker(pytest.mark.unit)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI nothing may be skipped: a skip there is a failure that says what is missing."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("EPARK_TEST_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped although nothing may be skipped here: {report.longrepr}"


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def kb_dir(project: Path) -> Path:
    return project / "kb"


@pytest.fixture(scope="session")
def knowledge(kb_dir: Path) -> Knowledge:
    return load(kb_dir)
