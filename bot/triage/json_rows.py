"""Messages out of a JSONL file: one object a line with id, subject and body."""

from __future__ import annotations

import json
from typing import Any

from bot.triage.decoding import BROKEN
from bot.triage.inbound import Inbound, UnreadableFile


def read_jsonl(text: str) -> list[Inbound]:
    """The messages in order, blank lines left out; raises UnreadableFile where there is no line at all."""
    lines = text.split("\n")
    found = [_message(f"line {number}", line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise UnreadableFile("is empty; it needs an object with id, subject and body on each line")
    return found


def _message(place: str, line: str) -> Inbound:
    if BROKEN in line:
        return Inbound(place, "", error="holds bytes that are neither UTF-8 nor CP950; save the file as UTF-8")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Inbound(place, "", error=f"is no valid JSON ({error})")
    if not isinstance(data, dict):
        return Inbound(place, "", error="must be an object with id, subject and body")
    return _from(data, place)


def _from(data: dict[str, Any], place: str) -> Inbound:
    key = data.get("id")
    known = isinstance(key, (str, int)) and not isinstance(key, bool)
    name = _clean(key) if isinstance(key, str) else key if known else ""
    texts = {}
    for field in ("subject", "body"):
        value = data.get(field)
        if value is not None and not isinstance(value, str):
            return Inbound(place, name or "", error=f"{field} must be a string")
        texts[field] = _clean(value or "")
    error = ""
    if name is None or name == "" or not known:
        error = "needs an id, a string or a whole number"
    elif not any(texts.values()):
        error = "has neither subject nor body"
    return Inbound(place, "" if name is None else name, texts["subject"], texts["body"], error=error)


def _clean(text: str) -> str:
    """Without lone surrogates: valid JSON, but no text that can be written out again."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()
