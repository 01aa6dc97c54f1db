"""Finding the words of the guide in a reply: what options are called, and the small words between them."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.guides.screens import UNSURE, DiagnosisGuide, Option, standing
from bot.guides.wording import BREAKS, pattern, spell

MISSING, FINE, UNKNOWN = "missing", "fine", "unknown"
SAYS = {"missing_before": MISSING, "missing": MISSING, "fine": FINE, "completed": FINE, "unsure": UNKNOWN}
"""Kind of small word to what it says of an item."""
NEAR = 2
"""How many signs may stand between an item and what is said of it where nobody asked for the item."""
_MARKERS = (*SAYS, "rest", "only", "time", "not", "but")


@dataclass(frozen=True)
class Token:
    """A word that was found."""

    start: int
    end: int
    clause: int
    kind: str
    """option, or a kind of small word of the guide."""
    options: tuple[Option, ...] = ()


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with what was understood already taken out, everything else in its place."""
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def tokens_of(text: str, screen: str | None, facts: Mapping[str, Any], guide: DiagnosisGuide) -> list[Token]:
    """The words in a spelled text, in order; the screen's own options go before those of other screens."""
    ids = [(one.id, option.id) for one in guide.screens.values() for option in standing(one, facts)]
    finder, words, markers = _lexicon(guide, screen, tuple(ids))
    found = []
    for match in finder.finditer(text):
        word = match.group()
        options = tuple(words.get(word) or words.get(word.replace(" ", "")) or ())
        kind = "option" if options else markers.get(word, "")
        if kind:
            found.append(Token(match.start(), match.end(), 0, kind, options))
    starts = clause_starts(text, found)
    return [Token(one.start, one.end, bisect(starts, one.start), one.kind, one.options) for one in found]


def clause_starts(text: str, tokens: Iterable[Token]) -> list[int]:
    """Where the clauses after the first begin."""
    breaks = (match.end() for match in BREAKS.finditer(text))
    return sorted({*breaks, *(token.start for token in tokens if token.kind == "but")})


@lru_cache(maxsize=256)
def _lexicon(
    guide: DiagnosisGuide, screen: str | None, ids: tuple[tuple[str, str], ...]
) -> tuple[re.Pattern[str], dict[str, list[Option]], dict[str, str]]:
    words: dict[str, list[Option]] = {}
    own: set[str] = set()
    for one in sorted(guide.screens.values(), key=lambda one: one.id != screen):
        for option in (option for option in one.options if (one.id, option.id) in ids):
            # 「都做完了」 is what is said of items too, so such a title is read as a whole reply alone.
            titled = one.id == screen and option.title and option.id != UNSURE and not option.every
            for word in map(spell, (*option.words, *((option.title,) if titled else ()))):
                if one.id == screen or word not in own:
                    words.setdefault(word, []).append(option)
        if one.id == screen:
            own = set(words)
    markers = {spell(word): kind for kind in _MARKERS for word in guide.language[kind]}
    return pattern({*words, *markers}), words, markers


def said_of(item: Token, tokens: list[Token], asked: bool) -> str:
    """What the words around an item say of it: missing, fine, unknown, or nothing.

    Asked for, they may stand anywhere in its clause, else only close by.
    """
    said = [one for one in tokens if one.clause == item.clause and one.kind in SAYS]
    for one in said:
        if one.kind == "missing_before" and 0 <= item.start - one.end <= NEAR:
            return MISSING
    after = [one for one in said if one.start >= item.end and (asked or one.start - item.end <= NEAR)]
    before = [one for one in said if one.end <= item.start and (asked or item.start - one.end <= NEAR)]
    if not after and not before and asked:
        # 「閱讀，問卷，都還沒」: what is said comes in a later clause that names nothing itself.
        later = [one for one in tokens if one.clause > item.clause and one.kind in ("option", *SAYS)]
        after = later[:1] if later and later[0].kind != "option" else []
    nearest = after[0] if after else before[-1] if before else None
    return "" if nearest is None else SAYS[nearest.kind]
