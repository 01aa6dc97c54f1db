"""A browser, and a chat page in it that lets nothing pass: no error of its own and no request to anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, watched


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Any, server: Any) -> Iterator[Any]:
    """A fresh visitor's page, at the size of a phone and of a desktop."""
    context = browser.new_context(viewport=request.param, locale="zh-TW", timezone_id="Asia/Taipei")
    page = context.new_page()
    with watched(page, server.base):
        page.goto(server.base + "/")
        page.locator("li.bot .chips button").first.wait_for()
        yield page
        context.close()


@pytest.fixture
def desktop(browser: Any, server: Any) -> Iterator[Any]:
    """The same at one size, for what no size changes."""
    context = browser.new_context(viewport=DESKTOP, locale="zh-TW", timezone_id="Asia/Taipei")
    page = context.new_page()
    with watched(page, server.base):
        page.goto(server.base + "/")
        page.locator("li.bot .chips button").first.wait_for()
        yield page
        context.close()
