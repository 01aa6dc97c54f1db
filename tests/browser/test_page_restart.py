"""The bot ends and comes back under an open page."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import PHONE, ask, asked, has, idle, replies, watched, write

AGAIN_MS = 120_000
"""For a bot that loads its model anew on a busy machine."""


@pytest.fixture
def page(browser: Any, process: Any) -> Iterator[Any]:
    """A page of a bot of its own."""
    base = process.start()
    context = browser.new_context(viewport=PHONE, locale="zh-TW", timezone_id="Asia/Taipei")
    page = context.new_page()
    page.set_default_timeout(AGAIN_MS)
    with watched(page, base):
        page.goto(base + "/")
        page.locator("li.bot .chips button").first.wait_for()
        yield page
        context.close()


def test_what_is_written_while_the_bot_is_away_goes_out_in_order_once_it_is_back(page: Any, process: Any) -> None:
    ask(page, "怎麼退選")
    # The bot dies somewhere between taking this in and answering it.
    write(page, "忘記密碼")
    process.stop(signal.SIGKILL)
    page.locator("#connection", has_text="連線中斷").wait_for()
    for text in ("客服電話", "怎麼印證書"):
        write(page, text)
    page.fill("#text", "打到一半的")
    page.locator("[data-role=state]:visible", has_text="待送出").nth(1).wait_for()

    process.start()

    has(page, "li.bot", 5)
    idle(page)
    expected = ["怎麼退選", "忘記密碼", "客服電話", "怎麼印證書"]
    assert asked(page) == expected
    assert page.locator("#connection").is_hidden()
    assert page.input_value("#text") == "打到一半的"
    told = replies(page)
    assert "學習金幣" in told[0] and "無法代查" in told[1] and "客服" in told[2]
    page.reload()
    has(page, "li.bot", 5)
    assert (asked(page), replies(page)) == (expected, told)
