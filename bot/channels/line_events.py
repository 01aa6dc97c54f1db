"""Reading LINE's webhook: whose it is by its signature, and what each event means for the bot."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.cases.contact import REFERENCE
from bot.channels.front_door import FrontDoor
from bot.channels.line_text import without
from bot.queues.records import Inbound

CHANNEL = "line"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
_LONGEST_TOKEN = 400
FILES = ("image", "file")
"""Messages that may bring a file for the help desk."""
OTHERS = {"video": "video", "audio": "voice", "sticker": "sticker", "location": "location"}
"""What else a person may send, and how it is answered."""


def signed(body: bytes, signature: str | None, secret: str) -> bool:
    """Whether LINE signed these very bytes; takes as long whatever the signature is."""
    wanted = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(wanted, (signature or "").encode("utf-8", "surrogatepass"))


def events_in(body: bytes) -> list[Mapping[str, Any]] | None:
    """The events of a webhook's body; None where it is none."""
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list):
        return None
    return [one for one in events if isinstance(one, dict)]


def inbound_of(events: Iterable[Mapping[str, Any]], door: FrontDoor, now: datetime.datetime) -> list[Inbound]:
    """What the events of one webhook ask of the bot; blocks where a form asks for a contact."""
    return [one for one in (inbound(event, door, now) for event in events) if one is not None]


def inbound(event: Mapping[str, Any], door: FrontDoor, now: datetime.datetime) -> Inbound | None:
    """What the event asks of the bot, admitted by the front door; None where it asks nothing.

    Of groups nothing is kept but what is said to the bot itself. An event that another module of the account
    answers (standby) is none of ours. Raises nothing, whatever the event holds.
    """
    id, source = event.get("webhookEventId"), _part(event, "source")
    person, group = _whose(source)
    if person is None or not isinstance(id, str) or not _EVENT_ID.match(id) or event.get("mode") != "active":
        return None
    # In a group nobody is asked for a contact.
    data = _data(event, door, None if group else f"{CHANNEL}-{person}")
    if data is None:
        return None
    token = event.get("replyToken")
    if isinstance(token, str) and 0 < len(token) <= _LONGEST_TOKEN:
        data["reply_token"] = token
    if group:
        data["group"] = True
    return Inbound(CHANNEL, id, person, data, now)


def _whose(source: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The user, group or room whose conversation it is, and whether others read along."""
    kind = source.get("type")
    key = {"user": "userId", "group": "groupId", "room": "roomId"}.get(kind) if isinstance(kind, str) else None
    id = source.get(key) if key else None
    return (id if isinstance(id, str) and _ID.match(id) else None), kind != "user"


def _data(event: Mapping[str, Any], door: FrontDoor, sender_id: str | None) -> dict[str, Any] | None:
    """`sender_id` is None in a group."""
    kind, group = event.get("type"), sender_id is None
    if kind == "message":
        return _message(_part(event, "message"), door, sender_id)
    if kind == "postback":
        data = _part(event, "postback").get("data")
        return {"kind": "tap", "data": data[:100]} if isinstance(data, str) else None
    if kind == "unsend":
        message = _part(event, "unsend").get("messageId")
        return {"kind": "unsend", "message": message} if _is_id(message) else None
    if kind == "accountLink" and not group:
        link = _part(event, "link")
        nonce = link.get("nonce")
        ok = link.get("result") == "ok" and isinstance(nonce, str)
        return {"kind": "linked", "nonce": str(nonce)[:255] if ok else ""}
    if kind == "follow":
        return {"kind": "follow", "again": _part(event, "follow").get("isUnblocked") is True}
    # Who else joins or leaves a group is no matter of ours: greeting each of them would only disturb.
    return {"kind": kind} if kind in ("unfollow", "join", "leave") else None


def _message(message: Mapping[str, Any], door: FrontDoor, sender_id: str | None) -> dict[str, Any] | None:
    kind, id, group = message.get("type"), message.get("id"), sender_id is None
    if not _is_id(id):
        return None
    if kind == "text":
        return _text(message, door, sender_id)
    if group:
        return None
    if kind in FILES:
        name = message.get("fileName")
        provider = _part(message, "contentProvider").get("type", "line")
        size = message.get("fileSize")
        return {
            "kind": "file",
            "message": id,
            "name": door.admit(name).text[:100] if isinstance(name, str) else "",
            "size": size if isinstance(size, int) else 0,
            "ours": provider == "line",
        }
    return {"kind": "other", "what": OTHERS[kind], "message": id} if kind in OTHERS else None


def _text(message: Mapping[str, Any], door: FrontDoor, sender_id: str | None) -> dict[str, Any] | None:
    text = message.get("text")
    mentioned = _mentioned(message)
    if sender_id is None and not any(one.get("isSelf") is True for one in mentioned):
        return None
    emojis = _list(message, "emojis")
    if isinstance(text, str):
        text = without(text, [span for span in map(_span, [*mentioned, *emojis]) if span is not None])
    admitted = door.admit(text, sender_id=sender_id)
    refusal = admitted.refusal
    if refusal == "ask_empty" and emojis:
        refusal = "ask_words"
    elif refusal == "ask_empty" and mentioned:
        refusal = "line_mentioned"
    data = {"kind": "text", "message": message["id"], "text": admitted.text, "refusal": refusal}
    return {**data, "alone": True} if REFERENCE.search(admitted.text) else data


def _mentioned(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _list(_part(message, "mention"), "mentionees")


def _span(place: Mapping[str, Any]) -> tuple[int, int] | None:
    index, length = place.get("index"), place.get("length")
    if isinstance(index, int) and isinstance(length, int) and 0 <= index < 100_000 and 0 < length < 100_000:
        return index, length
    return None


def _part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = data.get(key)
    return part if isinstance(part, dict) else {}


def _list(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = data.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.match(value))
