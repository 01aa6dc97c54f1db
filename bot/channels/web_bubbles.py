"""What the bot or a person of the help desk says, as events of the chat page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.channels.bubbles import bubbles
from bot.dialogue.transcript import Said


def events(said: Iterable[Mapping[str, Any]], desk_name: Callable[[str], str]) -> list[Said]:
    """The messages as events; a case names its desk in words."""
    found: list[Said] = []
    for one in bubbles(said):
        custom = one["custom"]
        if custom.get("type") == "case":
            custom = {**custom, "desk_name": desk_name(str(custom.get("desk")))}
        found.append(("bot", {"text": one["text"], "buttons": one["buttons"], "custom": custom}))
    return found
