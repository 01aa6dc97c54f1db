"""What the page does while the network or the bot is away: nothing is lost, nothing comes twice."""

from __future__ import annotations

import urllib.request
from typing import Any

from browsing import ask, asked, has, idle, replies, write

MESSAGES = "**/webhooks/web/messages"
EVENTS = "**/webhooks/web/events*"


def test_messages_written_offline_go_out_once_and_in_order(page: Any) -> None:
    ask(page, "怎麼退選")
    page.context.set_offline(True)
    for text in ("第一題 忘記密碼", "第二題 客服電話", "第三題 怎麼印證書"):
        write(page, text)
    page.locator("#connection").wait_for()
    page.locator("[data-role=state]:visible").nth(2).wait_for()
    assert page.locator("[data-role=state]:visible").all_inner_texts() == ["待送出"] * 3

    page.context.set_offline(False)

    has(page, "li.bot", 5)
    idle(page)
    expected = ["怎麼退選", "第一題 忘記密碼", "第二題 客服電話", "第三題 怎麼印證書"]
    assert asked(page) == expected
    assert page.locator("#connection").is_hidden()
    page.reload()
    has(page, "li.bot", 5)
    assert asked(page) == expected


def test_messages_that_wait_survive_a_reload(page: Any) -> None:
    page.route(MESSAGES, lambda route: route.fulfill(status=503, body="down"))
    write(page, "怎麼退選")
    write(page, "客服電話")
    page.locator("[data-role=state]:visible").nth(1).wait_for()

    page.reload()
    has(page, "li.me", 2)
    page.unroute(MESSAGES)
    page.evaluate("dispatchEvent(new Event('online'))")

    has(page, "li.bot", 3)
    idle(page)
    assert asked(page) == ["怎麼退選", "客服電話"]
    assert "學習金幣" in replies(page)[0]


def test_a_message_whose_receipt_was_lost_is_answered_once(page: Any) -> None:
    lost: list[int] = []

    def lose_the_first(route: Any) -> None:
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.status)
            route.abort()

    page.route(MESSAGES, lose_the_first)
    write(page, "怎麼退選")
    has(page, "li.bot", 2)
    idle(page)
    ask(page, "客服電話")

    assert lost == [202]
    assert asked(page) == ["怎麼退選", "客服電話"]
    assert len(replies(page)) == 2


def test_a_stream_cut_in_the_middle_of_a_reply_loses_and_doubles_nothing(page: Any) -> None:
    cuts: list[bytes] = []

    def cut(route: Any) -> None:
        if len(cuts) == 2:
            route.continue_()
            return
        request = urllib.request.Request(route.request.url, headers=route.request.headers)
        with urllib.request.urlopen(request, timeout=20) as stream:
            got = b""
            while b"event: bot" not in got:
                got += stream.readline()
            got += stream.read(60)
        cuts.append(got)
        route.fulfill(status=200, content_type="text/event-stream", body=got)

    page.route(EVENTS, cut)
    write(page, "怎麼退選")
    has(page, "li.bot", 2)
    idle(page)

    assert len(cuts) == 2
    assert asked(page) == ["怎麼退選"]
    assert len(replies(page)) == 1
    assert "學習金幣" in replies(page)[0]
    assert "依據" in replies(page)[0]
    ask(page, "客服電話")
    assert len(replies(page)) == 2


def test_a_network_gone_and_back_while_the_bot_answers_shows_the_answer_once(page: Any) -> None:
    ask(page, "客服電話")
    write(page, "怎麼退選")
    has(page, ".me:is([data-state=sent], [data-state=taken])", 2)

    page.context.set_offline(True)
    page.wait_for_timeout(1500)
    page.context.set_offline(False)

    has(page, "li.bot", 3)
    idle(page)
    assert asked(page) == ["客服電話", "怎麼退選"]
    assert "學習金幣" in replies(page)[1]


def test_a_break_is_told_once_and_so_is_its_end(desktop: Any) -> None:
    ask(desktop, "怎麼退選")

    desktop.context.set_offline(True)
    desktop.locator("#connection").wait_for()
    desktop.wait_for_timeout(2500)
    said = desktop.locator("#announcer p").all_inner_texts()
    desktop.context.set_offline(False)
    desktop.locator("#connection").wait_for(state="hidden")

    assert sum("連線中斷" in text for text in said) == 1
    assert "已恢復連線" in desktop.locator("#announcer").inner_text()


def test_a_server_that_asks_for_patience_gets_the_message_later(desktop: Any) -> None:
    asked_to_wait: list[str] = []

    def slow_down_once(route: Any) -> None:
        if asked_to_wait:
            route.continue_()
            return
        asked_to_wait.append(route.request.post_data)
        route.fulfill(status=429, json={"error": "too many messages", "retry_after": 1}, headers={"Retry-After": "1"})

    desktop.route(MESSAGES, slow_down_once)
    write(desktop, "怎麼退選")
    desktop.locator("#notice", has_text="1 秒後會自動送出").wait_for()

    has(desktop, "li.bot", 2)
    idle(desktop)
    assert asked(desktop) == ["怎麼退選"]


def test_a_message_that_the_server_refuses_goes_back_into_the_field(desktop: Any) -> None:
    desktop.route(MESSAGES, lambda route: route.fulfill(status=400, json={"error": "no"}))
    write(desktop, "怎麼退選")
    desktop.locator("#notice", has_text="無法送出").wait_for()
    kept = desktop.input_value("#text")
    desktop.unroute(MESSAGES)

    assert kept == "怎麼退選"
    assert "學習金幣" in ask(desktop, "怎麼退選")


def test_a_ticket_that_the_server_does_not_know_begins_a_new_conversation(desktop: Any) -> None:
    ask(desktop, "怎麼退選")
    desktop.evaluate("localStorage.setItem('epark-ticket', 'x.y.z')")

    desktop.reload()
    desktop.locator("li.bot .chips button").first.wait_for()

    assert "客服" in ask(desktop, "客服電話")
    assert asked(desktop) == ["客服電話"]
