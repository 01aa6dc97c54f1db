"""Finding months, years and days that only entities need: 十月, 上個月, 113年, 去年底, 1151103, 三個月前."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator

from bot.guides.numerals import number_in
from bot.nlu.squeeze import folded
from bot.nlu.tense import speaks_of_future

NUMBER = r"(?:\d{1,4}|[零一二三四五六七八九兩十廿卅百]+)"
BEFORE = r"(?:以前|之前|前(?!天))"
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}
_MONTHS = {"上上": -2, "上": -1, "下": 1, "下下": 2}
_PARTS = {"底": (12, 31), "尾": (12, 31), "初": (1, 1), "中": (6, 30)}
_YEAR = rf"(?:(?P<said>{'|'.join(_YEARS)})|(?:民國)?(?<!\d)(?P<y>{NUMBER})年)"
_MONTH = r"(?P<m>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])"
_LONGEST_AGO = 80

Maker = Callable[["re.Match[str]", datetime.date, bool], str]


def months_in(text: str, today: datetime.date) -> Iterator[tuple[str, int, int]]:
    """Each with its ISO value (2026-10, 2024, 2026-11-03) and its place in the squeezed text; they may overlap."""
    for pattern, make in _PATTERNS:
        for match in pattern.finditer(text):
            try:
                value = make(match, today, speaks_of_future(text, match.end()))
            except (KeyError, ValueError, OverflowError):
                continue
            yield value, *match.span()


def _year(match: re.Match[str], today: datetime.date, future: bool = False) -> str:
    if match["said"]:
        return str(today.year + _YEARS[match["said"]])
    year = number_in(match["y"])
    if 80 <= year < 150:
        return str(year + 1911)
    if 1990 <= year < 2100:
        return str(year)
    raise ValueError(match["y"])


def _month_of_year(match: re.Match[str], today: datetime.date, future: bool) -> str:
    return datetime.date(int(_year(match, today)), number_in(match["m"]), 1).isoformat()[:7]


def _month_alone(match: re.Match[str], today: datetime.date, future: bool) -> str:
    month = number_in(match["m"])
    year = today.year + (month < today.month) if future else today.year - (month > today.month)
    return datetime.date(year, month, 1).isoformat()[:7]


def _month_from_now(match: re.Match[str], today: datetime.date, future: bool) -> str:
    return _shifted(today, _MONTHS.get(match["which"], 0))


def _part_of_year(match: re.Match[str], today: datetime.date, future: bool) -> str:
    return datetime.date(int(_year(match, today)), *_PARTS[match["part"]]).isoformat()


def _day(match: re.Match[str], today: datetime.date, future: bool) -> str:
    return datetime.date(int(_year(match, today)), int(match["m"]), int(match["d"])).isoformat()


def _dotted(match: re.Match[str], today: datetime.date, future: bool) -> str:
    month, day = int(match["m"]), int(match["d"])
    coming = future or (month, day) <= (today.month, today.day)
    return datetime.date(today.year - (not coming), month, day).isoformat()


def _years_ago(match: re.Match[str], today: datetime.date, future: bool) -> str:
    if match["n"] == "半":
        return _shifted(today, -6)
    return str(today.year - _count(match["n"]))


def _months_ago(match: re.Match[str], today: datetime.date, future: bool) -> str:
    return _shifted(today, -_count(match["n"]))


def _count(text: str) -> int:
    count = number_in(text)
    if count >= _LONGEST_AGO:
        raise ValueError(text)
    return count


def _shifted(today: datetime.date, months: int) -> str:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return datetime.date(year, month + 1, 1).isoformat()[:7]


_TEXTS: tuple[tuple[str, Maker], ...] = (
    (rf"{_YEAR}(?![底初中尾級]|{NUMBER}月)", _year),
    (rf"{_YEAR}的?(?P<m>{NUMBER})月份?", _month_of_year),
    (rf"{_YEAR}(?P<part>[底尾初中])(?!間)", _part_of_year),
    (rf"(?<![\d個第年/]){_MONTH}月份?(?![底初中\d費刊票薪子天])(?!{NUMBER}[日號])", _month_alone),
    (
        r"(?<![線以網路])(?P<which>上上|上|這|本|下下|下)個?月(?![底初中\d刊子])(?!的?[\d一二三四五六七八九十]+[日號])",
        _month_from_now,
    ),
    (
        r"(?<![\d/.-])(?P<said>)(?P<y>1[0-4]\d|20\d\d)[-/.](?P<m>1[0-2]|0?[1-9])(?![\d/.-])",
        _month_of_year,
    ),
    (r"(?<![\da-z])(?P<said>)(?P<y>1[0-4]\d|20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)", _day),
    (
        r"(?<![\d.a-z/-])(?<![a-z版本] )(?<![版本])(?P<m>1[0-2]|0?[1-9])\.(?P<d>[0-3]\d)"
        r"(?![\d.%a-z]|\s?[個小分點版倍元])",
        _dotted,
    ),
    (rf"(?<!第)(?P<n>{NUMBER}|半)年多?{BEFORE}", _years_ago),
    (rf"(?<!第)(?P<n>{NUMBER})個多?月多?{BEFORE}", _months_ago),
)
_PATTERNS = tuple((folded(text), make) for text, make in _TEXTS)
