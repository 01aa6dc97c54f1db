"""Putting near-identical messages together: simple, quick, and the same every time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.learning.inbox import REASONS, Item, folded

ALIKE = 0.6
"""Dice's coefficient over pairs of signs: 怎麼退選 and 請問怎麼退選 reach 0.75, 怎麼退選 and 怎麼選課 0.33."""


@dataclass(frozen=True)
class Cluster:
    """Messages that say nearly the same; the first one leads."""

    items: tuple[Item, ...]

    @property
    def key(self) -> str:
        """The name of the message that leads."""
        return self.items[0].key

    @property
    def count(self) -> int:
        """How often any of them came."""
        return sum(item.count for item in self.items)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why any of them is here."""
        return tuple(reason for reason in REASONS if any(reason in item.reasons for item in self.items))


def clusters(items: Iterable[Item]) -> list[Cluster]:
    """Every item in exactly one cluster, the biggest cluster first.

    The message that came most often leads; each further one joins the leader that it resembles most, if any.
    """
    leaders: list[list[Item]] = []
    pieces: list[frozenset[str]] = []
    having: dict[str, list[int]] = defaultdict(list)
    for item in sorted(items, key=lambda one: (-one.count, one.text, one.key)):
        own = grams(item.text)
        shared = Counter(number for piece in own for number in having[piece])
        best = max(((_dice(count, own, pieces[number]), -number) for number, count in shared.items()), default=(0.0, 0))
        if best[0] >= ALIKE:
            leaders[-best[1]].append(item)
            continue
        for piece in own:
            having[piece].append(len(leaders))
        leaders.append([item])
        pieces.append(own)
    found = [Cluster(tuple(those)) for those in leaders]
    newest = {cluster.key: max(item.last_at for item in cluster.items) for cluster in found}
    return sorted(found, key=lambda one: (one.count, newest[one.key], one.key), reverse=True)


def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring signs of a folded text; a text of one sign is its own piece."""
    plain = folded(text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) or frozenset({plain})


def _dice(shared: int, one: Sequence[str] | frozenset[str], other: Sequence[str] | frozenset[str]) -> float:
    return 2 * shared / (len(one) + len(other))
