"""Taking personal data out of a text before anything stores it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

NATIONAL_ID = "[身分證字號]"
RESIDENT = "[居留證號]"
PHONE = "[電話]"
MAIL = "[信箱]"
SECRET = "[密碼]"
TOKEN = "[權杖]"

_GAP = r"[\s\-_.·,]?"
_NOT_BEFORE = r"(?<![A-Za-z0-9])"
_NOT_AFTER = r"(?![0-9])"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"), TOKEN),
    (re.compile(r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{8,}"), TOKEN),
    (re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), MAIL),
    (re.compile(_NOT_BEFORE + r"[A-Za-z]" + _GAP + r"[12]" + rf"(?:{_GAP}\d){{8}}" + _NOT_AFTER), NATIONAL_ID),
    (re.compile(_NOT_BEFORE + r"[A-Za-z]" + _GAP + r"[89]" + rf"(?:{_GAP}\d){{8}}" + _NOT_AFTER), RESIDENT),
    (re.compile(_NOT_BEFORE + r"[A-Za-z]" + _GAP + r"[A-Da-d]" + rf"(?:{_GAP}\d){{8}}" + _NOT_AFTER), RESIDENT),
    (re.compile(r"(?<!\d)(?:\+?886[\s-]?|0)9(?:[\s-]?\d){8}(?!\d)"), PHONE),
    (re.compile(r"(?<![\dA-Za-z])\(?(?:\+?886[\s-]?[2-8]|0[2-8]\d{0,2})\)?[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\d)"), PHONE),
)
_SECRET = re.compile(
    r"(?i)((?:密碼|密码|password|passwd|\bpwd?\b|pin\s?碼|pin\s?code|\bpin\b)\s*(?:是|為|为|：|:|=|＝|設成|設為|叫)\s*)"
    r"([^\s，。、,;；？?！!]*[A-Za-z0-9][^\s，。、,;；？?！!]*)"
)
_PLATFORM_ID = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]\d{10}(?!\d)")


def redact(text: str, public: Iterable[str] = ()) -> str:
    """The text with national IDs, residence permits, phones, mailboxes, passwords and tokens replaced by a label.

    `public` holds numbers and addresses that everyone may read (the desks'), which stay. Digits are recognised in
    full-width and with gaps as well. A 平台識別編號 (one letter, ten digits) is no national ID and stays.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\x00{len(kept) - 1}\x00"

    narrow = "".join(_narrow(sign) for sign in text)
    for fact in sorted({fact for fact in public if fact}, key=len, reverse=True):
        narrow = re.sub(_loosely(fact), keep, narrow, flags=re.IGNORECASE)
    narrow = _PLATFORM_ID.sub(keep, narrow)
    changed = narrow
    for pattern, label in _RULES:
        changed = pattern.sub(label, changed)
    changed = _SECRET.sub(lambda match: match.group(1) + SECRET, changed)
    if changed == narrow:
        return text
    return re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match.group(1))], changed)


def _narrow(sign: str) -> str:
    narrow = unicodedata.normalize("NFKC", sign)
    return narrow if len(narrow) == 1 and narrow.isascii() and (narrow.isalnum() or narrow in "@.-+()") else sign


def _loosely(fact: str) -> str:
    if "@" in fact:
        return re.escape(fact)
    digits = [re.escape(sign) for sign in fact if sign.isdigit()]
    return r"(?<!\d)\(?" + r"[\s()-]*".join(digits) + r"(?!\d)"
