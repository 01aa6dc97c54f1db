"""Finding the day that a person names: 上週五, 11/20, 115年11月20日, 三天前."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.guides.numerals import DIGITS, number_in

_SPELLINGS = str.maketrans(
    {"周": "週", "礼": "禮", "号": "號", "个": "個", "两": "兩", "这": "這", "后": "後", "刚": "剛", "过": "過"}
    | {"经": "經", "国": "國", "几": "幾", "〇": "零", "○": "零", "／": "/", "．": ".", "－": "-", "–": "-"}
    | {chr(ord("０") + digit): str(digit) for digit in range(10)}
)
_SPACE_AT_CJK = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\d\u3400-\u9fff])|(?<=\d)\s+(?=[\u3400-\u9fff])")
_N = r"(?:\d{1,4}|[零一二三四五六七八九兩十廿卅百]+)"
_WEEK = "(?:週|禮拜|星期)"
_PART = "底|初|中旬?"
_DAYS = {
    "今天|今日|今早|今晚|剛(?:剛|才)?(?=[上做完讀看填考結傳])": 0,
    "大前天": -3,
    "前天|前日|前晚": -2,
    "昨天|昨日|昨晚|昨兒?": -1,
    "明天|明日": 1,
    "大後天": 3,
    "後天": 2,
}
_SAID = {"前年": -2, "去年": -1, "今年": 0, "明年": 1}
_UNIT_DAYS = {"天": 1, "日": 1, "週": 7, "禮拜": 7, "星期": 7}

Handler = Callable[["re.Match[str]", datetime.date, bool], "datetime.date | None"]


def find_date(text: str, today: datetime.date, future: bool = False) -> datetime.date | None:
    """The first day named; what is left open is the latest such day not after today, with future the nearest one."""
    return next((day for day, _, _ in dates_in(_SPACE_AT_CJK.sub("", text), today, future)), None)


def dates_in(text: str, today: datetime.date, future: bool = False) -> Iterator[tuple[datetime.date, int, int]]:
    """Every day named, with where its words start and end; what looks like a day and is none is passed over."""
    text = text.translate(_SPELLINGS)
    place = 0
    while True:
        found = [(match, handler) for pattern, handler in _PATTERNS if (match := pattern.search(text, place))]
        if not found:
            return
        match, handler = min(found, key=lambda one: (one[0].start(), -one[0].end()))
        try:
            day = handler(match, today, future)
        except (KeyError, ValueError, OverflowError):
            day = None
        if day is not None:
            yield day, match.start(), match.end()
        place = match.end()


def _year(text: str) -> int:
    year = number_in(text)
    if 80 <= year < 200:
        return year + 1911
    if 1990 <= year < 2100:
        return year
    raise ValueError(text)


def _pick(days: Iterable[datetime.date], today: datetime.date, future: bool) -> datetime.date | None:
    if future:
        return min(((abs(day - today), -day.toordinal(), day) for day in days), default=(None, 0, None))[2]
    return max((day for day in days if day <= today), default=None)


def _valid(year: int, month: int, day: int) -> list[datetime.date]:
    try:
        return [datetime.date(year, month, day)]
    except ValueError:
        return []


def _month(today: datetime.date, months: int) -> tuple[int, int]:
    return divmod(today.year * 12 + today.month - 1 + months, 12)


def _in_month(year: int, month: int, part: str) -> int:
    return {"初": 1, "中": 15}.get(part[:1], calendar.monthrange(year, month)[1])


def _full(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    return datetime.date(_year(match["y"]), int(match["m"]), int(match["d"]))


def _short(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    if match["said"]:
        return datetime.date(today.year + _SAID[match["said"]], int(match["m"]), int(match["d"]))
    return _yearless(int(match["m"]), int(match["d"]), today, future)


def _yearless(month: int, day: int, today: datetime.date, future: bool) -> datetime.date | None:
    years = range(today.year - 8, today.year + 9)
    return _pick((one for year in years for one in _valid(year, month, day)), today, future)


def _written(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    month = number_in(match["m"])
    named = _SAID.get(match["said"] or "")
    year = today.year + named if named is not None else _year(match["y"]) if match["y"] else None
    if match["d"]:
        day = number_in(match["d"])
        return datetime.date(year, month, day) if year else _yearless(month, day, today, future)
    years = [year] if year else [today.year - 1, today.year, today.year + 1]
    days = [datetime.date(one, month, _in_month(one, month, match["part"] or "")) for one in years]
    return days[0] if year else _pick(days, today, future)


def _of_month(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    shift = {"上上": -2, "上": -1, "下": 1}.get(match["which"], 0)
    year, month = _month(today, shift)
    if match["d"]:
        return datetime.date(year, month + 1, number_in(match["d"]))
    if shift == 0 and not match["part"]:
        return None
    return datetime.date(year, month + 1, _in_month(year, month + 1, match["part"] or ""))


def _part_alone(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    months = (_month(today, shift) for shift in (-1, 0, 1))
    days = [datetime.date(year, month + 1, _in_month(year, month + 1, match["part"])) for year, month in months]
    if match["of"] == "年":
        ends = (12, 31) if match["part"] == "底" else (1, 1)
        days = [datetime.date(today.year + shift, *ends) for shift in (-1, 0, 1)]
    return _pick(days, today, future)


def _weekday(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    which, name = match["which"], match["day"]
    if not name:
        # 上禮拜 alone: its last working day.
        name = "五"
    number = 6 if name in "日天末7" else "一二三四五六".find(name) if not name.isdigit() else int(name) - 1
    if which:
        weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(which, 0)
        return today + datetime.timedelta(days=number - today.weekday() + 7 * weeks)
    days = (today + datetime.timedelta(days=shift) for shift in range(-6, 7))
    return _pick((day for day in days if day.weekday() == number), today, future)


def _ago(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    count = 0.5 if match["n"] == "半" else float(number_in(match["n"]))
    unit = match["unit"]
    if unit in _UNIT_DAYS:
        return today - datetime.timedelta(days=int(count * _UNIT_DAYS[unit]))
    if unit == "月" and count < 1:
        return today - datetime.timedelta(days=15)
    year, month = _month(today, -int(count * (12 if unit == "年" else 1)))
    return datetime.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _day_alone(match: re.Match[str], today: datetime.date, future: bool) -> datetime.date | None:
    months = (_month(today, shift) for shift in range(-12, 13))
    days = (one for year, month in months for one in _valid(year, month + 1, number_in(match["d"])))
    return _pick(days, today, future)


def _named(days: int) -> Handler:
    return lambda match, today, future: today + datetime.timedelta(days=days)


_TEXTS: tuple[tuple[str, Any], ...] = (
    (r"(?<![\d/.-])(?P<y>\d{3,4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d|[-/.]\d)", _full),
    (
        r"(?<![\d/.-])(?:(?P<said>前年|去年|今年|明年)的?)?(?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?!\d|[-/.]\d|[天個小分題點])",
        _short,
    ),
    (
        rf"(?<![\d個])(?:(?P<said>前年|去年|今年|明年)|(?:民國)?(?P<y>{_N})年)?的?(?P<m>{_N})月份?"
        rf"(?:(?P<d>{_N})[日號]?(?!\d)|(?P<part>{_PART}))?(?!前)",
        _written,
    ),
    (rf"(?P<which>上上|上|這|本|下)個?月份?的?(?:(?P<d>{_N})[日號]|(?P<part>{_PART}))?", _of_month),
    (r"(?P<of>[月年])(?P<part>底|初|中(?!間))", _part_alone),
    (
        rf"(?<![{''.join(DIGITS)}十\d每])(?P<which>上上|上|這|本|下下|下)?個?{_WEEK}(?P<day>[一二三四五六日天末1-7])(?!\d)",
        _weekday,
    ),
    (rf"(?P<which>上上|上|下)個?{_WEEK}(?P<day>)(?![一二三四五六日天末\d])", _weekday),
    (
        rf"(?<!\d)(?P<n>{_N}|半)個?多?(?P<unit>天|日|週|禮拜|星期|(?<=個)月|(?<=多)月|年)[多半]?(?:以[前上]|之前|前(?!天)|了)",
        _ago,
    ),
    (rf"(?:過了?|等了?|已經|隔了?|超過)快?(?P<n>{_N}|半)個?多?(?P<unit>天|週|禮拜|星期|(?<=個)月|年)", _ago),
    (
        rf"(?<![\d月個{''.join(DIGITS)}十廿卅百])(?P<d>\d{{1,2}}|[一二三四五六七八九十廿卅]{{1,3}}(?=號)|[一二三四五六七八九十廿卅]{{2,3}})[日號](?![碼線])",
        _day_alone,
    ),
    ("去年|前年", lambda match, today, _: datetime.date(today.year + _SAID[match.group()], 12, 31)),
    *((words, _named(days)) for words, days in _DAYS.items()),
)
_PATTERNS: tuple[tuple[re.Pattern[str], Handler], ...] = tuple((re.compile(text), handler) for text, handler in _TEXTS)
