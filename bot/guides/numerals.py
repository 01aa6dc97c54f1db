"""Reading numbers that are written in digits or in Chinese: 11, 十一, 二〇二六, 一百一十五."""

from __future__ import annotations

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"兩": 2}
_TENS = {"廿": 20, "卅": 30}


def number_in(text: str) -> int:
    """The number; raises ValueError or KeyError where a sign is no numeral."""
    if text.isdigit():
        return int(text)
    if not set(text) & set("十廿卅百"):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total = digit = 0
    for sign in text:
        if sign in _TENS:
            total += _TENS[sign]
        elif sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit
