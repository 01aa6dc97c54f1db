"""Metrics by kind of message: intervals and the test against the rest, by figures known from elsewhere."""

from __future__ import annotations

import pytest

from bot.commands.kinds import falls_behind, kinds, table, wilson
from bot.commands.questions import Question
from bot.nlu.decision import Decision

RIGHT, WRONG = Decision("answer", (("a", 0.9),)), Decision("answer", (("b", 0.9),))
OFFERED, REFUSED = Decision("suggest", (("b", 0.4), ("a", 0.3))), Decision("fallback", ())


def test_each_kind_has_the_shares_of_its_own_messages() -> None:
    pairs = [
        (Question("1", "a", kind="slips"), RIGHT),
        (Question("2", "a", kind="slips"), OFFERED),
        (Question("3", "a", kind="slips"), WRONG),
        (Question("4", "a", kind="slips"), REFUSED),
        (Question("5", "out_of_scope", kind="slips"), RIGHT),
        (Question("6", "out_of_scope", kind="outside"), REFUSED),
    ]

    outside, slips = kinds(pairs)

    assert (slips.kind, slips.messages, slips.in_scope, slips.out_of_scope) == ("slips", 5, 4, 1)
    assert (slips.answered_right, slips.wrong, slips.helped, slips.false_answers) == (0.25, 0.25, 0.5, 1.0)
    assert (outside.kind, outside.answered_right, outside.answered_right_low, outside.behind) == (
        "outside", None, None, None,
    )  # fmt: skip
    assert outside.false_answers == 0.0


def test_where_no_message_has_a_kind_there_are_none() -> None:
    assert kinds([(Question("1", "a"), RIGHT)]) == []
    assert kinds([]) == []


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.883, 1.0),
    ],
)
def test_the_wilson_interval_is_that_of_the_literature(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == (low, high)


@pytest.mark.parametrize(
    ("part", "whole", "rest_part", "rest_whole", "behind"),
    [
        (90, 100, 950, 1000, False),  # 5 points below, but few messages: z = 0.65
        (900, 1000, 9500, 10000, True),  # the same with many: z = 2.05
        (930, 1000, 9500, 10000, False),  # 2 points are within the margin
        (960, 1000, 9500, 10000, False),
        (0, 5, 100, 100, True),
        (100, 100, 100, 100, False),
    ],
)
def test_a_kind_is_behind_only_where_chance_hardly_explains_it(
    part: int, whole: int, rest_part: int, rest_whole: int, behind: bool
) -> None:
    assert falls_behind(part, whole, rest_part, rest_whole) is behind


def test_the_table_says_of_each_kind_whether_it_is_behind() -> None:
    pairs = [(Question(str(n), "a", kind="slips"), WRONG) for n in range(50)]
    pairs += [(Question(str(n), "a", kind="emails"), RIGHT) for n in range(50)]
    pairs += [(Question("x", "out_of_scope", kind="outside"), REFUSED)]

    _heading, emails, outside, slips = table(kinds(pairs))

    assert "100.0 % (92.9 % – 100.0 %)" in emails and emails.endswith(
        "not significantly more than 3 points below the rest"
    )
    assert slips.endswith("SIGNIFICANTLY MORE THAN 3 points below the rest")
    assert "significantly" not in outside.lower() and "None" not in outside
