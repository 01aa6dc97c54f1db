"""What the bot could learn from."""

from __future__ import annotations

import datetime
from typing import Any

from bot.desks.hours import TAIPEI
from bot.journal.turns import Turn
from bot.learning.clusters import clusters
from bot.learning.inbox import collect, folded, keyed

START = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=TAIPEI)
KEY = keyed("secret")


def turns(*those: tuple[str, str, str] | tuple[str, str, str, dict[str, Any]]) -> list[Turn]:
    """Turns a minute apart: who, outcome, text, and what else."""
    return [
        Turn(
            START + datetime.timedelta(minutes=number),
            "web",
            one[0],
            one[1],
            text=one[2] or None,
            id=number + 1,
            **(one[3] if len(one) > 3 else {}),  # type: ignore[misc]
        )
        for number, one in enumerate(those)
    ]


def found(*those: Any, said_by: tuple[str, ...] = ("都不是", "如何退選")) -> list[tuple[str, tuple[str, ...], int]]:
    return [(one.text, one.reasons, one.count) for one in collect(turns(*those), KEY, said_by=said_by)]


def test_what_was_not_answered_is_there_and_what_was_answered_is_not() -> None:
    assert found(("a", "fallback", "冷氣壞了"), ("a", "answer", "怎麼退選"), ("a", "chat", "")) == [
        ("冷氣壞了", ("not_answered",), 1)
    ]


def test_the_same_message_of_several_people_counts_up_whatever_its_width_and_marks() -> None:
    assert found(("a", "fallback", "ＷＩＦＩ 連不上？"), ("b", "fallback", "wifi連不上")) == [
        ("wifi連不上", ("not_answered",), 2)
    ]


def test_suggestions_that_nobody_wanted_are_there_and_those_that_were_taken_are_not() -> None:
    assert found(("a", "suggest", "那個課的事"), ("a", "fallback", "都不是")) == [("那個課的事", ("refused",), 1)]
    assert found(("a", "suggest", "那個課的事"), ("a", "answer", "如何退選")) == []
    assert found(("a", "suggest", "那個課的事"), ("b", "fallback", "都不是")) == []


def test_a_thumb_down_is_there() -> None:
    down = {"helpful": False, "topic": "withdraw_course"}

    assert found(("a", "answer", "課要怎麼弄掉", down)) == [("課要怎麼弄掉", ("thumbed_down",), 1)]
    assert found(("a", "answer", "課要怎麼弄掉", {"helpful": True})) == []


def test_the_question_before_a_hand_over_is_there_also_with_a_button_between() -> None:
    over = {"handed_over": True}

    assert found(("a", "answer", "時數不見了"), ("a", "case", "", over)) == [("時數不見了", ("handed_over",), 1)]
    assert found(("a", "answer", "時數不見了"), ("a", "answer", "如何退選"), ("a", "case", "", over)) == [
        ("時數不見了", ("handed_over",), 1)
    ]


def test_a_question_of_yesterday_has_nothing_to_do_with_todays_hand_over() -> None:
    first, second = turns(("a", "answer", "時數不見了"), ("a", "case", "", {"handed_over": True}))
    late = Turn(second.at + datetime.timedelta(days=1), "web", "a", "case", handed_over=True, id=2)

    assert collect([first, late], KEY) == []


def test_a_treated_message_never_returns() -> None:
    again = turns(("a", "fallback", "冷氣壞了！"), ("b", "fallback", "還有別的"))

    assert [one.text for one in collect(again, KEY, frozenset({KEY("冷氣壞了")}))] == ["還有別的"]


def test_nobody_finds_the_way_back_from_a_name() -> None:
    assert keyed("another")("冷氣壞了") != KEY("冷氣壞了")
    assert KEY("冷氣壞了") == KEY(" 冷氣，壞了。")
    assert folded("！？") == "!?"


def test_near_identical_messages_stand_together_and_different_ones_apart() -> None:
    texts = ["怎麼退選", "請問怎麼退選", "怎麼退選呢", "怎麼選課", "怎麼退選"]
    items = collect(turns(*((str(at), "fallback", text) for at, text in enumerate(texts))), KEY)

    assert [[item.text for item in one.items] for one in clusters(items)] == [
        ["怎麼退選", "怎麼退選呢", "請問怎麼退選"],
        ["怎麼選課"],
    ]
    assert [one.count for one in clusters(items)] == [4, 1]
    assert clusters(reversed(items)) == clusters(items)


def test_thousands_of_messages_are_put_together_without_comparing_each_with_each() -> None:
    texts = [f"第{number}種問題要怎麼辦才好{number * 7919}" for number in range(3000)]
    items = collect(turns(*((str(at), "fallback", text) for at, text in enumerate(texts))), KEY)

    assert sum(len(one.items) for one in clusters(items)) == 3000
