"""What axe-core has against a page, in each look that a person may have it in: phone or desktop, light or dark."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that a colour scheme can break; all else is the same in the dark."""


def violations(page: Any) -> list[str]:
    """What axe-core has against the page as it is, one line each."""
    return _found(page, {"runOnly": RULES})


def violations_in_every_look(page: Any) -> list[str]:
    """The same for the page as it would be on a phone and a desktop, by day and by night, and what is too wide."""
    found: list[str] = []
    for look, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            rules = RULES if scheme == "light" else {"type": "rule", "values": OF_COLOURS}
            found += [f"{look}, {scheme}: {one}" for one in _found(page, {"runOnly": rules})]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{look}: {wide} px too wide"] if wide > 0 else []
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Any, options: dict[str, Any]) -> list[str]:
    # Colours that fade in are judged once they are there.
    page.evaluate(
        "Promise.all(document.getAnimations().filter(one => one.effect.getTiming().iterations < 99)"
        ".map(one => one.finished.catch(() => null)))"
    )
    found = Axe().run(page, options={**options, "resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]
