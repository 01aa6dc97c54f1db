"""axe-core finds nothing on the page in any of its states; and what axe cannot see: focus, names, announcements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, answered, ask, choose, deliver, opened, unfold, write
from looks import violations_in_every_look


def _chatting(page: Any) -> None:
    ask(page, "怎麼退選")
    ask(page, "忘記密碼")
    unfold(page)


def _suggestions(page: Any) -> None:
    page.fill("#text", "時數")
    page.press("#text", "ArrowDown")


def _contact(page: Any) -> None:
    ask(page, "客服電話")
    ask(page, "我的e政府電話幾號")
    unfold(page)


def _file_alone(page: Any) -> None:
    page.set_input_files("#file", [{"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 a"}])
    page.locator("#attachments [data-state=ready]").wait_for()
    page.click("#send")
    answered(page, 1)
    page.set_input_files("#file", [{"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 b"}])
    page.locator("#attachments [data-state=ready]").wait_for()


def _error(page: Any) -> None:
    page.set_input_files("#file", [{"name": "a.exe", "mimeType": "x/y", "buffer": b"MZ"}])
    page.locator("#notice").wait_for()


def _offline(page: Any) -> None:
    ask(page, "怎麼退選")
    page.context.set_offline(True)
    write(page, "客服電話")
    page.locator("#connection").wait_for()
    page.locator("[data-role=state]:visible").wait_for()


def _reasons(page: Any) -> None:
    ask(page, "怎麼退選")
    page.locator("[data-role=unhelpful]").last.click()
    page.locator("[data-reason=wrong]").last.click()


def _menu(page: Any) -> None:
    ask(page, "怎麼退選")
    page.click("#menu-button")


def _dialog(page: Any) -> None:
    choose(page, "#delete")


STATES: dict[str, Callable[[Any], None]] = {
    "empty": lambda page: None,
    "chatting": _chatting,
    "suggestions": _suggestions,
    "guide": lambda page: ask(page, "一步步帶我註冊我的e政府") and None,
    "contact": _contact,
    "file alone": _file_alone,
    "error": _error,
    "offline": _offline,
    "reasons": _reasons,
    "menu": _menu,
    "dialog": _dialog,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_on_the_page(browser: Any, server: Any, state: str) -> None:
    with opened(browser, server, DESKTOP) as page:
        STATES[state](page)

        assert violations_in_every_look(page) == []


def test_axe_finds_nothing_where_a_learner_is_diagnosed(browser: Any, server: Any) -> None:
    with opened(browser, server, DESKTOP, server.learner_token("T0000000002")) as page:
        page.locator("#signed-in").wait_for()
        for question in ("幫我看一下我的課過了沒", "我今年上了幾小時", "幫我查我的環教時數上傳了沒"):
            ask(page, question)
        unfold(page)

        assert violations_in_every_look(page) == []


def test_axe_finds_nothing_where_the_help_desk_speaks(browser: Any, server: Any) -> None:
    with opened(browser, server, DESKTOP) as page:
        ask(page, "怎麼退選")
        case = {"type": "case", "case_id": "2611-0042", "desk": "platform"}
        states = ("open", "waiting", "resolved", "closed")
        said = [{"text": "案件的情形：", "custom": {**case, "status": one}} for one in states]
        deliver(page, server, {"text": "您好，我來處理。", "custom": {"type": "agent"}}, *said)
        page.locator("[data-role=case]").nth(3).wait_for()

        assert violations_in_every_look(page) == []


def test_the_keyboard_reaches_the_field_by_the_first_link(browser: Any, server: Any) -> None:
    with opened(browser, server, DESKTOP) as page:
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"

        page.keyboard.press("Enter")

        assert page.evaluate("document.activeElement.id") == "text"


def test_a_reply_is_announced_once_and_history_is_not(browser: Any, server: Any) -> None:
    with opened(browser, server, DESKTOP) as page:
        ask(page, "怎麼退選")
        said = page.locator("#announcer p").all_inner_texts()
        assert sum("學習金幣" in text for text in said) == 1

        page.reload()
        page.locator("li.me").wait_for()
        page.locator("#log[data-live]").wait_for()

        assert page.locator("#announcer").inner_text().strip() == ""


def test_the_open_menu_hides_what_it_covers_and_gives_it_back(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE) as page:
        page.click("#menu-button")
        assert page.evaluate("document.querySelector('#scroller').inert && document.querySelector('.bottom').inert")

        page.keyboard.press("Escape")

        assert not page.evaluate("document.querySelector('#scroller').inert || document.querySelector('.bottom').inert")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_has_to_be_scrolled_sideways_and_everything_is_large_enough_to_tap(
    browser: Any, server: Any, width: int
) -> None:
    with opened(browser, server, {"width": width, "height": 700}) as page:
        for question in ("忘記密碼", "客服電話", "一步步帶我註冊我的e政府"):
            ask(page, question)
        unfold(page)

        small = page.evaluate(
            "() => [...document.querySelectorAll('button, summary, a.way, textarea')].filter((one) =>"
            " one.getClientRects().length).map((one) => [one.outerHTML.slice(0, 90),"
            " one.getBoundingClientRect().height]).filter(([, height]) => height < 43.9)"
        )

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(
            "(() => { const s = document.getElementById('scroller'); return s.scrollWidth <= s.clientWidth; })()"
        )
        assert small == []
