"""The stand-ins of other folders, and a whole day's bot, for tests of everything together."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import empty_database

for _folder in ("cases", "channels/line", "console", "browser"):
    sys.path.append(str(Path(__file__).parent.parent / _folder))

MORNING = "2026-12-24 08:40"
"""A Thursday; the Friday after it is a public holiday."""


@pytest.fixture(scope="module")
def day(
    tmp_path_factory: pytest.TempPathFactory, project: Path, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[Any]:
    """A bot of this module alone, on PostgreSQL where there is one; no platform may have found fault with it."""
    from day import a_day

    folder = tmp_path_factory.mktemp("day")
    kind = "postgresql" if os.environ.get("EPARK_TEST_POSTGRESQL") else "sqlite"
    with empty_database(kind, folder) as url, a_day(folder, url, project, unused_tcp_port_factory, MORNING) as day:
        yield day
        assert day.line.faults == [] and day.telegram.wrong == []
