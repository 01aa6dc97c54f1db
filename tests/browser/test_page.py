"""The chat page in a real browser: asking, choosing, the conversation as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import DESKTOP, answered, ask, asked, choose, has, idle, replies, watched, write


def test_the_everyday_questions_are_answered_on_the_page(page: Any) -> None:
    assert "無法代查" in ask(page, "忘記密碼")
    assert "3 個工作天" in ask(page, "時數沒上傳")
    assert "學習金幣" in ask(page, "怎麼退選")
    assert "醫事人員" in ask(page, "有沒有醫事積分")
    assert "依據" in page.locator("li.bot").last.inner_text()


def test_one_tap_on_an_empty_chat_says_why_the_hours_are_missing(page: Any) -> None:
    page.locator("li.bot .chips button", has_text="時數沒上傳").click()

    assert "3 個工作天" in answered(page, 1)
    assert asked(page) == ["時數沒上傳"]


def test_one_sentence_on_a_phone_says_why_the_hours_are_missing(page: Any) -> None:
    page.click("#text")
    page.keyboard.insert_text("課都上完了，為什麼時數沒上傳")
    page.click("#send")

    assert "3 個工作天" in answered(page, 1)


def test_a_suggestion_is_chosen_by_its_button(page: Any) -> None:
    ask(page, "帳號方面的問題想請教")
    chips = page.locator("li.bot").last.locator(".chips button")
    assert "都不是" in chips.all_inner_texts()
    before = page.locator("li.bot").count()

    chips.first.click()

    assert "依據" in answered(page, before)


def test_enter_that_chooses_a_word_while_composing_does_not_send(page: Any) -> None:
    page.fill("#text", "ㄨㄤˋ")

    page.evaluate(
        "document.getElementById('text').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )

    assert page.locator("li.me").count() == 0
    assert page.input_value("#text") == "ㄨㄤˋ"


def test_shift_and_enter_begin_a_new_line(desktop: Any) -> None:
    desktop.click("#text")
    desktop.keyboard.type("第一行")
    desktop.keyboard.press("Shift+Enter")
    desktop.keyboard.type("第二行")

    assert desktop.input_value("#text") == "第一行\n第二行"
    assert asked(desktop) == []


def test_topics_are_suggested_while_typing_and_chosen_by_keyboard(page: Any) -> None:
    page.fill("#text", "退選")
    page.press("#text", "ArrowDown")
    chosen = page.locator("#" + page.get_attribute("#text", "aria-activedescendant"))
    title = chosen.inner_text()
    assert chosen.get_attribute("aria-selected") == "true"

    page.press("#text", "Enter")

    assert "退選" in answered(page, 1)
    assert asked(page) == [title]
    assert page.locator("#suggestions").is_hidden()
    assert page.input_value("#text") == ""


def test_a_suggested_topic_is_chosen_by_a_tap_and_the_field_keeps_the_focus(page: Any) -> None:
    page.fill("#text", "退選")
    option = page.locator("[role=option]").first
    title = option.inner_text()

    option.click()

    answered(page, 1)
    assert asked(page) == [title]
    assert page.evaluate("document.activeElement.id") == "text"


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(desktop: Any) -> None:
    desktop.fill("#text", "退選")
    desktop.locator("#suggestions").wait_for()

    desktop.press("#text", "Escape")

    assert desktop.locator("#suggestions").is_hidden()
    assert desktop.input_value("#text") == "退選"


def test_who_types_before_the_topics_are_there_gets_them_when_they_come(browser: Any, server: Any) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    held: list[Any] = []
    page.route("**/webhooks/web/index", lambda route: held.append(route))
    with watched(page, server.base), page.expect_request("**/webhooks/web/index"):
        page.goto(server.base + "/")
    page.fill("#text", "退選")
    assert page.locator("#suggestions").is_hidden()

    held[0].continue_()

    page.locator("#suggestions [role=option]", has_text="退選").first.wait_for()
    context.close()


@pytest.mark.parametrize(
    "message",
    [
        "<img src=x onerror=alert(1)> 怎麼退選",
        "<script>document.title='x'</script> 怎麼退選",
        "<b>怎麼退選</b> &amp; {{1}}",
    ],
)
def test_markup_in_a_message_is_shown_and_not_run(desktop: Any, message: str) -> None:
    title = desktop.title()

    ask(desktop, message)

    assert desktop.locator("#log :is(li.me, li.bot) :is(img, script, b)").count() == 0
    assert asked(desktop) == [message]
    assert desktop.title() == title


def test_marks_that_turn_the_writing_round_turn_nothing_beside_the_message(desktop: Any) -> None:
    ask(desktop, "怎麼退選 \u202egnp.exe\u2067 abc")

    assert desktop.locator("li.me bdi").evaluate("node => getComputedStyle(node).unicodeBidi") == "isolate"
    assert "\u202e" not in "".join(replies(desktop))


def test_two_thousand_signs_are_taken_and_nothing_hangs_out_of_the_page(page: Any) -> None:
    ask(page, "怎麼退選" + "x" * 1996)

    assert len(asked(page)[0]) == 2000
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.getElementById('scroller').scrollWidth <= document.body.clientWidth")


def test_ten_thousand_signs_are_refused_with_a_sentence(desktop: Any) -> None:
    # Past the field's own limit, as a client that does not keep it.
    desktop.evaluate("() => { document.getElementById('text').value = '怎麼退選'.repeat(2500); }")
    desktop.click("#send")

    assert "上限 2000 字" in answered(desktop, 1)
    assert "學習金幣" in ask(desktop, "怎麼退選")


def test_the_conversation_is_there_after_a_reload(page: Any) -> None:
    ask(page, "怎麼退選")
    ask(page, "客服電話")
    before = asked(page), replies(page)

    page.reload()

    has(page, "li.bot", 3)
    idle(page)
    assert (asked(page), replies(page)) == before


def test_personal_data_are_taken_out_of_what_the_page_shows(desktop: Any) -> None:
    ask(desktop, "我的身分證是 A123456789 怎麼退選")

    assert "A123456789" not in desktop.locator("#log").inner_text()


def test_a_second_tab_keeps_in_step(page: Any) -> None:
    ask(page, "怎麼退選")
    other = page.context.new_page()
    other.goto(page.url)
    has(other, "li.bot", 2)

    ask(other, "忘記密碼")
    has(page, "li.bot", 3)
    for number in range(2):
        write(page, f"怎麼印證書 {number}")
        write(other, f"客服電話 {number}")
    for tab in (page, other):
        has(tab, "li.bot", 7)
        idle(tab)

    assert asked(page) == asked(other)
    assert len(asked(page)) == 6
    assert replies(page) == replies(other)


def test_starting_anew_is_said_in_every_tab_and_keeps_what_was_said(page: Any) -> None:
    ask(page, "怎麼退選")
    other = page.context.new_page()
    other.goto(page.url)
    has(other, "li.bot", 2)

    choose(page, "#restart")

    for tab in (page, other):
        tab.locator("li.day", has_text="已重新開始").wait_for()
        assert asked(tab) == ["怎麼退選"]
    assert "客服" in ask(page, "客服電話")


def test_deleting_the_conversation_asks_first_and_empties_every_tab(page: Any) -> None:
    ask(page, "怎麼退選")
    other = page.context.new_page()
    other.goto(page.url)
    has(other, "li.bot", 2)

    choose(page, "#delete")
    page.click("#confirm-delete [data-role=cancel]")
    assert asked(page) == ["怎麼退選"]
    choose(page, "#delete")
    page.click("#confirm-delete [data-role=confirm]")

    for tab in (page, other):
        has(tab, "#log > li", 1)
    page.reload()
    page.locator("li.bot .chips button").first.wait_for()
    page.locator("#log[data-live]").wait_for()
    assert asked(page) == []
    assert "學習金幣" in ask(page, "怎麼退選")


def test_the_menu_closes_by_escape_by_tab_and_by_a_tap_beside_it(page: Any) -> None:
    page.click("#menu-button")
    page.keyboard.press("Escape")
    assert page.locator("#menu").is_hidden()
    assert page.evaluate("document.activeElement.id") == "menu-button"

    page.click("#menu-button")
    for _ in range(page.locator("#menu button").count()):
        page.keyboard.press("Tab")
    assert page.locator("#menu").is_hidden()

    page.click("#menu-button")
    page.mouse.click(20, 500)
    assert page.locator("#menu").is_hidden()
    assert "學習金幣" in ask(page, "怎麼退選")


def test_a_person_of_the_help_desk_is_always_two_taps_away(page: Any) -> None:
    choose(page, "#human")

    told = answered(page, 1)

    assert asked(page) == ["找真人客服"]
    assert "說明問題" in told
    assert page.evaluate("document.activeElement.id") == "text"


def test_a_signed_in_learner_sees_it_and_can_sign_out(page: Any, server: Any) -> None:
    page.goto("about:blank")
    page.goto(f"{server.base}/#token={server.learner_token('T0000000002')}")
    page.locator("#signed-in").wait_for()
    assert "token" not in page.url

    told = ask(page, "幫我看一下我的課過了沒")
    page.click("#sign-out")
    page.locator("#signed-in").wait_for(state="hidden")
    anonymous = ask(page, "幫我看一下我的課過了沒")

    assert "評量區" in told
    assert "確認您的身分" in anonymous


def test_a_token_that_is_not_valid_is_told_and_the_page_works_all_the_same(desktop: Any, server: Any) -> None:
    desktop.goto("about:blank")
    desktop.goto(f"{server.base}/#token=a.b.c")

    desktop.locator("#notice", has_text="登入資料無效").wait_for()

    assert "token" not in desktop.url
    assert desktop.locator("#signed-in").is_hidden()
    assert "學習金幣" in ask(desktop, "怎麼退選")
