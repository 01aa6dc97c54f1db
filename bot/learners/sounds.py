"""How a text sounds: a course that is misspelt by ear is still the same course."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_NO_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The text without marks and spaces, in lower case."""
    return _NO_WORD.sub("", text).casefold()


def sounds(text: str) -> list[str]:
    """The toneless pinyin of each sign of a plain text; a sign that is no Chinese one stands for itself."""
    return [sound_of(sign) for sign in text]


@lru_cache(maxsize=65536)
def sound_of(sign: str) -> str:
    """The toneless pinyin of one sign, the same for its Traditional and its Simplified form."""
    return "".join(lazy_pinyin(sign, style=Style.NORMAL))
