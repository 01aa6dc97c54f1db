"""The widget on a site of another origin."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, answered, ask, watched
from looks import violations

SITE = """<!doctype html><html lang="zh-Hant"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>學習平臺</title><link rel="icon" href="data:,">
<style>* {{ font-family: serif !important }} button {{ width: 9px !important; height: 9px !important }}</style>
<main><h1>學習平臺</h1><p style="height: 1200px">課程</p></main>
<script src="{base}/widget.js" async></script></html>"""
"""Its styles would ruin the widget if they reached it."""


@pytest.fixture(scope="module")
def site(server: Any) -> Iterator[str]:
    """The address of a site that EPARK_WEB_ORIGINS names."""
    body = SITE.format(base=server.base).encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", server.site_port), Site)
    Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.site_port}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def host(request: pytest.FixtureRequest, browser: Any, server: Any, site: str) -> Iterator[Any]:
    context = browser.new_context(viewport=request.param, locale="zh-TW", timezone_id="Asia/Taipei")
    page = context.new_page()
    with watched(page, server.base, site):
        page.goto(site + "/")
        page.locator(".launcher").wait_for()
        yield page
        context.close()


def chat_in(host: Any, server: Any) -> Any:
    host.frame_locator("iframe").locator("li.bot .chips button").first.wait_for()
    return next(frame for frame in host.frames if frame.url.startswith(server.base))


def test_two_taps_from_the_site_to_why_the_hours_are_missing(host: Any, server: Any) -> None:
    host.locator(".launcher").click()
    chat = chat_in(host, server)
    chat.locator("li.bot .chips button", has_text="時數沒上傳").click()

    assert "3 個工作天" in answered(chat, 1)


def test_nothing_is_loaded_of_the_chat_before_it_is_opened(host: Any) -> None:
    assert host.locator("iframe").count() == 0
    assert host.locator(".launcher").get_attribute("aria-label") == "開啟公務園小幫手"


def test_the_styles_of_the_site_do_not_reach_the_widget(host: Any) -> None:
    box = host.locator(".launcher").bounding_box()

    assert (box["width"], box["height"]) == (60, 60)


def test_the_open_chat_fills_a_phone_and_stands_beside_the_site_on_a_desktop(host: Any, server: Any) -> None:
    host.locator(".launcher").click()
    chat_in(host, server)
    host.wait_for_timeout(300)
    box = host.locator("iframe").bounding_box()
    width, height = host.viewport_size["width"], host.viewport_size["height"]

    if width == PHONE["width"]:
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, height)
    else:
        assert box["width"] == 400
        assert box["x"] + box["width"] <= width


def test_the_chat_closes_by_escape_and_the_launcher_has_the_focus_again(host: Any, server: Any) -> None:
    host.locator(".launcher").click()
    chat = chat_in(host, server)

    chat.locator("#text").press("Escape")

    host.locator(".panel").wait_for(state="hidden")
    assert host.evaluate("document.querySelector('epark-widget').shadowRoot.activeElement.className") == "launcher"


def test_who_writes_before_the_topics_are_there_is_answered(host: Any, server: Any) -> None:
    host.route("**/webhooks/web/index", lambda route: None)
    host.locator(".launcher").click()

    assert "學習金幣" in ask(chat_in(host, server), "怎麼退選")
    host.unroute_all(behavior="ignoreErrors")


def test_the_conversation_is_there_when_the_site_shows_another_of_its_pages(
    browser: Any, server: Any, site: str
) -> None:
    # Of the bot's own site by another port: a frame of a wholly foreign site may be denied storage by the browser.
    near = site.replace("localhost", "127.0.0.1")
    context = browser.new_context(viewport=DESKTOP)
    host = context.new_page()
    host.goto(near + "/")
    host.locator(".launcher").click()
    ask(chat_in(host, server), "怎麼退選")

    host.goto(near + "/another")
    host.locator(".launcher").click()

    chat_in(host, server).locator("li.me", has_text="怎麼退選").wait_for()
    context.close()


def test_where_the_browser_denies_storage_the_page_works_and_says_that_it_forgets(
    browser: Any, server: Any, site: str
) -> None:
    context = browser.new_context(viewport=DESKTOP)
    context.add_init_script(
        "if (window !== window.top) Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('denied', 'SecurityError'); }});"
    )
    host = context.new_page()
    host.goto(site + "/")
    host.locator(".launcher").click()
    chat = chat_in(host, server)

    assert "換頁之後會從新的對話開始" in chat.locator("[data-role=welcome]").inner_text()
    assert "學習金幣" in ask(chat, "怎麼退選")
    context.close()


def test_axe_finds_nothing_on_a_site_with_the_widget_closed_and_open(host: Any, server: Any) -> None:
    assert violations(host) == []

    host.locator(".launcher").click()
    ask(chat_in(host, server), "客服電話")

    assert violations(host) == []


def test_a_reply_to_a_closed_chat_is_counted_on_the_launcher(host: Any, server: Any) -> None:
    host.locator(".launcher").click()
    chat = chat_in(host, server)
    ask(chat, "客服電話")
    chat.fill("#text", "怎麼退選")
    # In one go, so that the answer comes after the closing.
    chat.evaluate(
        "() => { document.getElementById('form').requestSubmit(); document.getElementById('close').click(); }"
    )

    host.locator(".badge", has_text="1").wait_for()

    assert "有 1 則新回覆" in host.locator(".launcher").get_attribute("aria-label")
    host.evaluate("epark.open()")
    host.locator(".badge").wait_for(state="hidden")


def test_the_site_hands_over_its_learner(host: Any, server: Any) -> None:
    host.evaluate("token => { epark.signIn(token); epark.open(); }", server.learner_token("T0000000002"))
    chat = chat_in(host, server)
    chat.locator("#signed-in").wait_for()
    before = chat.locator("li.bot").count()

    # By its button: Escape, which closes suggestions, would close the whole chat where there are none.
    chat.fill("#text", "幫我看一下我的課過了沒")
    chat.click("#send")

    assert "評量區" in answered(chat, before)


def test_a_site_that_is_not_named_may_not_show_the_chat(browser: Any, server: Any, site: str) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(site.replace("localhost", "other.localhost"))
    page.locator(".launcher").click()
    page.wait_for_timeout(1500)

    assert page.frame_locator("iframe").locator("#text").count() == 0
    context.close()
