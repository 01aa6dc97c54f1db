"""Taking personal data out of a text before anything stores it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

NATIONAL_ID = "[身分證字號]"
RESIDENT = "[居留證號]"
PHONE = "[電話]"
MAIL = "[信箱]"
SECRET = "[密碼]"
TOKEN = "[權杖]"
LABELS = (NATIONAL_ID, RESIDENT, PHONE, MAIL, SECRET, TOKEN)
"""What stands in place of what was taken out."""

_GAP = r"[\s\-_.·,]?"
_NOT_BEFORE = r"(?<![A-Za-z0-9])"
_NOT_AFTER = r"(?![0-9])"
_EIGHT = rf"(?:{_GAP}\d){{8}}" + _NOT_AFTER
_LETTER = _NOT_BEFORE + r"[A-Za-z]" + _GAP
_NO_DATE = r"(?!\s\d{4}([-/. ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01]))"
"""「教室A1 2025-01-15」 has as many digits as a national ID."""
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:(?<![A-Za-z0-9])ey|eyJ)[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"), TOKEN),
    (re.compile(r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{8,}"), TOKEN),
    (re.compile(r"[A-Za-z0-9_.+%-]+\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), MAIL),
    (re.compile(_LETTER + r"[12]" + _NO_DATE + _EIGHT), NATIONAL_ID),
    (re.compile(_LETTER + r"[89]" + _NO_DATE + _EIGHT), RESIDENT),
    (re.compile(_LETTER + r"[A-Da-d]" + _EIGHT), RESIDENT),
    (re.compile(r"(?<!\d)(?<!\d[-:/])(?<!\d\d\.)\(?(?:\+?886[\s-]?\(?0?\)?|0)9(?:[\s().-]{0,2}\d){8}(?!\d)"), PHONE),
    (re.compile(r"(?<![\dA-Za-z])0836[\s-]?\d{5}(?!\d)"), PHONE),
    (
        re.compile(
            r"(?<![\dA-Za-z])(?<!\d[:/])\(?(?:\+?886[\s-]?[2-8]|0[2-8]\d{0,2})\)?[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\d)"
        ),
        PHONE,
    ),
)
_SECRET = re.compile(
    r"(?i)(?P<lead>(?:密碼|密码|password|passwd|(?<![a-z])pwd?(?![a-z])|pin\s?碼|pin\s?code|(?<![a-z])pin(?![a-z]))"
    r"(?:(?P<link>\s*(?:是|為|为|：|:|=|＝|[設改換][成為]|設定[成為]|叫|is(?![a-z])))\s*[「『“‘（]?"
    r"(?P<words>(?:(?!密碼|密码)[\u3400-\u9fff]){0,6}?)|\s*))"
    r"(?P<secret>(?:[!-+\--:<=>@-~]|\x00\d+\x00)+)"
)
"""A word for a password and what follows it; the secret may hold a fact kept aside (\x00 number \x00)."""
_PUBLIC_WORD = re.compile(r"(?i)(?:e-?cpa|e-?gov|facebook|fb|google|gmail|apple|hicos|moocs?|pin|e-?mail|id)\W*")
_QUANTITY = re.compile(r"[\d~.-]+\s*[碼位個天日字次年月週小分秒歲]")
_CJK = re.compile(r"[\u3400-\u9fff]")
_PLATFORM_ID = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]\d{10}(?!\d)")


def redact(text: str, public: Iterable[str] = (), leave: Collection[str] = ()) -> str:
    """The text with national IDs, residence permits, phones, mailboxes, passwords and tokens replaced by a label.

    `public` holds numbers and addresses that everyone may read (the desks'), which stay. Digits are recognised in
    full-width and with gaps as well. A 平台識別編號 (one letter, ten digits) is no national ID and stays. What has
    one of the labels of `leave` stays too.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\x00{len(kept) - 1}\x00"

    narrow = "".join(_narrow(sign) for sign in text if sign != "\x00")
    for fact in sorted({fact for fact in public if fact}, key=len, reverse=True):
        narrow = re.sub(_loosely(fact), keep, narrow, flags=re.IGNORECASE)
    narrow = _PLATFORM_ID.sub(keep, narrow)
    before, changed = "", narrow
    while changed != before:
        # A label ends the word that it replaces, so that a second number right behind it comes to light.
        before = changed
        for pattern, label in _RULES:
            changed = changed if label in leave else pattern.sub(label, changed)
        changed = _SECRET.sub(_hide_secret, changed)
    if changed == narrow:
        return text
    return re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match.group(1))], changed)


def _hide_secret(match: re.Match[str]) -> str:
    return match["lead"] + SECRET if _is_secret(match) else match.group()


def _is_secret(match: re.Match[str]) -> bool:
    """Whether what follows a word for a password is one, rather than 「密碼是8碼」 or 「密碼是eCPA的」."""
    secret, after = match["secret"], match.string[match.end() :]
    digits = sum(sign.isdigit() for sign in secret)
    letters = sum(sign.isalpha() for sign in secret)
    mixed = bool(digits and letters) and len(secret) >= 6
    if match["words"]:
        return mixed or digits >= 4
    if not match["link"]:
        return mixed
    if not digits + letters or _PUBLIC_WORD.fullmatch(secret) or _QUANTITY.match(secret + after):
        return False
    return len(secret) >= 4 or not _CJK.match(after)


def _narrow(sign: str) -> str:
    narrow = unicodedata.normalize("NFKC", sign)
    return narrow if len(narrow) == 1 and narrow.isascii() and (narrow.isalnum() or narrow in "@.-+()") else sign


def _loosely(fact: str) -> str:
    if "@" in fact:
        return r"(?<![A-Za-z0-9_.+%-])" + re.escape(fact) + r"(?![A-Za-z0-9-])"
    digits = [re.escape(sign) for sign in fact if sign.isdigit()]
    return r"(?<!\d)\(?" + r"[\s()-]*".join(digits) + r"(?!\d)"
