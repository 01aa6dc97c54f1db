"""Drawing a neutral reply for LINE: at most five messages a turn, cards where they help, buttons as quick replies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.channels import line_flex
from bot.channels.bubbles import bubbles
from bot.channels.line_text import LONGEST_TEXT, cut, split, units
from bot.knowledge.models import Knowledge

logger = logging.getLogger(__name__)

MOST_MESSAGES, MOST_QUICK_REPLIES = 5, 13
LONGEST_QUICK_LABEL, LONGEST_DISPLAY, LONGEST_SENDER = 20, 300, 20
SHOW = "show"
"""The postback that asks for what is held; every other one is BUTTON and the id of a button."""
BUTTON = "button:"
CARDS = ("diagnosis", "course_status", "learning_summary", "account_status", "case")
Message = dict[str, Any]
KeepButtons = Callable[[Sequence[str]], Sequence[str]]
"""Keeps payloads and gives an id for each."""


def draw(said: Sequence[Mapping[str, Any]], knowledge: Knowledge, keep: KeepButtons) -> list[Message]:
    """LINE's messages for what take_turn returned, within all of LINE's limits."""
    replies = [one for one in bubbles(said) if one["text"].strip()]
    drawn = [message for reply in replies for message in _drawn(reply, knowledge)]
    messages = fold(drawn, replies)
    buttons = _buttons(replies)
    if messages and buttons:
        ids = keep([payload for _, payload in buttons])
        labels = short_labels([title for title, _ in buttons])
        messages[-1] = {**messages[-1], "quickReply": {"items": _items(buttons, labels, ids)}}
    return messages


def show_button(text: str, label: str) -> list[Message]:
    """The message that buys a fresh reply token: a sentence with the button that shows the answer."""
    action = {"type": "postback", "label": cut(label, LONGEST_QUICK_LABEL), "data": SHOW, "displayText": label}
    quick = {"items": [{"type": "action", "action": action}]}
    return [{"type": "text", "text": cut(text, LONGEST_TEXT), "quickReply": quick}]


def fold(drawn: list[Message], replies: Sequence[Mapping[str, Any]]) -> list[Message]:
    """At most five messages: neighbours of one kind are joined, and if need be all is said in plain text."""
    if len(drawn) <= MOST_MESSAGES:
        return drawn
    folded: list[Message] = []
    for message in drawn:
        joined = _joined(folded[-1], message) if folded else None
        if joined is None:
            folded.append(message)
        else:
            folded[-1] = joined
    if len(folded) <= MOST_MESSAGES:
        return folded
    texts = split("\n\n".join(reply["text"] for reply in replies))
    if len(texts) > MOST_MESSAGES:
        # More than 25,000 signs: no reply of ours is that long.
        logger.error("a reply of LINE was longer than five messages can hold")
        texts = [*texts[: MOST_MESSAGES - 1], cut("\n".join(texts[MOST_MESSAGES - 1 :]), LONGEST_TEXT)]
    return [_plain(text) for text in texts]


def short_labels(titles: Sequence[str]) -> list[str]:
    """A label of at most twenty signs for each title; two that would look the same keep their ends."""
    labels = [cut(title, LONGEST_QUICK_LABEL) for title in titles]
    for at, title in enumerate(titles):
        if labels.count(labels[at]) > 1 and units(title) > LONGEST_QUICK_LABEL:
            labels[at] = cut(title, 11) + title[-9:]
    return [label if units(label) <= LONGEST_QUICK_LABEL else cut(label, LONGEST_QUICK_LABEL) for label in labels]


def _drawn(reply: Mapping[str, Any], knowledge: Knowledge) -> list[Message]:
    try:
        card = _card(reply["text"], reply["custom"], knowledge)
    except Exception as error:
        # A view of another shape than this channel knows: the text says everything.
        logger.error("a card of LINE could not be drawn: %s", type(error).__name__)
        card = None
    return [card] if card is not None else [_plain(text) for text in split(reply["text"])]


def _card(text: str, custom: Mapping[str, Any], knowledge: Knowledge) -> Message | None:
    kind, view = custom.get("type"), custom.get("view")
    if kind == "answer" and view:
        return line_flex.message(text, line_flex.answer(view, knowledge))
    if kind == "contact" and view:
        return line_flex.message(text, line_flex.contact(view, text, knowledge))
    if kind == "guide":
        step, of = custom.get("step"), custom.get("of")
        progress = (int(step), int(of)) if isinstance(step, int) and isinstance(of, int) else None
        return line_flex.message(text, line_flex.card(text, progress=progress))
    if kind in CARDS:
        return line_flex.message(text, line_flex.card(text, str(custom.get("state") or custom.get("status") or "")))
    if kind == "agent":
        name = knowledge.phrases["line_agent"]
        drawn = line_flex.message(f"{name} {text}", line_flex.spoken(name, text))
        return None if drawn is None else {**drawn, "sender": {"name": cut(name, LONGEST_SENDER)}}
    if kind == "open":
        return line_flex.message(text, line_flex.opening(text, str(custom["label"]), str(custom["uri"])))
    return None


def _joined(one: Message, other: Message) -> Message | None:
    """Two neighbours as one message; None where LINE would not take it."""
    if "sender" in one or "sender" in other or one["type"] != other["type"]:
        return None
    if one["type"] == "text":
        text = f"{one['text']}\n\n{other['text']}"
        return _plain(text) if units(text) <= LONGEST_TEXT else None
    return line_flex.message(f"{one['altText']} {other['altText']}", *_bubbles(one), *_bubbles(other))


def _bubbles(flex: Message) -> list[Message]:
    contents = flex["contents"]
    return list(contents["contents"]) if contents["type"] == "carousel" else [contents]


def _buttons(replies: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Title and payload of each button, the newest reply's first where there are too many, in the order said."""
    found: dict[str, str] = {}
    for reply in reversed(replies):
        for button in reply["buttons"]:
            title, payload = str(button.get("title") or ""), str(button.get("payload") or "")
            if title.strip() and payload.strip() and len(found) < MOST_QUICK_REPLIES:
                found.setdefault(title, payload)
    order = [str(button.get("title")) for reply in replies for button in reply["buttons"]]
    return sorted(found.items(), key=lambda one: order.index(one[0]))


def _items(buttons: Sequence[tuple[str, str]], labels: Sequence[str], ids: Sequence[str]) -> list[dict[str, Any]]:
    actions = [
        {"type": "postback", "label": label, "data": f"{BUTTON}{id}", "displayText": cut(title, LONGEST_DISPLAY)}
        for (title, _), label, id in zip(buttons, labels, ids)
    ]
    return [{"type": "action", "action": action} for action in actions]


def _plain(text: str) -> Message:
    return {"type": "text", "text": text}
