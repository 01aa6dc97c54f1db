"""Days, months and years as entities."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.days import find_days

TODAY = datetime.date(2026, 11, 20)  # a Friday


def found(text: str) -> list[tuple[str, str]]:
    return [(one.value, text[one.start : one.end]) for one in find_days(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("昨天", "2026-11-19"),
        ("上週五", "2026-11-13"),
        ("上禮拜三", "2026-11-11"),
        ("11/20", "2026-11-20"),
        ("１１／２０", "2026-11-20"),
        ("11.18", "2026-11-18"),
        ("12/15", "2025-12-15"),
        ("11 月 5 日", "2026-11-05"),
        ("十一月五號", "2026-11-05"),
        ("115年11月3日", "2026-11-03"),
        ("1151103", "2026-11-03"),
        ("20261103", "2026-11-03"),
        ("5號", "2026-11-05"),
        ("三天前", "2026-11-17"),
        ("上个月底", "2026-10-31"),
        ("去年底", "2025-12-31"),
        ("今年初", "2026-01-01"),
    ],
)
def test_a_day_is_an_iso_day(text: str, value: str) -> None:
    assert found(f"我{text}上完的") == [(value, text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10月", "2026-10"),
        ("十二月", "2025-12"),
        ("10月份", "2026-10"),
        ("去年10月", "2025-10"),
        ("114年3月", "2025-03"),
        ("二〇二五年三月", "2025-03"),
        ("2026/09", "2026-09"),
        ("上個月", "2026-10"),
        ("上上個月", "2026-09"),
        ("三個月前", "2026-08"),
    ],
)
def test_a_month_is_year_and_month(text: str, value: str) -> None:
    assert found(f"我{text}的時數") == [(value, text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("113年", "2024"),
        ("民國113年", "2024"),
        ("一一三年", "2024"),
        ("2024年", "2024"),
        ("去年", "2025"),
        ("今年", "2026"),
        ("兩年前", "2024"),
    ],
)
def test_a_year_is_four_digits(text: str, value: str) -> None:
    assert found(f"{text}的紀錄") == [(value, text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11/30前要讀完", "2026-11-30"),
        ("12/10截止", "2026-12-10"),
        ("25號前要交", "2026-11-25"),
        ("10號截止", "2026-12-10"),
        ("31號截止", "2026-12-31"),
        ("月底前要完成", "2026-11-30"),
        ("12月會開課嗎", "2026-12"),
        ("週一會開放嗎", "2026-11-23"),
        ("下週二", "2026-11-24"),
        ("明天", "2026-11-21"),
    ],
)
def test_where_the_clause_speaks_of_what_is_to_come_the_next_one_is_meant(text: str, value: str) -> None:
    assert [one for one, _ in found(text)] == [value]


@pytest.mark.parametrize("text", ["12/10上的課還沒進來", "12/10就上完了", "12/10已經考過，要怎麼補登"])
def test_where_it_speaks_of_what_is_past_the_last_one_is_meant(text: str) -> None:
    assert [one for one, _ in found(text)] == ["2025-12-10"]


@pytest.mark.parametrize(
    "text",
    [
        "等了兩週",
        "十天了",
        "兩年",
        "3個月",
        "7日內",
        "每週五",
        "上禮拜",
        "剛剛上完",
        "以前天天上",
        "說明天數",
        "最後天數",
        "第10號",
        "5號館",
        "10/10題",
        "113/200",
        "版本 11.20",
        "ios 11.20",
        "11.5小時",
        "0912-345-678",
        "五月天",
        "99999年",
        "",
    ],
)
def test_lengths_numbers_and_pieces_of_words_are_no_dates(text: str) -> None:
    assert found(text) == []


def test_friday_morning_after_an_up_is_not_the_one_of_last_week() -> None:
    assert found("早上週五的課") == [("2026-11-20", "週五")]


def test_several_dates_come_in_the_order_of_the_text() -> None:
    assert found("11/18完成，昨天還沒上傳") == [("2026-11-18", "11/18"), ("2026-11-19", "昨天")]


@given(
    st.text("0123456789/-.年月日號天前上下這個週五一二三十百廿底初中半了今去明昨以後要 ", max_size=25),
    st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 12, 31)),
)
def test_no_heap_of_signs_breaks_the_search(text: str, today: datetime.date) -> None:
    places = [(one.start, one.end) for one in find_days(text, today)]

    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
