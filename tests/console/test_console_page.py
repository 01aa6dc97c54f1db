"""The console in a real browser: what two people see of each other, the keyboard, and what axe-core has against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from counter import PASSWORD, PNG, Counter, draft
from looks import DESKTOP, violations_in_every_look

from bot.cases.records import Case, NewFile


@contextmanager
def signed_in(
    browser: Any, counter: Counter, login: str, size: dict[str, int] = DESKTOP, **wishes: Any
) -> Iterator[Any]:
    """Somebody's page; fails where it had an error of its own or asked anybody else."""
    context = browser.new_context(viewport=size, locale="zh-TW", timezone_id="Asia/Taipei", **wishes)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda one: wrong.append(one.text) if one.type == "error" and "40" not in one.text else None)
    page.on("request", lambda one: wrong.append(one.url) if not one.url.startswith(counter.base) else None)
    page.goto(f"{counter.base}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".who").wait_for()
    yield page
    context.close()
    assert not wrong


def faults_on(
    browser: Any, counter: Counter, places: dict[str, list[str]], seen: Callable[[Any, str], None] | None = None
) -> list[str]:
    """What is wrong on pages that people of these logins open, in any look; `seen` gets each page and its path."""
    found: list[str] = []
    for login, paths in places.items():
        with signed_in(browser, counter, login) as page:
            for path in paths:
                page.goto(counter.base + path)
                page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                found += [f"{path} {one}" for one in violations_in_every_look(page)]
                if seen is not None:
                    seen(page, path)
    return found


@pytest.fixture
def rich(counter: Counter) -> Case:
    """A case with everything that a page can show."""
    files = [NewFile("截圖.png", "image/png", PNG), NewFile("a.pdf", "application/pdf", b"%PDF-1.4")]
    case = counter.cases.open(draft(learner_id="T0000000002", files=files, conversation="line-rich"))
    counter.cases.open(draft(conversation="line-rich", subject="同一人的另一件"))
    counter.cases.take(case.id, "lin.mh")
    counter.cases.reply(case.id, "lin.mh", "您好")
    counter.cases.said(case.id, "在")
    counter.cases.note(case.id, "chen.zm", "備註")
    return case


def test_axe_finds_nothing_on_any_page_and_nothing_is_scrolled_sideways(
    browser: Any, counter: Counter, rich: Case
) -> None:
    places = {
        "lin.mh": ["/cases", "/cases?state=closed&text=nothing", f"/cases/{rich.id}", "/audit", "/account"],
        "wang.sv": [f"/cases/{rich.id}?said=changed", "/audit"],
        "zhang.ad": ["/staff"],
    }

    assert faults_on(browser, counter, places) == []


def test_axe_finds_nothing_where_somebody_signs_in(browser: Any, counter: Counter) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(counter.base + "/sign-in")
    assert violations_in_every_look(page) == []
    page.fill("#login", "nobody.here")
    page.fill("#password", "wrong wrong wrong")
    page.keyboard.press("Enter")
    page.locator("#problem").wait_for()

    assert violations_in_every_look(page) == []
    context.close()


def test_two_who_have_the_same_case_open_are_told_of_each_other(browser: Any, counter: Counter, case: Case) -> None:
    with signed_in(browser, counter, "lin.mh") as mine, signed_in(browser, counter, "chen.zm") as theirs:
        mine.goto(f"{counter.base}/cases/{case.id}")
        assert mine.locator("#presence").is_hidden()

        theirs.goto(f"{counter.base}/cases/{case.id}")

        mine.locator("#presence", has_text="陳志明").wait_for()
        theirs.locator("#presence", has_text="林美華").wait_for()

        theirs.goto(f"{counter.base}/cases")

        mine.locator("#presence").wait_for(state="hidden")


def test_what_a_colleague_does_is_seen_at_once_and_nothing_typed_is_lost(
    browser: Any, counter: Counter, case: Case
) -> None:
    with signed_in(browser, counter, "lin.mh") as page:
        page.goto(f"{counter.base}/cases/{case.id}")
        page.locator("#reply").fill("寫到一半")
        page.wait_for_function("() => performance.getEntriesByType('resource').length > 0")

        counter.cases.note(case.id, "chen.zm", "我剛打過電話給他")
        counter.cases.said(case.id, "在嗎在嗎")

        page.locator("#story", has_text="我剛打過電話給他").wait_for()
        page.locator("#story", has_text="在嗎在嗎").wait_for()
        assert page.locator("#reply").input_value() == "寫到一半"

        page.reload()
        assert page.locator("#reply").input_value() == "寫到一半"


def test_a_new_case_appears_in_the_queue_by_itself(browser: Any, counter: Counter) -> None:
    with signed_in(browser, counter, "lin.mh") as page:
        page.goto(f"{counter.base}/cases?sort=newest")
        case = counter.cases.open(draft(subject="突然冒出來的"))

        page.locator(".case", has_text=case.number).wait_for()


def test_a_case_is_worked_on_with_the_keyboard_alone(browser: Any, counter: Counter, case: Case) -> None:
    with signed_in(browser, counter, "lin.mh") as page:
        page.goto(f"{counter.base}/cases/{case.id}")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        reached = _tab_to(page, "我來承辦")
        assert reached
        page.keyboard.press("Enter")
        page.locator("#notice .good").wait_for()
        assert counter.cases.get(case.id).assignee == "lin.mh"

        assert _tab_to(page, "reply")
        page.keyboard.type("您好")
        page.keyboard.press("Control+Enter")
        page.locator("#story .ours", has_text="您好").wait_for()

        assert [one.kind for one in counter.cases.events(case.id)][-1] == "reply"
        assert page.locator("#reply").input_value() == ""


def _tab_to(page: Any, wanted: str) -> bool:
    """Go on by the Tab key until the focus is on what has this text or id."""
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("[document.activeElement.id, document.activeElement.textContent.trim()]")
        if wanted in here:
            return True
    return False


def test_suggested_and_canned_words_go_where_the_cursor_is(browser: Any, counter: Counter, case: Case) -> None:
    with signed_in(browser, counter, "lin.mh") as page:
        page.goto(f"{counter.base}/cases/{case.id}")
        page.locator("[data-insert]").first.click()
        first = page.locator("#reply").input_value()
        assert first.startswith("課程完成後請先等約 3 個工作天")

        page.select_option("#canned", index=2)

        assert page.locator("#reply").input_value().startswith(first + "\n")
        assert "截圖" in page.locator("#reply").input_value()[len(first) :]


def test_without_scripts_everything_can_still_be_done(browser: Any, counter: Counter, case: Case) -> None:
    with signed_in(browser, counter, "lin.mh", java_script_enabled=False) as page:
        page.goto(f"{counter.base}/cases/{case.id}")
        page.locator("#reply").fill("沒有程式也行")
        page.locator("#reply-form button").click()
        page.locator("#story .ours", has_text="沒有程式也行").wait_for()

        assert counter.cases.get(case.id).assignee == "lin.mh"


def test_an_open_page_says_when_its_session_is_over(browser: Any, counter: Counter, case: Case) -> None:
    counter.accounts.add("short.stay", "短暫", ["agent"], PASSWORD)
    with signed_in(browser, counter, "short.stay") as page:
        page.goto(f"{counter.base}/cases/{case.id}")
        counter.accounts.set_password("short.stay", "another horse 43")

        page.wait_for_url("**/sign-in?next=**", timeout=60_000)


def test_a_page_whose_session_ends_before_it_listens_says_so_too(browser: Any, counter: Counter, case: Case) -> None:
    counter.accounts.add("shorter.stay", "更短暫", ["agent"], PASSWORD)
    with signed_in(browser, counter, "shorter.stay") as page:

        def late(route: Any) -> None:
            counter.accounts.set_password("shorter.stay", "another horse 44")
            route.continue_()

        page.route("**/cases/*/live", late)
        page.goto(f"{counter.base}/cases/{case.id}", wait_until="commit")

        page.wait_for_url("**/sign-in?next=**", timeout=60_000)
