"""A turn's messages as people see them: one bubble each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def bubbles(messages: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The messages of a turn, where what a machine reads goes with the text before it: text, buttons, custom."""
    found: list[dict[str, Any]] = []
    for one in messages:
        custom = one.get("custom") or {}
        if custom and not one.get("text") and found and not found[-1]["custom"]:
            found[-1]["custom"] = custom
        else:
            fields = {"text": one.get("text") or "", "buttons": one.get("buttons") or [], "custom": custom}
            found.append({**dict(one), **fields})
    return found
