"""The patch that accepted messages become: training questions and held-out ones, never both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.learning.inbox import folded
from bot.learning.verdicts import NEW_TOPIC, OUT_OF_SCOPE, Accepted

HELD_OUT_EVERY = 5
"""One cluster in five is a measure instead of a lesson; near-identical messages never stand on both sides."""
PATCHES = "learning"
"""The folder of exported patches, in that of what changes."""
_SPACE = re.compile(r"\s+")


@dataclass
class Patch:
    """Texts by topic, each once."""

    training: dict[str, list[str]] = field(default_factory=dict)
    held_out: dict[str, list[str]] = field(default_factory=dict)
    new_topics: dict[str, list[str]] = field(default_factory=dict)
    """By what the editor said that the topic should be."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Texts that stand somewhere already, and where."""
    keys: list[str] = field(default_factory=list)
    """The messages that the patch settles, refused ones too."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.training or self.held_out or self.new_topics)


def patch_of(accepted: Iterable[Accepted], known: Mapping[str, str]) -> Patch:
    """The patch of these messages; `known` are the folded texts of all questions and where each stands."""
    patch = Patch()
    seen = dict(known)
    for one in accepted:
        patch.keys.append(one.key)
        text = _SPACE.sub(" ", one.text).strip()
        name = folded(text)
        if name in seen:
            patch.refused.append((text, seen[name]))
            continue
        if one.verdict == NEW_TOPIC:
            side, topic = patch.new_topics, one.note
        else:
            side = patch.held_out if held_out(one.cluster) else patch.training
            topic = one.topic or OUT_OF_SCOPE
        seen[name] = f"this patch ({topic})"
        side.setdefault(topic, []).append(text)
    return patch


def held_out(cluster: str) -> bool:
    """Whether the messages of a cluster are set aside; by its name alone, so that it never changes sides."""
    return int(cluster[:8], 16) % HELD_OUT_EVERY == 0
