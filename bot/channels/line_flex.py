"""Flex bubbles: the cards that LINE draws, made of the views and texts of a reply."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.channels.line_text import cut
from bot.knowledge.models import Knowledge

Part = dict[str, Any]

LARGEST_BUBBLE, LARGEST_CAROUSEL, MOST_IN_CAROUSEL = 28_000, 48_000, 10
"""Bytes of JSON and bubbles; LINE allows 30 KB, 50 KB and 12."""
LONGEST_ALT, LONGEST_LABEL, LONGEST_URI = 400, 40, 1000
MOST_BUTTONS = 6
_INK, _SOFT, _ACCENT, _RULE, _WHITE = "#1f2933", "#5f6b76", "#0b6b5d", "#e3e7ea", "#ffffff"
_STATES = {
    "uploaded": "#1b7f4b",
    "waiting": "#2563a8",
    "action_needed": "#b45309",
    "escalate": "#b42318",
    "not_applicable": "#5f6b76",
    "passed": "#1b7f4b",
    "incomplete": "#b45309",
    "open": "#2563a8",
    "resolved": "#1b7f4b",
    "closed": "#5f6b76",
}


def message(alt: str, *bubbles: Part) -> Part | None:
    """One Flex message of one bubble or several side by side; None where LINE would not take it."""
    contents = bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": list(bubbles)}
    limit = LARGEST_BUBBLE if len(bubbles) == 1 else LARGEST_CAROUSEL
    if len(bubbles) > MOST_IN_CAROUSEL or len(json.dumps(contents, ensure_ascii=False).encode()) > limit:
        return None
    alt_text = cut(" ".join(alt.split()), LONGEST_ALT)
    return {"type": "flex", "altText": alt_text, "contents": contents} if alt_text else None


def answer(view: Mapping[str, Any], knowledge: Knowledge) -> Part:
    """An answer: short, steps, parts, what to watch for, whom to ask, sources."""
    say = knowledge.phrases
    body = [_text(say["notice"].format(text=notice), color=_ACCENT) for notice in view.get("notices", ())]
    body += [_text(view["short"], weight="bold")] if view["short"] else []
    body += _steps(view["steps"])
    for part in view["parts"]:
        body += [_rule(), _text(part["title"], weight="bold", color=_ACCENT)]
        body += [_text(part["short"])] if part["short"] else []
        body += [*_steps(part["steps"]), *_notes(part["notes"], say)]
    if view["notes"]:
        body += [_rule(), _text(say["notes_heading"], weight="bold", size="sm"), *_notes(view["notes"], say)]
    for contact in view["contacts"]:
        lines = [contact["state"], contact["hours"], *(phone["text"] for phone in contact["phones"])]
        lines += [*contact["mailboxes"], _unknown(contact, say)]
        body += [_rule(), _text(contact["name"], weight="bold", size="sm")]
        body += [_text(line, size="sm", color=_SOFT) for line in lines if line]
    sources = say["list_comma"].join(
        say["source"].format(title=one["title"], sections=say["list_comma"].join(one["sections"]))
        for one in view["sources"]
    )
    body.append(_text(say["sources_line"].format(sources=sources, reviewed=view["reviewed"]), size="xs", color=_SOFT))
    calls = [call for one in view["contacts"] for call in _calls(one, say)]
    return _bubble(None, body, [*(_uri(link["title"], link["url"]) for link in view["links"]), *calls])


def contact(view: Mapping[str, Any], text: str, knowledge: Knowledge) -> Part:
    """A desk: what its card says, and buttons to call it, copy its mailbox and open its website."""
    say = knowledge.phrases
    color = {True: _STATES["uploaded"], False: _SOFT}.get(view["open_now"], _ACCENT)
    head = _band(view["name"], color, view["state"] or "")
    lines = [line for line in text.split("\n") if line.strip() and line.strip() != view["name"]]
    buttons: list[Part | None] = [*_calls(view, say)]
    for box in view["mailboxes"][:2]:
        action = {"type": "clipboard", "label": cut(say["line_copy"].format(mail=box), LONGEST_LABEL)}
        buttons.append(_button({**action, "clipboardText": box}))
    if view["website"]:
        buttons.append(_uri(say["line_website"], view["website"]))
    return _bubble(head, [_text(line, size="sm") for line in lines], buttons)


def card(text: str, state: str = "", progress: tuple[int, int] | None = None) -> Part:
    """A bubble whose first line stands in a band, coloured by a state, with progress where a guide walks."""
    first, _, rest = text.strip().partition("\n")
    head = _band(first, _STATES.get(state, _ACCENT))
    if progress is not None and progress[1] > 0:
        share = max(1, min(100, round(100 * progress[0] / progress[1])))
        bar = _box([_box([], backgroundColor=_WHITE, width=f"{share}%", height="4px")], backgroundColor="#ffffff55")
        head["contents"].append({**bar, "height": "4px", "margin": "md", "cornerRadius": "2px"})
    return _bubble(head, [_text(line, size="sm") for line in rest.split("\n") if line.strip()], ())


def spoken(name: str, text: str) -> Part:
    """What a person of the help desk says, under their desk's name."""
    body = [_text(line) for line in text.split("\n") if line.strip()]
    return _bubble(_band(name, "#2563a8"), body, ())


def opening(text: str, label: str, uri: str) -> Part:
    """A sentence with one button that opens an address."""
    return _bubble(None, [_text(line) for line in text.split("\n") if line.strip()], [_uri(label, uri)])


def _bubble(head: Part | None, body: Sequence[Part], buttons: Iterable[Part | None]) -> Part:
    made: Part = {"type": "bubble", "size": "mega"}
    if head is not None:
        made["header"] = head
    if body:
        made["body"] = _box(list(body), spacing="sm")
    shown = [button for button in buttons if button is not None][:MOST_BUTTONS]
    if shown:
        made["footer"] = _box(shown, spacing="sm")
    return made


def _band(title: str, color: str, more: str = "") -> Part:
    lines = [_text(title, weight="bold", color=_WHITE)]
    lines += [_text(more, size="sm", color=_WHITE)] if more else []
    return _box(lines, backgroundColor=color)


def _steps(steps: Sequence[str]) -> list[Part]:
    return [
        _box(
            [
                {**_text(f"{number}.", color=_ACCENT, weight="bold"), "wrap": False, "flex": 0},
                {**_text(step), "flex": 1, "margin": "sm"},
            ],
            layout="horizontal",
        )
        for number, step in enumerate(steps, 1)
    ]


def _notes(notes: Sequence[str], say: Mapping[str, str]) -> list[Part]:
    return [_text(say["note"].format(text=note), size="sm") for note in notes]


def _unknown(contact: Mapping[str, Any], say: Mapping[str, str]) -> str:
    """What the documents do not say of a desk; nothing where they say everything."""
    known = (("word_phone", "phones"), ("word_mail", "mailboxes"), ("word_hours", "hours"))
    missing = say["list_comma"].join(say[word] for word, fact in known if not contact[fact])
    return say["fact_unknown"].format(facts=missing) if missing else ""


def _calls(contact: Mapping[str, Any], say: Mapping[str, str]) -> list[Part]:
    labels = [say["line_call"].format(name=contact["name"], phone=phone["text"]) for phone in contact["phones"][:2]]
    return [
        _button({"type": "uri", "label": cut(label, LONGEST_LABEL), "uri": f"tel:{phone['tel']}"})
        for label, phone in zip(labels, contact["phones"])
    ]


def _uri(label: str, uri: str) -> Part | None:
    if len(uri) > LONGEST_URI or not uri.isascii() or not uri.startswith(("https://", "http://")):
        return None
    return _button({"type": "uri", "label": cut(label, LONGEST_LABEL), "uri": uri})


def _button(action: Part) -> Part:
    return {"type": "button", "style": "link", "height": "sm", "adjustMode": "shrink-to-fit", "action": action}


def _text(value: str, **style: str) -> Part:
    return {"type": "text", "text": value, "wrap": True, "size": "md", "color": _INK, **style}


def _rule() -> Part:
    return {"type": "separator", "margin": "md", "color": _RULE}


def _box(contents: list[Part], layout: str = "vertical", **style: str) -> Part:
    return {"type": "box", "layout": layout, "contents": contents, **style}
