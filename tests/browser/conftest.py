"""A browser, and a chat page in it that lets nothing pass: no error of its own and no request to anybody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, watched


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
