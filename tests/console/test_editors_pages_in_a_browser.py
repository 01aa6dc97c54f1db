"""Figures, learning inbox, answers and notices in a real browser: accessible, nothing too wide, usable by keyboard."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from counter import Counter, draft
from looks import PHONE, violations
from test_console_page import faults_on, signed_in

from bot.journal.journal import Journal
from bot.journal.turns import Turn
from bot.learning.verdicts import Verdicts
from bot.settings import Settings

TOPIC = "forgot_password"


@pytest.fixture(scope="module")
def busy(counter: Counter) -> str:
    """A console with figures, messages to learn from, a proposed edit and a notice; the path of the edit."""
    settings = Settings.from_env({"EPARK_VAR": str(counter.log.parent)})
    journal = Journal(counter.engine, settings.token_key)
    texts = ["冷氣壞了怎麼辦", "冷氣壞了怎麼辦呢", "一句很長很長的問句" * 12, "電子報怎麼訂"]
    for number, text in enumerate(texts):
        who = journal.conversation(f"web-{number}")
        journal.write(Turn(journal.now(), "web", who, "fallback", text=text))
        asked = (("withdraw_course", 0.9), (TOPIC, 0.8))
        journal.write(Turn(journal.now(), "line", who, "answer", asked[0][0], asked, "platform", helpful=number > 0))
    case = counter.cases.open(draft())
    counter.cases.take(case.id, "lin.mh")
    counter.cases.reply(case.id, "lin.mh", "您好")
    editor = counter.visitor("li.ed")
    form = {"id": "", "text": "平臺停機維護", "where": "all", "begin": "2026-11-20T08:00", "end": "2036-11-20T12:00"}
    editor.fill("/notices", **form)
    return editor.fill(f"/answers/{TOPIC}/reviewed", note="手冊").headers.get("location", "").split("?")[0]


def test_axe_finds_nothing_and_nothing_is_scrolled_sideways(
    browser: Any, counter: Counter, busy: str, tmp_path: Path
) -> None:
    edit = [busy] if busy else []
    places = {
        "wang.sv": ["/figures?from=2020-01-01&to=2020-01-02", "/figures"],
        "li.ed": ["/learning", "/answers", f"/answers/{TOPIC}", f"/answers/{TOPIC}/yaml", "/notices", *edit],
    }
    pictures = Path(os.environ.get("EPARK_TEST_PICTURES") or tmp_path)

    def pictured(page: Any, path: str) -> None:
        page.screenshot(path=pictures / f"{path.partition('?')[0].replace('/', '-')}.png", full_page=True)

    assert faults_on(browser, counter, places, pictured) == []


def test_an_editor_previews_and_treats_by_keyboard_alone(browser: Any, counter: Counter, busy: str) -> None:
    with signed_in(browser, counter, "li.ed") as page:
        page.goto(f"{counter.base}/answers/course_period")
        page.focus("button[value=preview]:visible")
        page.keyboard.press("Enter")
        page.locator(".previews").wait_for()
        assert page.locator(".previews section").count() == 4

        page.goto(f"{counter.base}/learning")
        before = page.locator(".cluster").count()
        page.locator(".cluster button[value=ignore]").first.focus()
        page.keyboard.press("Enter")
        page.locator(".notice.good").wait_for()
        assert page.locator(".cluster").count() == before - 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_rows_are_worked_on_by_keyboard_alone(browser: Any, counter: Counter, busy: str, scripts: bool) -> None:
    with signed_in(browser, counter, "li.ed", java_script_enabled=scripts) as page:
        page.goto(f"{counter.base}/answers/print_certificate")
        steps = [one.input_value() for one in page.locator("textarea[name=steps]").all()]
        last = len(steps)

        page.focus("button[value='add:steps']")
        page.keyboard.press("Enter")
        page.locator(f"#f-steps-{last}:focus").wait_for()
        page.keyboard.type("最後一步")
        page.focus(f"button[value='up:steps.{last}']")
        for number in range(last, 0, -1):
            page.keyboard.press("Enter")
            page.locator(f"button[value='{'up' if number > 1 else 'down'}:steps.{number - 1}']:focus").wait_for()
        page.focus("button[value='remove:steps.1']")
        page.keyboard.press("Enter")
        page.locator("#f-steps-1:focus").wait_for()

        assert [one.input_value() for one in page.locator("textarea[name=steps]").all()] == ["最後一步", *steps[1:]]
        page.fill("#note", "換第一步")
        page.keyboard.press("Enter")
        page.locator(".previews").wait_for()
        assert page.locator(".previews").inner_text().count("最後一步") >= 4
        assert page.locator("#note").input_value() == "換第一步"


def test_a_form_with_faults_is_accessible_and_leads_to_each_field(browser: Any, counter: Counter, busy: str) -> None:
    with signed_in(browser, counter, "li.ed", PHONE) as page:
        page.goto(f"{counter.base}/answers/{TOPIC}")
        page.fill("#f-short", "請電 02-2192-7111")
        page.locator("button[value='add:parts']").click()
        page.locator("#f-parts-5-when:focus").wait_for()
        page.fill("#f-parts-5-title", "還沒寫完")
        page.locator("button[value=propose]").click()
        page.locator("[role=alert] a").first.wait_for()

        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert page.locator("#f-short").get_attribute("aria-invalid") == "true"
        page.locator("[role=alert] a").first.focus()
        page.keyboard.press("Enter")
        page.locator("#f-short:focus").wait_for()
        assert page.locator("#f-parts-5-title").input_value() == "還沒寫完"


def test_a_row_that_cannot_be_added_now_leaves_what_was_typed(browser: Any, counter: Counter, busy: str) -> None:
    with signed_in(browser, counter, "li.ed") as page:
        page.goto(f"{counter.base}/answers/{TOPIC}")
        page.fill("#f-short", "還沒打完")
        page.route("**/answers/*", lambda route: route.fulfill(status=404, body=""))
        page.locator("button[value='add:steps']").click()
        page.locator("#notice .bad").wait_for()

        assert page.locator("#f-short").input_value() == "還沒打完"
        assert not page.locator("#f-steps-0").count()
        page.unroute("**/answers/*")
        page.locator("button[value='add:steps']").click()
        page.locator("#f-steps-0:focus").wait_for()
        assert page.locator("#f-short").input_value() == "還沒打完"


def test_enter_in_the_field_for_a_new_topic_never_chooses_another_one(
    browser: Any, counter: Counter, busy: str
) -> None:
    with signed_in(browser, counter, "li.ed") as page:
        page.goto(f"{counter.base}/learning")
        page.locator(".cluster summary").first.click()
        page.locator(".cluster input[name=note]").first.fill("電子報")
        page.keyboard.press("Enter")
        page.locator(".notice.good").wait_for()

    assert "new_topic" in {one.verdict for one in Verdicts(counter.engine).accepted()}
