"""Reading what Telegram sends: of each update what the bot needs of it, through the front door, or nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.front_door import FrontDoor
from bot.learners.records import TAIPEI
from bot.queues.records import Inbound

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that are asked for."""
COMMANDS = ("start", "help", "status", "human", "stop")
LONGEST_NAME = 100
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?\Z", re.DOTALL)
_START = re.compile(r"link_[A-Za-z0-9_-]{32}\Z|topic_[a-z_]{1,58}\Z")
_BUTTON = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_FILES = ("photo", "document")
_OTHERS = {
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "live_photo": "video",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    **dict.fromkeys(("dice", "game", "poll", "story", "checklist", "paid_media", "invoice", "giveaway"), "thing"),
    "rich_message": "thing",
}
"""What a person may send besides text and files, and how it is answered; what is not listed nobody sent to us."""


class Malformed(Exception):
    """Raised for what is no update at all."""


@dataclass
class Self:
    """Who the bot is at Telegram."""

    id: int
    username: str | None = None
    """Known once Telegram was asked."""

    def named(self, username: str | None) -> bool:
        """Whether this is the bot's name."""
        return username is not None and (self.username or "").lower() == username.lower()


def person_of(chat: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """The chat as text; in a forum with the thread, which is a conversation of its own."""
    thread = message.get("message_thread_id") if message.get("is_topic_message") is True else None
    return f"{int(chat['id'])}.{int(thread)}" if thread is not None else str(int(chat["id"]))


def chat_of(person: str) -> dict[str, int]:
    """Where to send what is for this person, as parameters of a call."""
    chat, _, thread = person.partition(".")
    return {"chat_id": int(chat), **({"message_thread_id": int(thread)} if thread else {})}


def sender_of(person: str) -> str:
    """The name of a chat's conversation in Rasa."""
    return f"telegram-{person}"


def private(person: str) -> bool:
    """Whether a chat has one person in it; groups have numbers below zero."""
    return not person.startswith("-")


def read(update: Any, bot: Self, door: FrontDoor) -> Inbound | None:
    """The update as an event; None where there is nothing to do. Raises Malformed."""
    try:
        number = update["update_id"]
        if not isinstance(number, int) or isinstance(number, bool):
            raise Malformed
        found = _found(update, bot, door)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise Malformed from None
    if found is None:
        return None
    person, data = found
    return Inbound("telegram", str(number), person, data, datetime.datetime.now(TAIPEI))


def _found(update: Mapping[str, Any], bot: Self, door: FrontDoor) -> tuple[str, dict[str, Any]] | None:
    if (press := update.get("callback_query")) is not None:
        return _press(press)
    if (member := update.get("my_chat_member")) is not None:
        return _member(member)
    edited = update.get("edited_message") is not None
    message = update.get("edited_message") if edited else update.get("message")
    if message is None:
        return None
    sender, chat = message.get("from") or {}, message["chat"]
    if sender.get("is_bot") is True or chat["type"] not in ("private", "group", "supergroup"):
        return None
    person = person_of(chat, message)
    if edited and (not private(person) or "text" not in message):
        # Live locations come as edits too; and in a group nobody waits for a second answer.
        return None
    data = _content(message, person, bot, door)
    if data is None or (edited and data["kind"] != "text"):
        return None
    data["message"] = int(message["message_id"])
    return person, {**data, "kind": "edit"} if edited else data


def _press(press: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    message, pressed = press.get("message"), press.get("data")
    if message is None:
        return None
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    titles = [one["text"] for row in rows for one in row if pressed and one.get("callback_data") == pressed]
    button = pressed if isinstance(pressed, str) and _BUTTON.match(pressed) else ""
    data = {"kind": "press", "query": str(press["id"]), "button": button, "title": str(titles[0]) if titles else ""}
    return person_of(message["chat"], message), data


def _member(change: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    chat = change["chat"]
    if chat["type"] not in ("private", "group", "supergroup"):
        return None
    before, after = (change[f"{when}_chat_member"]["status"] in ("left", "kicked") for when in ("old", "new"))
    if before == after:
        return None
    return str(int(chat["id"])), {"kind": "gone" if after else "came"}


def _content(message: Mapping[str, Any], person: str, bot: Self, door: FrontDoor) -> dict[str, Any] | None:
    alone = private(person)
    raw = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    text, called = _without_our_name(raw, entities, bot)
    command = _COMMAND.match(text) if "text" in message else None
    if not alone:
        replied = (message.get("reply_to_message") or {}).get("from") or {}
        if command is not None:
            if not (bot.named(command.group(2)) or (command.group(2) is None and command.group(1).lower() in COMMANDS)):
                return None
        elif not called and replied.get("id") != bot.id:
            return None
    if command is not None and (command.group(2) is None or bot.named(command.group(2)) or alone):
        return _command(command)
    # In a group nobody is asked how to be reached, so nothing is kept as if somebody were.
    admitted = door.admit(text, sender_id=sender_of(person) if alone else None)
    data = {"text": admitted.text, "refusal": admitted.refusal}
    kind = next((kind for kind in _OTHERS if kind in message), None)
    if kind is not None:
        return {"kind": "other", "what": _OTHERS[kind], **(data if text.strip() else {"text": "", "refusal": None})}
    if any(kind in message for kind in _FILES):
        return {"kind": "file", **_file(message, door), **(data if text.strip() else {"text": "", "refusal": None})}
    return {"kind": "text", **data} if "text" in message else None


def _command(command: re.Match[str]) -> dict[str, Any]:
    """A command; of what follows it only a payload of ours is kept, everything else could be anything."""
    name = command.group(1).lower()
    rest = (command.group(3) or "").strip()
    payload = rest if name == "start" and _START.match(rest) else ""
    return {"kind": "command", "command": name if name in COMMANDS else "", "payload": payload}


def _file(message: Mapping[str, Any], door: FrontDoor) -> dict[str, Any]:
    group = str(message.get("media_group_id") or "")
    if "photo" in message:
        largest = max(message["photo"], key=lambda size: int(size["width"]) * int(size["height"]))
        return {"file": str(largest["file_id"]), "name": "", "size": int(largest.get("file_size") or 0), "group": group}
    document = message["document"]
    name = door.admit(str(document.get("file_name") or "")[:LONGEST_NAME]).text
    size = int(document.get("file_size") or 0)
    return {"file": str(document["file_id"]), "name": name, "size": size, "group": group}


def _without_our_name(text: str, entities: Any, bot: Self) -> tuple[str, bool]:
    """The text without mentions of the bot, and whether there was one; Telegram counts in UTF-16 units."""
    coded, called = text.encode("utf-16-le", "surrogatepass"), False
    for one in sorted(entities, key=lambda entity: -int(entity["offset"])):
        begin, end = 2 * int(one["offset"]), 2 * (int(one["offset"]) + int(one["length"]))
        words = coded[begin:end].decode("utf-16-le", "replace")
        ours = one["type"] == "mention" and bot.named(words.lstrip("@"))
        if ours or (one["type"] == "text_mention" and (one.get("user") or {}).get("id") == bot.id):
            coded, called = coded[:begin] + coded[end:], True
    left = coded.decode("utf-16-le", "surrogatepass")
    return (left.strip() if called else left), called
