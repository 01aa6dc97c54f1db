"""Bringing what a learner types, and the words of the guide, to one spelling, and finding the one in the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.guides.navigation import fold

LONGEST = 300
"""Longer messages tell a story; what follows is not read."""
BREAKS = re.compile(r"[,。;!?\n…]+")
"""What stands between two clauses; 、 stands inside of a list."""
_CJK = r"[\u3400-\u9fff]"
_BETWEEN_CJK = re.compile(rf"(?<={_CJK}) +(?={_CJK})")
_BESIDE_CJK = re.compile(rf"(?<={_CJK}) +(?=[a-z0-9])|(?<=[a-z0-9]) +(?={_CJK})")


@lru_cache(maxsize=4096)
def spell(text: str) -> str:
    """NFKC, lower case, Simplified, no spaces but between Latin words and digits."""
    plain = re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text[:LONGEST]).lower())
    plain = "".join(fold(sign) or sign for sign in plain if unicodedata.category(sign) != "Cf")
    return _BESIDE_CJK.sub("", _BETWEEN_CJK.sub(",", plain)).strip()


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the spelled words, the longest first, Latin ones never inside another."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_word, ordered)) if ordered else r"(?!)")


def _word(word: str) -> str:
    start = r"(?<![a-z0-9])" if word[:1].isascii() and word[:1].isalnum() else ""
    end = r"(?![a-z0-9])" if word[-1:].isascii() and word[-1:].isalnum() else ""
    return start + re.escape(word).replace(r"\ ", " ?") + end
