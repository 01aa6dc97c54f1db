"""Bringing many ways of writing the same thing to one: width, case, script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from opencc import OpenCC

from bot.privacy.redact import LABELS

ENGLISH = Path(__file__).parent / "english.tsv"
_TO_TRADITIONAL = OpenCC("s2tw")
_TO_SIMPLIFIED = OpenCC("t2s")
_VARIANTS = str.maketrans({"臺": "台", "賬": "帳", "裏": "裡", "衞": "衛", "着": "著", "証": "證", "线": "線"})
_TAIWANESE = (
    # Mainland words whose conversion by characters alone leaves them foreign (OpenCC's phrase conversion damages
    # Taiwanese text and is not used).
    ("登陸", "登入"),
    ("登錄", "登入"),
    ("賬號", "帳號"),
    ("帳戶", "帳號"),
    ("賬戶", "帳號"),
    ("學時", "時數"),
    ("課時", "時數"),
    ("視頻", "影片"),
    ("屏幕", "畫面"),
    ("郵箱", "信箱"),
    ("信息", "資訊"),
    ("軟件", "軟體"),
    ("網絡", "網路"),
    ("短信", "簡訊"),
    ("打印", "列印"),
    ("注冊", "註冊"),
    ("在線", "線上"),
    ("鏈接", "連結"),
    ("昵稱", "暱稱"),
    ("手冊裏", "手冊裡"),
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")
_REPEATED = re.compile(r"(\D)\1{2,}")
_SPACE = re.compile(r"\s+")
_TAKEN_OUT = re.compile("|".join(map(re.escape, LABELS)))
"""A person who adds a phone number to a question does not ask for one."""
_BETWEEN_CJK = re.compile(r"(?<=[\u3400-\u9fff\u3100-\u312f]) (?=[\u3400-\u9fff\u3100-\u312f])")
_URL = re.compile(r"https?://[!-~]+")
"""Chinese that follows an address without a space is no part of it."""


@lru_cache(maxsize=65536)
def _is_simplified(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" and _TO_TRADITIONAL.convert(sign) != sign and sign not in "台里后干面只松了"


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    lines = ENGLISH.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


# Two words (log in) before one (in); a word is never found inside another.
_LATIN_WORDS = re.compile(
    "(?<![a-z])(?:" + "|".join(sorted(map(re.escape, _english()), key=len, reverse=True)) + ")(?![a-z])"
)


def normalise(text: str) -> str:
    """The text in one spelling: NFKC, lower case, Traditional characters, 台 for 臺, no invisible signs, no labels.

    Conversion from Simplified happens only where the text holds Simplified characters: on Taiwanese text it damages.
    """
    text = _TAKEN_OUT.sub(" ", unicodedata.normalize("NFKC", text))
    text = _INVISIBLE.sub("", text).lower()
    text = _URL.sub(" ", text)
    if any(_is_simplified(sign) for sign in text):
        text = _TO_TRADITIONAL.convert(text)
    text = text.translate(_VARIANTS)
    for foreign, ours in _TAIWANESE:
        text = text.replace(foreign, ours)
    text = _LATIN_WORDS.sub(lambda match: _english()[match.group()], text)
    text = _REPEATED.sub(r"\1\1", text)
    return _BETWEEN_CJK.sub("，", _SPACE.sub(" ", text)).strip()


def fold(text: str) -> tuple[str, list[int]]:
    """The text for matching terms (NFKC, lower case, Simplified) and each sign's place in the original."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for folded in _fold_sign(sign):
            signs.append(folded)
            places.append(place)
    return "".join(signs), places


@lru_cache(maxsize=65536)
def _fold_sign(sign: str) -> str:
    if _INVISIBLE.match(sign):
        return ""
    folded = unicodedata.normalize("NFKC", sign).lower().translate(_VARIANTS)
    return "".join(_TO_SIMPLIFIED.convert(one) if one > "\u2fff" else one for one in folded)
