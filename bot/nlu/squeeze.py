"""A message as patterns of entities read it: folded, without spaces beside Chinese, every sign's place kept."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.nlu.normalise import fold

LONGEST = 1000
"""Signs of a message that are read for entities; longer ones tell a story."""
_NUMERALS = str.maketrans({"〇": "零", "○": "零", "两": "兩"})
"""The spellings that bot.guides.numerals reads."""


@lru_cache(maxsize=8)
def squeeze(text: str) -> tuple[str, tuple[int, ...]]:
    """The folded text (Simplified, lower case) without spaces beside Chinese signs, and the place of each sign."""
    folded_text, places = fold(text[:LONGEST])
    signs: list[str] = []
    kept: list[int] = []
    for at, sign in enumerate(folded_text):
        if sign.isspace() and (not signs or _chinese(signs[-1]) or _chinese(folded_text[at + 1 :].lstrip()[:1])):
            continue
        signs.append(sign)
        kept.append(places[at])
    return "".join(signs).translate(_NUMERALS), tuple(kept)


def folded(pattern: str) -> re.Pattern[str]:
    """A pattern that is written in Traditional signs, compiled for squeezed text."""
    signs = (fold(sign)[0] if _chinese(sign) else sign for sign in pattern)
    return re.compile("".join(signs).translate(_NUMERALS))


def _chinese(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff"
