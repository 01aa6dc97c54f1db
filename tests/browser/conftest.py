"""A browser, and a chat page in it that lets nothing pass: no error of its own and no request to anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, opened


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Any, server: Any) -> Iterator[Any]:
    """A fresh visitor's page, at the size of a phone and of a desktop."""
    with opened(browser, server, request.param) as page:
        yield page


@pytest.fixture
def desktop(browser: Any, server: Any) -> Iterator[Any]:
    """The same at one size, for what no size changes."""
    with opened(browser, server, DESKTOP) as page:
        yield page
