"""Figures, learning inbox, answers and notices in a real browser: accessible, nothing too wide, usable by keyboard."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from counter import Counter, draft
from test_console_page import LOOKS, signed_in, violations

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


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_is_scrolled_sideways(
    browser: Any, counter: Counter, busy: str, look: str, tmp_path: Path
) -> None:
    size, scheme = LOOKS[look]
    edit = [busy] if busy else []
    places = {
        "wang.sv": ["/figures?from=2020-01-01&to=2020-01-02", "/figures"],
        "li.ed": ["/learning", "/answers", f"/answers/{TOPIC}", "/notices", "/notices?edit=nothing", *edit],
    }
    pictures = Path(os.environ.get("EPARK_TEST_PICTURES") or tmp_path)
    found: list[str] = []
    for login, paths in places.items():
        with signed_in(browser, counter, login, size, color_scheme=scheme) as page:
            for path in paths:
                page.goto(counter.base + path)
                page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                page.screenshot(path=pictures / f"{look}{path.partition('?')[0].replace('/', '-')}.png", full_page=True)

                found += [f"{path} {one}" for one in violations(page)]
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                found += [f"{path} is {wide} px too wide"] if wide > 0 else []
    assert found == []


def test_an_editor_previews_and_treats_by_keyboard_alone(browser: Any, counter: Counter, busy: str) -> None:
    with signed_in(browser, counter, "li.ed") as page:
        page.goto(f"{counter.base}/answers/course_period")
        page.focus("button[value=preview]")
        page.keyboard.press("Enter")
        page.locator(".previews").wait_for()
        assert page.locator(".previews section").count() == 4

        page.goto(f"{counter.base}/learning")
        before = page.locator(".cluster").count()
        page.locator(".cluster button[value=ignore]").first.focus()
        page.keyboard.press("Enter")
        page.locator(".notice.good").wait_for()
        assert page.locator(".cluster").count() == before - 1


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
