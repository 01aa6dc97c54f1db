"""Placeholders in the texts of kb/: contact facts and addresses are referred to, never repeated."""

from __future__ import annotations

import re

from bot.knowledge.models import Knowledge, Phone

PLACEHOLDER = re.compile(r"\{([a-z_]+):([a-z_]+)\}")
_FOLDED = re.compile(r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])")
"""The space that a folded YAML line leaves between two ideographs."""
_BRACE = re.compile(r"[{}]")


class FillError(ValueError):
    """Raised where a placeholder names something that kb/ does not hold."""


def fill(text: str, knowledge: Knowledge) -> str:
    """The text with {phone:desk}, {fax:desk}, {mail:desk}, {desk:desk} and {link:id} filled in."""

    def value(match: re.Match[str]) -> str:
        kind, key = match.groups()
        if kind == "link":
            if key not in knowledge.links:
                raise FillError(f"link {key!r} is not in links.yml")
            return knowledge.links[key].url
        desk = knowledge.desks.get(key)
        if desk is None:
            raise FillError(f"desk {key!r} is not in desks.yml")
        if kind == "desk":
            return desk.name
        if kind == "mail" and desk.mailboxes:
            return desk.mailboxes[0].address
        phones = {"phone": desk.phones, "fax": desk.faxes}.get(kind)
        if phones:
            return phone_text(phones[0], knowledge)
        raise FillError(f"{{{kind}:{key}}} cannot be filled: the desk has none, or {kind!r} is no kind")

    filled = PLACEHOLDER.sub(value, text)
    if _BRACE.search(PLACEHOLDER.sub("", text)):
        raise FillError("a brace that is no placeholder")
    return _FOLDED.sub("", filled)


def phone_text(phone: Phone, knowledge: Knowledge) -> str:
    """A number with its extensions and what it is for, as a person reads it."""
    text = phone.number
    if phone.label:
        return knowledge.phrases["phone_with_label"].format(number=text, label=phone.label)
    if phone.extensions:
        extensions = knowledge.phrases["list_comma"].join(phone.extensions)
        return knowledge.phrases["phone_with_extensions"].format(number=text, extensions=extensions)
    return text
