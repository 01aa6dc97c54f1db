"""From bytes to text where nobody says the encoding: UTF-8 and UTF-16 with a mark, UTF-8 without one, CP950."""

from __future__ import annotations

import codecs
import re

BROKEN = "\ufffd"
"""Stands for what could not be decoded; the row that holds it is bad."""
_CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def decode(data: bytes) -> str:
    """The text; what fits no encoding becomes U+FFFD, so that one damaged row spoils no other.

    CP950 bytes are hardly ever valid UTF-8, whereas UTF-8 may pass as CP950 by chance: UTF-8 is tried first, and a
    few broken signs in what is otherwise UTF-8 make it no CP950.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    damaged = data.decode("utf-8-sig", "replace")
    if len(_CJK.findall(damaged)) > damaged.count(BROKEN):
        return damaged
    return data.decode("cp950", "replace")
