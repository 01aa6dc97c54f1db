"""The sentences that ask for an account link, or for its end; they stand in kb/phrases.yml."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

LINK, UNLINK = "link", "unlink"


def asked(text: str, phrase: Callable[[str], str]) -> str | None:
    """Which of both the text asks for; None where neither. `phrase` gives one of kb/phrases.yml by name."""
    words = _bare(text)
    for wish in (LINK, UNLINK):
        if words and words in map(_bare, phrase(f"{wish}_words").split("\n")):
            return wish
    return None


def _bare(text: str) -> str:
    """The words alone, so that a full stop or a space changes nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")
