"""How long something takes, as people write it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.durations import find_durations


def found(text: str) -> list[tuple[str, str]]:
    return [(one.value, text[one.start : one.end]) for one in find_durations(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8小時", "PT8H"),
        ("6.5小時", "PT6H30M"),
        ("８ 小時", "PT8H"),
        ("三個鐘頭", "PT3H"),
        ("半小時", "PT30M"),
        ("半個鐘頭", "PT30M"),
        ("一個半小時", "PT1H30M"),
        ("兩小時半", "PT2H30M"),
        ("1小時又20分", "PT1H20M"),
        ("2小时30分钟", "PT2H30M"),
        ("90分鐘", "PT1H30M"),
        ("二十分鐘", "PT20M"),
        ("五分鐘半", "PT5M30S"),
        ("三刻鐘", "PT45M"),
        ("30秒", "PT30S"),
        ("4hr", "PT4H"),
        ("2h30m", "PT2H30M"),
        ("45 mins", "PT45M"),
        ("3天", "P3D"),
        ("十天", "P10D"),
        ("兩天半", "P2DT12H"),
        ("三個工作天", "P3D"),
        ("一週", "P1W"),
        ("两个礼拜", "P2W"),
        ("半個月", "P15D"),
        ("一個半月", "P1M15D"),
        ("十二個月", "P12M"),
        ("半年", "P6M"),
        ("兩年半", "P2Y6M"),
        ("一年又三個月", "P1Y3M"),
        ("一年多", "P1Y"),
        ("2 weeks", "P2W"),
    ],
)
def test_a_duration_is_found_however_it_is_written(text: str, value: str) -> None:
    assert found(f"大概{text}吧") == [(value, text)]


@pytest.mark.parametrize(
    "text",
    [
        "第3天",
        "第八小時",
        "哪一天",
        "有一天",
        "最後一天",
        "等了半天",
        "兩三天",
        "十幾天",
        "3-5天",
        "三到五天",
        "三天前",
        "兩個月前",
        "一年前",
        "113年",
        "二年級",
        "十月",
        "75分",
        "三天兩頭",
        "一天到晚",
        "24小時客服",
        "24小時都有客服",
        "0分鐘",
        "99999999999999999999年",
        "",
    ],
)
def test_ordinals_idioms_vague_ones_and_dates_are_no_durations(text: str) -> None:
    assert found(text) == []


def test_several_durations_come_in_the_order_of_the_text() -> None:
    assert found("8小時的課只讀了40分鐘") == [("PT8H", "8小時"), ("PT40M", "40分鐘")]


def test_a_length_of_some_days_is_told_from_a_day_of_the_month() -> None:
    assert found("7日內補件") == [("P7D", "7日")]
    assert found("7日補件") == []


def test_only_one_year_is_a_length() -> None:
    assert found("只有一年") == [("P1Y", "一年")]


@given(st.text("0123456789.一兩半十百多個小時鐘頭分秒天日週年月又零第前內hm 的", max_size=25))
def test_no_heap_of_signs_breaks_the_search(text: str) -> None:
    places = [(one.start, one.end) for one in find_durations(text)]

    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
