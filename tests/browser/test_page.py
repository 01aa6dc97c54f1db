"""The chat page in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1100, "height": 800}


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
    context = browser.new_context(viewport=request.param)
    page = context.new_page()
    problems: list[str] = []
    foreign: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if _our_error(message) else None)
    page.on("request", lambda one: foreign.append(one.url) if not one.url.startswith(server.base) else None)
    page.goto(server.base + "/")
    yield page
    context.close()
    assert not foreign, f"the page asked elsewhere: {foreign}"
    assert not problems, problems


def _our_error(message: Any) -> bool:
    """An error on the console that is not the browser's own report of a status that a test made up."""
    return message.type == "error" and "status of 503" not in message.text


def ask(page: Any, text: str) -> str:
    before = page.locator("li.bot").count()
    page.fill("#text", text)
    page.press("#text", "Enter")
    page.wait_for_function(
        "before => document.querySelectorAll('li.bot').length > before && document.getElementById('typing').hidden",
        arg=before,
    )
    return str(page.locator("li.bot").last.inner_text())


def test_the_everyday_questions_are_answered_on_the_page(page: Any) -> None:
    assert "無法代查" in ask(page, "忘記密碼")
    assert "3 個工作天" in ask(page, "時數沒上傳")
    assert "學習金幣" in ask(page, "怎麼退選")
    assert "醫事人員" in ask(page, "有沒有醫事積分")
    assert "依據" in page.locator("li.bot").last.inner_text()


def test_an_empty_chat_offers_questions_that_a_tap_asks(page: Any) -> None:
    page.locator("li.bot .chips button").first.click()

    page.wait_for_function("() => document.querySelectorAll('li.bot').length > 1")

    assert page.locator("li.me").count() == 1
    assert "無法代查" in page.locator("li.bot").last.inner_text()


def test_a_suggestion_is_chosen_by_its_button(page: Any) -> None:
    ask(page, "憑證怎麼用")
    chips = page.locator("li.bot").last.locator(".chips button")
    assert chips.last.inner_text() == "都不是"
    before = page.locator("li.bot").count()

    chips.first.click()

    page.wait_for_function("before => document.querySelectorAll('li.bot').length > before", arg=before)
    assert "依據" in page.locator("li.bot").last.inner_text()


def test_markup_in_a_message_is_shown_and_not_run(page: Any) -> None:
    ask(page, "<img src=x onerror=alert(1)> 怎麼退選")

    assert page.locator("li.me img").count() == 0
    assert "<img" in page.locator("li.me").last.inner_text()


def test_enter_that_chooses_a_word_while_composing_does_not_send(page: Any) -> None:
    page.fill("#text", "ㄨㄤˋ")

    page.evaluate(
        "document.getElementById('text').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )

    assert page.locator("li.me").count() == 0
    assert page.input_value("#text") == "ㄨㄤˋ"


def test_a_message_that_could_not_be_sent_is_not_lost(page: Any) -> None:
    page.route("**/webhooks/web/messages", lambda route: route.fulfill(status=503, body="down"))
    page.fill("#text", "怎麼退選")
    page.press("#text", "Enter")
    page.wait_for_selector("li.problem")

    kept = page.input_value("#text")
    page.unroute("**/webhooks/web/messages")

    assert kept == "怎麼退選"
    assert "退選" in ask(page, "怎麼退選")


def test_a_signed_in_learner_sees_it_and_can_sign_out(page: Any, server: Any) -> None:
    page.goto("about:blank")
    page.goto(f"{server.base}/#token={server.learner_token('T0000000002')}")
    assert "token" not in page.url

    told = ask(page, "幫我看一下我的課過了沒")
    page.click("#sign-out")
    anonymous = ask(page, "幫我看一下我的課過了沒")

    assert "評量區" in page.locator("li.bot").nth(1).inner_text() + told
    assert "確認您的身分" in anonymous
    assert page.locator("#signed-in").is_hidden()
