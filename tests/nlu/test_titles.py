"""Course titles in messages."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.titles import TitleFinder

TITLES = ("環境變遷概論", "公文寫作要領", "海洋保育：從一支吸管談起", "程式設計初階", "程式設計進階", "Python入門")
FINDER = TitleFinder(TITLES)


def found(text: str, finder: TitleFinder = FINDER) -> list[tuple[str, str]]:
    return [(one.value, text[one.start : one.end]) for one in finder.find(text)]


@pytest.mark.parametrize(
    "words",
    ["環境變遷概論", "环境变迁概论", "環境變千概論", "環境變 遷概論", "環境遷概論", "環境變化概論", "環境的變遷概論"],
)
def test_a_title_is_found_with_a_slip_by_sound_and_in_simplified_signs(words: str) -> None:
    assert found(f"請問{words}的時數呢") == [("環境變遷概論", words)]


def test_a_telling_part_is_enough() -> None:
    assert found("環境變遷過了沒") == [("環境變遷概論", "環境變遷")]
    assert found("海洋保育從一支吸管") == [("海洋保育：從一支吸管談起", "海洋保育從一支吸管")]


def test_a_whole_line_of_a_title_is_enough() -> None:
    assert found("從一支吸管談起要考試嗎") == [("海洋保育：從一支吸管談起", "從一支吸管談起")]


def test_a_short_part_is_enough_only_where_the_words_around_say_that_it_is_a_course() -> None:
    assert found("海洋保育的課有哪些") == []
    assert found("海洋保育那門課過了沒") == [("海洋保育：從一支吸管談起", "海洋保育")]
    assert found("「海洋保育」過了沒") == [("海洋保育：從一支吸管談起", "海洋保育")]


def test_a_part_of_two_titles_names_neither() -> None:
    assert found("程式設計那門課") == []
    assert found("程式設計初階那門課") == [("程式設計初階", "程式設計初階")]


def test_two_titles_in_one_message_are_both_found() -> None:
    assert found("公文寫作要領跟PYTHON入門") == [("公文寫作要領", "公文寫作要領"), ("Python入門", "PYTHON入門")]


def test_the_words_that_point_at_a_course_are_no_slip_of_its_title() -> None:
    finder = TitleFinder(["簡報設計入門"])

    assert found("我要退簡報設計那門", finder) == [("簡報設計入門", "簡報設計")]


def test_signs_that_only_sound_like_more_of_the_title_are_no_part_of_it() -> None:
    finder = TitleFinder(["個人資料管理實務"])

    assert found("個人資料關掉那門課", finder) == []
    assert found("個人資料裡", finder) == []


def test_a_part_within_another_name_is_none_but_the_whole_title_is() -> None:
    finder = TitleFinder(["環境教育法", "終身學習"])

    assert finder.find("環境教育時數", names=[(0, 4)]) == []
    assert [one.value for one in finder.find("終身學習", names=[(0, 4)])] == ["終身學習"]


@pytest.mark.parametrize("text", ["", "？", "我的時數呢", "怎麼退選", "概論"])
def test_messages_that_name_no_course_name_none(text: str) -> None:
    assert found(text) == []


def test_without_titles_nothing_is_found() -> None:
    assert TitleFinder([]).find("環境變遷概論") == []
    assert TitleFinder(["課", ""]).find("課") == []


def test_two_thousand_titles_cost_less_than_a_millisecond_a_message() -> None:
    signs = "環境教育變遷概論公文寫作要領程式設計性別平等人權資安倫理法規實務基礎進階管理數位永續健康海洋"
    chance = random.Random(7)
    finder = TitleFinder("".join(chance.choices(signs, k=chance.randint(5, 14))) for _ in range(2000))
    text = "請問環境變遷概論跟公文寫作要領這兩門課我上禮拜都上完了，為什麼時數還沒上傳"
    finder.find(text)

    begin = time.process_time()
    for _ in range(50):
        finder.find(text)

    assert (time.process_time() - begin) / 50 < 0.004  # Four times what is promised: the machine may be busy.


@given(st.text("環境變遷概論公文寫作程式設計python：「」那門課 的", max_size=30))
def test_every_title_found_lies_in_the_text_and_beside_the_others(text: str) -> None:
    places = [(one.start, one.end) for one in FINDER.find(text)]

    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
