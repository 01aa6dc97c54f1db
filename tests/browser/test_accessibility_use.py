"""What axe cannot see: keyboard and focus, zoom, spacing, contrast of what is no text, motion, what is announced."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import DESKTOP, PHONE, ask, choose, opened, unfold

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
"""What WCAG 1.4.12 lets readers do."""

CUT_OFF = """() => [...document.querySelectorAll('button, p, li, a, summary, h1, h2, span, strong, time')]
  .filter((one) => one.getClientRects().length && !one.closest('.visually-hidden, .skip'))
  .filter((one) => {
    const { overflowX, overflowY } = getComputedStyle(one);
    return (overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
      || (overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 1);
  }).map((one) => one.outerHTML.slice(0, 120))"""

SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth
  || document.getElementById('scroller').scrollWidth > document.getElementById('scroller').clientWidth"""

FOCUSED = """() => {
  const one = document.activeElement;
  const whole = one.getBoundingClientRect();
  const [left, top] = [Math.max(0, whole.left), Math.max(0, whole.top)];
  const [right, bottom] = [Math.min(innerWidth, whole.right), Math.min(innerHeight, whole.bottom)];
  const box = { left, top, width: right - left, height: bottom - top };
  const style = getComputedStyle(one);
  const spots = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
  const seen = spots.some(([x, y]) => {
    const there = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return there && (one.contains(there) || one.labels?.[0]?.contains(there));
  });
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return { name: `${one.tagName}.${one.className}#${one.id}`, seen, ring };
}"""

CONTRAST = """([one, other]) => {
  const probe = document.createElement('i');
  document.body.append(probe);
  const shade = (name) => {
    probe.style.setProperty('color', `var(${name})`);
    const light = getComputedStyle(probe).color.match(/[0-9.]+/g).slice(0, 3).map((value) => value / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  };
  const [dark, light] = [shade(one), shade(other)].sort((a, b) => a - b);
  probe.remove();
  return (light + 0.05) / (dark + 0.05);
}"""


def everything(page: Any) -> None:
    """Each kind of reply, with all that can be opened open."""
    for question in ("忘記密碼", "客服電話", "一步步帶我註冊我的e政府"):
        ask(page, question)
    page.locator("[data-role=unhelpful]").first.click()
    unfold(page)


def test_with_the_spacing_that_readers_may_set_nothing_is_cut_off(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE) as page:
        everything(page)

        page.evaluate(SPACED)

        assert page.evaluate(CUT_OFF) == []
        assert not page.evaluate(SIDEWAYS)


def test_at_four_hundred_percent_nothing_is_lost_and_the_field_is_in_sight(browser: Any, server: Any) -> None:
    # 1280 by 1024 at 400 %.
    with opened(browser, server, {"width": 320, "height": 256}) as page:
        everything(page)

        page.focus("#text")

        assert page.evaluate(CUT_OFF) == []
        assert not page.evaluate(SIDEWAYS)
        assert page.evaluate(FOCUSED)["seen"]
        page.locator("li.bot .lead").first.scroll_into_view_if_needed()
        box = page.locator("li.bot .lead").first.bounding_box()
        assert 0 <= box["y"] < 256


@pytest.mark.parametrize("size", [{"width": 320, "height": 256}, PHONE, DESKTOP], ids=["zoomed", "phone", "desktop"])
def test_whoever_tabs_through_the_page_sees_where_they_are(browser: Any, server: Any, size: dict[str, int]) -> None:
    with opened(browser, server, size) as page:
        everything(page)
        page.evaluate("() => { document.activeElement.blur(); document.getElementById('scroller').scrollTop = 0; }")
        page.locator(".skip").focus()
        seen = []
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            seen.append(page.evaluate(FOCUSED))
        names = [one["name"] for one in seen]

        assert [one for one in seen if not one["seen"]] == []
        assert [one for one in seen if not one["ring"]] == []
        assert len(seen) < 120 and len(seen) > 20
        assert any("#text" in name for name in names) and any("#send" in name for name in names)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("part", "ground"),
    [
        ("--edge", "--ground"),
        ("--edge", "--card"),
        ("--focus", "--ground"),
        ("--focus", "--card"),
        ("--brand", "--card"),
        ("--brand", "--ground"),
        ("--soft", "--card"),
        ("--good", "--good-ground"),
        ("--act", "--act-ground"),
        ("--wait", "--wait-ground"),
    ],
)
def test_edges_rings_and_icons_stand_out(looks: dict[str, Any], scheme: str, part: str, ground: str) -> None:
    assert looks[scheme].evaluate(CONTRAST, [part, ground]) >= 3


@pytest.fixture(scope="module")
def looks(browser: Any, server: Any) -> Any:
    """An empty page, light and dark."""
    with opened(browser, server, PHONE) as light, opened(browser, server, PHONE, color_scheme="dark") as dark:
        # The policy forbids style attributes; what a script sets through the object model it allows.
        yield {"light": light, "dark": dark}


def test_a_pressed_thumb_is_told_by_more_than_its_colour(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE) as page:
        ask(page, "怎麼退選")
        thumb = page.locator("[data-role=helpful]").last
        ring = "node => getComputedStyle(node).boxShadow"
        before = thumb.evaluate(ring)

        thumb.click()

        assert before == "none" and "inset" in thumb.evaluate(ring)


def test_who_wants_no_motion_gets_none(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE, reduced_motion="reduce") as page:
        moving = page.evaluate("() => getComputedStyle(document.querySelector('.typing i')).animationName")

        assert moving == "none"


def test_the_typing_dots_stop_within_five_seconds(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE) as page:
        page.evaluate("() => { document.getElementById('typing').hidden = false; }")

        style = page.locator(".typing i").first.evaluate(
            "node => { const s = getComputedStyle(node);"
            " return parseFloat(s.animationDuration) * Number(s.animationIterationCount); }"
        )

        assert 0 < style <= 5


def test_a_dialog_takes_the_focus_and_gives_it_back(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE) as page:
        choose(page, "#about-open")
        assert page.evaluate("document.activeElement.closest('dialog')?.id") == "about"

        page.keyboard.press("Escape")

        assert page.evaluate("document.activeElement.id") == "menu-button"


def test_the_page_says_its_language_its_title_and_one_main_heading(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE) as page:
        assert page.evaluate("document.documentElement.lang") == "zh-Hant-TW"
        assert page.title() == page.locator("h1").inner_text() != ""
        assert page.locator("h1").count() == 1
        assert page.locator("main").count() == 1


def test_what_happens_is_announced_without_moving_the_focus(browser: Any, server: Any) -> None:
    with opened(browser, server, PHONE) as page:
        page.focus("#text")
        page.set_input_files("#file", [{"name": "a.exe", "mimeType": "x/y", "buffer": b"MZ"}])
        page.locator("#announcer p", has_text="不能附").wait_for(state="attached")
        page.fill("#text", "時數")
        page.locator("#announcer p", has_text="個建議").wait_for(state="attached")

        assert page.locator("#announcer").get_attribute("role") == "status"
        assert page.evaluate("document.activeElement.id") == "text"
