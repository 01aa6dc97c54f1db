"""Finding the days, months and years that a message names: 上週五, 11/20, 十月, 113年; the value is ISO."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from bot.guides.dates import dates_in
from bot.nlu.months import BEFORE, NUMBER, months_in
from bot.nlu.squeeze import folded, squeeze
from bot.nlu.tense import speaks_of_future


@dataclass(frozen=True)
class Day:
    """One date: an ISO day, month (2026-10) or year (2024), and where it stands in the text."""

    value: str
    start: int
    end: int


_WEEK = "個?(?:週|禮拜|星期)"
_NO_DAY_AFTER = folded(r"\s?[題頁章節次歲級門堂顆樓館窗機碼線教房課個%a-z]|之\d")
_NO_DAY_BEFORE = folded(r"(?:第|版本?|ver\.?|v|[度分率]|分數|得分|比|共)\s?$")
_INSIDE_OF_WORDS = folded(r"(?<=[之以目])前天|(?<=[說證聲])明天|(?<=[之以最然先])後天|(?<=至)今天")
_UP = folded("[早晚線以網路](?=[上下])")
_NONE_HERE = folded(rf"剛|過|等|已|隔|超|.*了$|[上下]+{_WEEK}$|(?:前年|去年)$|.*[年月]多?{BEFORE}$|.*月份?的?$")
"""What the guides take for a day although it is a length of time, a week, a month or a year."""
_WEEKDAY = folded(rf"{_WEEK}[一二三四五六日天末1-7]$")
_DAY_OF_MONTH = folded(rf"{NUMBER}[日號]$")
_WITHOUT_SIGN = folded(rf"月{NUMBER}$")
_SIGN = folded("[日號]")
_LENGTH = folded(r"\s?[以之]?內|都|曆")


def find_days(text: str, today: datetime.date) -> list[Day]:
    """Every date named; what is left open is the latest one not after today, unless its clause speaks of what comes."""
    squeezed, places = squeeze(text)
    found = [*months_in(squeezed, today), *_days_in(squeezed, today)]
    kept: list[tuple[int, int, str]] = []
    for value, start, end in sorted(found, key=lambda one: one[1] - one[2]):
        if all(end <= first or last <= start for first, last, _ in kept):
            kept.append((start, end, value))
    return [Day(value, places[start], places[end - 1] + 1) for start, end, value in sorted(kept)]


def _days_in(text: str, today: datetime.date) -> Iterator[tuple[str, int, int]]:
    """The days as the guides find them, without what is none here."""
    for day, start, end in dates_in(text, today):
        if _NONE_HERE.match(text[start:end]) or _names_no_day(text, start, end):
            continue
        if _UP.match(text, max(start - 1, 0)):
            # 早上週五 is a Friday, not the one of last week.
            start += 1
            day = next((one for one, _, _ in dates_in(text[start:end], today)), day)
        if _WITHOUT_SIGN.search(text[start:end]) and _SIGN.match(text, end):
            end += 1
        if speaks_of_future(text, end):
            day = _coming(text[start:end], today) or day
        yield day.isoformat(), start, end


def _names_no_day(text: str, start: int, end: int) -> bool:
    """Whether it is a number of something (第3號, 3/4題), a length (7日內) or a piece of words (以前天天)."""
    of_month = _DAY_OF_MONTH.fullmatch(text, start, end) is not None
    if (of_month or text[end - 1].isdigit()) and (
        _NO_DAY_AFTER.match(text, end) or _NO_DAY_BEFORE.search(text[max(start - 4, 0) : start])
    ):
        return True
    return (of_month and _LENGTH.match(text, end) is not None) or _INSIDE_OF_WORDS.match(text, start) is not None


def _coming(said: str, today: datetime.date) -> datetime.date | None:
    """The first such day from today on; a month and day that passed not long ago stay in this year."""
    day = next((one for one, _, _ in dates_in(said, today, future=True)), None)
    if day is None or day >= today:
        return day
    if _WEEKDAY.fullmatch(said):
        return day + datetime.timedelta(days=7)
    if _DAY_OF_MONTH.fullmatch(said):
        # A day of the next month that has so many.
        later = (day + datetime.timedelta(days=count) for count in range(28, 63))
        return next(one for one in later if one.day == day.day)
    return day
