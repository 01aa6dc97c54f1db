"""Drawing a neutral reply for Telegram: HTML texts and keyboards; one answer is one message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.channels.telegram_html import Block, blocks_of, bold, line_of, link, pieces
from bot.knowledge.models import Knowledge

SHORT_TITLE = 16
"""Columns, Chinese signs counting two: up to here two buttons stand side by side."""
_HEADINGS = ("notes_heading", "links_heading", "contacts_heading", "remedy_heading", "guided_doubts", "follow_again")
_HEADED = ("diagnosis", "course_status", "learning_summary")
"""Replies whose first line says what they are about."""
Button = dict[str, str]
"""`text`, and `payload` for a sentence or `url` for a page."""
Drawn = dict[str, Any]
"""One message: `text` in HTML and `rows` of buttons."""


def draw(message: Mapping[str, Any], knowledge: Knowledge, alone: bool, sign_in: str | None = None) -> list[Drawn]:
    """A bubble as one message, or as several where it is longer than Telegram allows; the buttons under the last.

    `alone`: a private chat. `sign_in`: the page behind the button of replies that need an account link.
    """
    say = knowledge.phrases
    custom = message.get("custom") or {}
    needs_link = custom.get("type") in ("login_required", "link")
    if needs_link and not alone:
        return [{"text": line_of(say["telegram_private_only"]), "rows": []}]
    if custom.get("type") == "login_required" and sign_in:
        message = {**message, "text": say["link_needed"]}
    blocks = _blocks(message, custom, knowledge)
    buttons = [{"text": one["title"], "payload": one["payload"]} for one in message.get("buttons") or []]
    if needs_link and sign_in:
        buttons.insert(0, {"text": say["link_button"], "url": sign_in})
    drawn: list[Drawn] = [{"text": text, "rows": []} for text in pieces(blocks)]
    if drawn:
        drawn[-1]["rows"] = rows_of(buttons)
    return drawn


def rows_of(buttons: Sequence[Button]) -> list[list[Button]]:
    """One to a row where the words are long, two where both are short."""
    rows: list[list[Button]] = []
    for one in buttons:
        beside = rows[-1] if rows and len(rows[-1]) == 1 else None
        if beside and _columns(one["text"]) <= SHORT_TITLE and _columns(beside[0]["text"]) <= SHORT_TITLE:
            beside.append(one)
        else:
            rows.append([one])
    return rows


def _blocks(message: Mapping[str, Any], custom: Mapping[str, Any], knowledge: Knowledge) -> list[Block]:
    kind, view = custom.get("type"), custom.get("view")
    pressed = message.get("pressed") or ""
    title = knowledge.topics[custom["topic"]].title if custom.get("topic") in knowledge.topics else ""
    head: list[str] = []
    if pressed and pressed != title:
        head.append(bold(knowledge.phrases["telegram_pressed"].format(title=pressed)))
    if kind == "agent":
        head.append(bold(knowledge.phrases["telegram_agent"]))
    if kind == "answer" and view:
        if title:
            head.append(bold(title))
        return _answer(head, view, knowledge)
    blocks = _spoken(str(message.get("text") or ""), kind, view, knowledge)
    return [Block(tuple(head)), *blocks] if head else blocks


def _answer(head: list[str], view: Mapping[str, Any], knowledge: Knowledge) -> list[Block]:
    say = knowledge.phrases
    blocks = [Block(tuple(_lines(say["notice"].format(text=notice)))) for notice in view.get("notices", ())]
    blocks.append(Block((*head, *_lines(view["short"]))))
    if view["steps"]:
        blocks.append(Block(tuple(_steps(view["steps"], knowledge))))
    for part in view["parts"]:
        lines = [bold(say["part_heading"].format(title=part["title"])), *_lines(part["short"])]
        blocks.append(Block((*lines, *_steps(part["steps"], knowledge), *_notes(part["notes"], knowledge))))
    if view["notes"]:
        blocks.append(Block((bold(say["notes_heading"]), *_notes(view["notes"], knowledge))))
    if view["links"]:
        lines = [line_of(say["note"].format(text="")) + link(one["title"], one["url"]) for one in view["links"]]
        blocks.append(Block((bold(say["links_heading"]), *lines)))
    if view["contacts"]:
        lines = [line for contact in view["contacts"] for line in _contact(contact, knowledge)]
        blocks.append(Block((bold(say["contacts_heading"]), *lines)))
    named = [
        say["source"].format(title=source["title"], sections=say["list_comma"].join(source["sections"]))
        for source in view["sources"]
    ]
    words = say["sources_line"].format(sources=say["list_comma"].join(named), reviewed=view["reviewed"])
    return [*blocks, Block(tuple(_lines(words)), quoted=True)]


def _contact(contact: Mapping[str, Any], knowledge: Knowledge) -> Iterable[str]:
    """A desk in lines of its own: its phone stands as plain text, which Telegram makes a link to dial."""
    say = knowledge.phrases
    yield bold(contact["name"])
    phones = say["list_comma"].join(phone["text"] for phone in contact["phones"])
    addresses = say["list_comma"].join(contact["mailboxes"])
    if phones:
        yield line_of(say["note"].format(text=say["fact_phone"].format(phones=phones)))
    if addresses:
        yield line_of(say["note"].format(text=say["fact_mail"].format(addresses=addresses)))
    if contact["hours"]:
        hours = say["fact_hours"].format(hours=contact["hours"], state=contact["state"])
        yield line_of(say["note"].format(text=hours))
    known = (("word_phone", phones), ("word_mail", addresses), ("word_hours", contact["hours"]))
    unknown = say["list_comma"].join(say[word] for word, fact in known if not fact)
    if unknown:
        yield line_of(say["note"].format(text=say["fact_unknown"].format(facts=unknown)))


def _spoken(text: str, kind: Any, view: Any, knowledge: Knowledge) -> list[Block]:
    """A reply that has its text alone: headings in bold, the sources folded away."""
    say = knowledge.phrases
    headings = {say[name] for name in _HEADINGS}
    if isinstance(view, dict) and view.get("name"):
        headings.add(view["name"])
    sources = line_of(say["sources_line"].split("{", 1)[0])
    bold_lines = {line_of(one) for one in headings}
    found = []
    for at, block in enumerate(blocks_of(text)):
        folded = bool(sources) and len(block.lines) == 1 and block.lines[0].startswith(sources)
        lines = [f"<b>{line}</b>" if line in bold_lines else line for line in block.lines]
        if at == 0 and kind in _HEADED and lines[0] not in bold_lines:
            lines[0] = f"<b>{lines[0]}</b>"
        found.append(Block(tuple(lines), folded))
    return found


def _steps(steps: Sequence[str], knowledge: Knowledge) -> Iterable[str]:
    for number, step in enumerate(steps, 1):
        yield from _lines(knowledge.phrases["step"].format(number=number, text=step))


def _notes(notes: Sequence[str], knowledge: Knowledge) -> Iterable[str]:
    for note in notes:
        yield from _lines(knowledge.phrases["note"].format(text=note))


def _lines(text: str) -> list[str]:
    return [line_of(line) for line in text.split("\n")] if text else []


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
