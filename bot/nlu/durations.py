"""Finding how long something takes: 1.5小時, 一個半月, 三天, 兩年半; the value is an ISO 8601 duration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.guides.numerals import number_in
from bot.nlu.squeeze import folded, squeeze


@dataclass(frozen=True)
class Duration:
    """One duration: its ISO 8601 value and where it stands in the text."""

    value: str
    start: int
    end: int


_SIGNS = "零一二兩三四五六七八九十廿卅百"
_N = rf"(?:\d{{1,5}}(?:\.\d{{1,3}})?|[{_SIGNS}]+|半)"
_HOUR = r"(?:小時|鐘頭|hours?(?![a-z])|hrs?(?![a-z])|h(?![a-z]))"
_MINUTE = r"(?:分鐘|minutes?(?![a-z])|mins?(?![a-z]))"
_SECOND = r"(?:秒鐘?|seconds?(?![a-z])|secs?(?![a-z]))"
_ONE_DAY = r"(?:[哪某這那同當另隔改前後次]|(?<![只還沒就共])有)"
_ORDINAL = r"(?<![第哪幾\d.:/])(?<!(?<![時分次點])數)(?<![\d一二三四五六七八九十兩][-~～到至、])"
_GAP = r" ?"
_NOT_AGO = r"(?!多?(?:[以之]前|前(?!天)))"
_TEXTS: tuple[str, ...] = (
    rf"(?P<h>{_N}){_GAP}個?(?P<half>半)?多?{_HOUR}(?P<more>半)?"
    rf"(?:{_GAP}[又零]?(?P<m>{_N}){_GAP}(?:{_MINUTE}|分(?![數之]|\d)|m(?![a-z])))?(?:{_GAP}(?P<s>{_N}){_GAP}{_SECOND})?"
    r"(?!(?:的|都有?|有|全年無休)?(?:客服|服務|專線|營運|開放|真人))",
    r"(?P<q>[一兩三])刻鐘",
    rf"(?P<m>{_N}){_GAP}(?:{_MINUTE}(?P<more>半)?|分(?=\d{{1,2}}{_GAP}秒))(?:{_GAP}(?P<s>{_N}){_GAP}{_SECOND})?",
    rf"(?P<s>{_N}){_GAP}{_SECOND}",
    rf"(?<!民國)(?P<y>{_N}){_GAP}(?:years?(?![a-z])|多?年(?![級度次代底初中末資制份]))(?P<more>半)?多?"
    rf"(?:[又零]?(?P<mo>{_N})個月)?{_NOT_AGO}",
    rf"(?P<mo>{_N}){_GAP}(?:個(?P<half>半)?多?月|months?(?![a-z])){_NOT_AGO}",
    rf"(?P<w>{_N}){_GAP}(?:個?多?(?:週|星期|禮拜)(?!年)|weeks?(?![a-z])){_NOT_AGO}",
    rf"(?P<d>{_N}){_GAP}(?:個?多?(?:工作|日曆)?天(?![堂母]|[一兩][次頭])|個工作日|days?(?![a-z])"
    rf"|日(?=[以之]?內|曆|都))(?P<more>半)?{_NOT_AGO}",
)
_PATTERNS = tuple(folded(_ORDINAL + text) for text in _TEXTS)
_IDIOM = folded(
    rf"{_ONE_DAY}一[天年](?!半)|半[天日](?!假)|一天到晚|三天兩頭|一年[一四][度季]|五分鐘熱度|三天打[魚漁]兩天[曬晒]網|一年到頭|三百六十五天"
)
_LONGEST_YEARS = 80
"""A greater number before 年 is a year of the calendar."""


def find_durations(text: str) -> list[Duration]:
    """Every duration named, in the order of the text; idioms (等了半天) and vague ones (兩三天) are none."""
    squeezed, places = squeeze(text)
    found: list[Duration] = []
    idioms = [match.span() for match in _IDIOM.finditer(squeezed)]
    for match, value in sorted(_matches(squeezed), key=lambda one: (one[0].start(), -one[0].end())):
        start, end = match.span()
        if any(first < end and start < last for first, last in idioms):
            continue
        if not found or places[start] >= found[-1].end:
            found.append(Duration(value, places[start], places[end - 1] + 1))
    return found


def _matches(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = _value(match)
            if value:
                yield match, value


def _value(match: re.Match[str]) -> str:
    """The ISO 8601 value; empty where a number is vague or none."""
    groups = match.groupdict()
    try:
        counts = {key: _number(groups[key]) for key in ("y", "mo", "w", "d", "h", "m", "s", "q") if groups.get(key)}
    except (KeyError, ValueError):
        return ""
    first = next(iter(counts))
    counts[first] += 0.5 * bool(groups.get("half") or groups.get("more"))
    if counts.get("y", 0) >= _LONGEST_YEARS:
        return ""
    if "q" in counts:
        counts["m"] = 15 * counts["q"]
    date = _calendar(counts)
    time = _clock(round(3600 * counts.get("h", 0) + 60 * counts.get("m", 0) + counts.get("s", 0)))
    if counts.get("d", 0) % 1:
        time = _clock(round(counts["d"] % 1 * 86400))
    return f"P{date}{'T' * bool(time)}{time}" if date or time else ""


def _calendar(counts: dict[str, float]) -> str:
    months = round(12 * (counts.get("y", 0) % 1)) + counts.get("mo", 0)
    days = round(30 * (months % 1)) + int(counts.get("d", 0))
    weeks = counts.get("w", 0)
    if weeks % 1:
        days, weeks = days + round(7 * weeks), 0
    parts = ((int(counts.get("y", 0)), "Y"), (int(months), "M"), (int(weeks), "W"), (days, "D"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)


def _clock(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return "".join(f"{count}{unit}" for count, unit in ((hour, "H"), (minute, "M"), (second, "S")) if count)


def _number(text: str) -> float:
    if text == "半":
        return 0.5
    if text[0].isdigit():
        return float(text)
    if len(text) > 1 and not set(text) & set("十廿卅百"):
        raise ValueError(text)
    return number_in(text)
