"""What a desk needs and a message does not say."""

from __future__ import annotations

from collections.abc import Mapping

from bot.privacy.redact import MAIL, PHONE
from bot.triage.rules import TriageRules

LEAST_SIGNS = 4
"""A message with fewer letters, digits and signs asks nothing."""
CODES = ("question", "provider", "portal", "course_title", "screenshot", "contact")
"""In the order in which they are told."""


def missing(
    topic: str,
    desk: str,
    text: str,
    entities: Mapping[str, str],
    rules: TriageRules,
    pictures: bool = False,
    sender: bool = False,
) -> tuple[str, ...]:
    """The codes of what lacks; `text` is the whole of one's own words, redacted, signature and all.

    `entities` are what the words name: provider, portal, course_title.
    """
    plain = text.casefold()
    given = {
        "question": sum(sign.isalnum() for sign in text) >= LEAST_SIGNS,
        "provider": "provider" in entities,
        "portal": "portal" in entities or topic in rules.portals,
        "course_title": "course_title" in entities,
        "screenshot": pictures or any(word in plain for word in rules.screenshot_words),
        "contact": sender or PHONE in text or MAIL in text,
    }
    needed = {"question", *rules.needs(topic, desk)}
    return tuple(code for code in CODES if code in needed and not given[code])
