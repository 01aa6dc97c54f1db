"""What people type to move in a guide: the words of kb/guides/navigation.yml, however they are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from opencc import OpenCC

from bot.guides.guide_file import named, read_file
from bot.knowledge.models import Fault

FILE = "navigation"
COMMANDS = ("next", "back", "stuck", "leave")
LONGEST = 40
"""Longer texts (folded) are never an answer in a guide, so they are not taken apart."""


@dataclass(frozen=True)
class Navigation:
    """The buttons under every screen and the other ways to say the same."""

    titles: Mapping[str, str]
    """Command to the text on its button."""
    words: Mapping[str, str]
    """Folded way to say it to the command."""
    places: Mapping[str, int]
    """Folded way to choose by position to that position, from 0."""
    before: tuple[str, ...]
    """Folded words that may stand before what is meant."""
    after: tuple[str, ...]
    """Folded words that may stand after what is meant."""

    def readings(self, text: str) -> Iterator[str]:
        """The folded text, then what is left of it without polite words, the least shortened first."""
        seen = dict.fromkeys([fold(text)] if len(text) <= 2 * LONGEST else [])
        queue = [one for one in seen if 0 < len(one) <= LONGEST]
        for one in queue:
            yield one
            shorter = [one[len(word) :] for word in self.before if one.startswith(word)]
            shorter += [one[: -len(word)] for word in self.after if one.endswith(word)]
            fresh = [left for left in shorter if left and left not in seen]
            seen.update(dict.fromkeys(fresh))
            queue += sorted(dict.fromkeys(fresh), key=len, reverse=True)


def fold(text: str) -> str:
    """Letters and digits of the text in one spelling: NFKC, lower case, Simplified."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(_simplified(sign) for sign in plain if sign.isalnum())


@lru_cache(maxsize=16384)
def _simplified(sign: str) -> str:
    return str(_converter().convert(sign)) if sign > "\u2fff" else sign


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def load_navigation(kb_dir: Path) -> tuple[Navigation | None, list[Fault]]:
    """The navigation words of kb/guides, or None with the faults."""
    path = kb_dir / "guides" / f"{FILE}.yml"
    faults: list[Fault] = []
    data = read_file(path, "guide_navigation", kb_dir, faults)
    if data is None:
        return None, faults
    words = _owners(((name, [data[name]["title"], *data[name]["words"]]) for name in COMMANDS), path, kb_dir, faults)
    places = _owners(((str(place), terms) for place, terms in enumerate(data["places"])), path, kb_dir, faults)
    for word in words.keys() & places.keys():
        faults.append(Fault(named(path, kb_dir), f"{word!r} is both a place and {words[word]}; keep one"))
    navigation = Navigation(
        titles={name: data[name]["title"].strip() for name in COMMANDS},
        words=words,
        places={word: int(place) for word, place in places.items()},
        before=tuple(filter(None, map(fold, data["before"]))),
        after=tuple(filter(None, map(fold, data["after"]))),
    )
    return (None if faults else navigation), faults


def _owners(groups: Iterable[tuple[str, list[str]]], path: Path, kb_dir: Path, faults: list[Fault]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for owner, terms in groups:
        for term in terms:
            folded = fold(term)
            if not folded:
                faults.append(Fault(named(path, kb_dir), f"{term!r} has neither letters nor digits"))
            elif owners.setdefault(folded, owner) != owner:
                faults.append(Fault(named(path, kb_dir), f"{term!r} stands under {owners[folded]} and under {owner}"))
    return owners
