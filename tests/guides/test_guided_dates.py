"""Days as people name them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guides.dates import dates_in, find_date

TODAY = datetime.date(2026, 11, 21)  # a Saturday


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天", "2026-11-21"),
        ("昨天", "2026-11-20"),
        ("前天晚上", "2026-11-19"),
        ("大前天", "2026-11-18"),
        ("剛剛才上完", "2026-11-21"),
        ("上週五", "2026-11-13"),
        ("上禮拜五", "2026-11-13"),
        ("上周日", "2026-11-15"),
        ("上礼拜天", "2026-11-15"),
        ("上星期三下午", "2026-11-11"),
        ("這週三", "2026-11-18"),
        ("这周三", "2026-11-18"),
        ("上上週一", "2026-11-02"),
        ("週五", "2026-11-20"),
        ("星期日", "2026-11-15"),
        ("上禮拜", "2026-11-13"),
        ("上個月15號", "2026-10-15"),
        ("上个月15号", "2026-10-15"),
        ("上個月十五號", "2026-10-15"),
        ("上個月底", "2026-10-31"),
        ("月初", "2026-11-01"),
        ("月底", "2026-10-31"),
        ("3月底", "2026-03-31"),
        ("年底", "2025-12-31"),
        ("11/20", "2026-11-20"),
        ("11-20", "2026-11-20"),
        ("11月20日", "2026-11-20"),
        ("11月20號", "2026-11-20"),
        ("11 月 20 日", "2026-11-20"),
        ("１１／２０", "2026-11-20"),
        ("十一月二十日", "2026-11-20"),
        ("十一月廿日", "2026-11-20"),
        ("12/31", "2025-12-31"),
        ("11/22", "2025-11-22"),
        ("2/29", "2024-02-29"),
        ("2026/11/20", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
        ("2026.11.20", "2026-11-20"),
        ("二〇二六年十一月二十日", "2026-11-20"),
        ("115年11月20日", "2026-11-20"),
        ("民國115年11月20日", "2026-11-20"),
        ("115/11/20", "2026-11-20"),
        ("一百一十五年十一月二十日", "2026-11-20"),
        ("去年12月31日", "2025-12-31"),
        ("今年3/5", "2026-03-05"),
        ("20號", "2026-11-20"),
        ("31號", "2026-10-31"),
        ("二十號", "2026-11-20"),
        ("三天前", "2026-11-18"),
        ("3天前", "2026-11-18"),
        ("十天前", "2026-11-11"),
        ("兩個禮拜前", "2026-11-07"),
        ("两个礼拜前", "2026-11-07"),
        ("一個多禮拜了", "2026-11-14"),
        ("等了兩週", "2026-11-07"),
        ("一個月前", "2026-10-21"),
        ("半個月前", "2026-11-06"),
        ("三個月前", "2026-08-21"),
        ("一年前", "2025-11-21"),
        ("我大概是上週五在家上完的", "2026-11-13"),
        ("2/30，不對，是昨天", "2026-11-20"),
    ],
)
def test_a_day_is_found_however_it_is_named(text: str, expected: str) -> None:
    assert find_date(text, TODAY) == day(expected)


@pytest.mark.parametrize(
    "text",
    [
        "13/45",
        "2/30",
        "114年2月29日",
        "2026/2/30",
        "0/0",
        "99999999年前",
        "02-2192-7111",
        "049-2392005",
        "1.5小時",
        "60/100",
        "3-5天",
        "每週五",
        "前幾天",
        "這門課",
        "1-3題",
        "",
        "一二三四五",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert find_date(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/31", "2026-12-31"),
        ("11/22", "2026-11-22"),
        ("10/31", "2026-10-31"),
        ("3/1", "2027-03-01"),
        ("下週五", "2026-11-27"),
        ("下個月5號", "2026-12-05"),
        ("月底", "2026-11-30"),
        ("年底", "2026-12-31"),
        ("明天", "2026-11-22"),
        ("115年12月31日", "2026-12-31"),
    ],
)
def test_where_the_future_counts_too_the_nearest_such_day_is_meant(text: str, expected: str) -> None:
    assert find_date(text, TODAY, future=True) == day(expected)


def test_each_of_several_days_is_given_with_its_place() -> None:
    text = "11/18完成,昨天上傳成功"

    found = [(one, text[start:end]) for one, start, end in dates_in(text, TODAY)]

    assert found == [(day("2026-11-18"), "11/18"), (day("2026-11-20"), "昨天")]


DAYS = st.dates(datetime.date(1995, 1, 1), datetime.date(2060, 12, 31))


@given(st.dates(datetime.date(2011, 1, 1), datetime.date(2060, 12, 31)), DAYS)
def test_a_day_with_its_year_is_found_in_every_spelling(meant: datetime.date, today: datetime.date) -> None:
    year, month, number = meant.year, meant.month, meant.day
    spellings = [
        f"{year}/{month}/{number}",
        f"{year}-{month:02}-{number:02}",
        f"{year}年{month}月{number}日",
        f"{year - 1911}年{month}月{number}號",
        f"民國{year - 1911}年{month}月{number}日",
        f"我{year - 1911}/{month}/{number}上完的",
    ]

    assert {find_date(text, today) for text in spellings} == {meant}


@given(DAYS, st.integers(1, 12), st.integers(1, 31))
def test_a_day_without_a_year_is_the_latest_that_has_come(today: datetime.date, month: int, number: int) -> None:
    found = find_date(f"{month}/{number}", today)

    assert found == find_date(f"{month}月{number}日", today)
    if found is not None:
        assert (found.month, found.day) == (month, number)
        assert found <= today
    else:
        assert number > (29 if month == 2 else 30)


@given(DAYS, st.integers(1, 60))
def test_so_many_days_ago_is_counted_back(today: datetime.date, count: int) -> None:
    assert find_date(f"{count}天前", today) == today - datetime.timedelta(days=count)


@given(st.text(max_size=60), DAYS, st.booleans())
def test_no_text_breaks_the_search(text: str, today: datetime.date, future: bool) -> None:
    found = find_date(text, today, future)

    assert found is None or isinstance(found, datetime.date)


@given(st.text("0123456789/-.年月日號天前上下週五個一二三十百廿底初中半了", max_size=30), DAYS, st.booleans())
def test_no_heap_of_signs_of_dates_breaks_the_search(text: str, today: datetime.date, future: bool) -> None:
    assert all(start < end for _, start, end in dates_in(text, today, future))
