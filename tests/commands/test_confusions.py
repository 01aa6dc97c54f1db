"""Which topics are taken for which, and the list of everything that was not right."""

from __future__ import annotations

import json

from bot.commands.confusions import OTHER, Confusion, error_lines, matrix, missed_suggestions, wrong_answers
from bot.commands.questions import Question
from bot.nlu.decision import Decision


def answer(*topics: str) -> Decision:
    return Decision("answer", tuple((topic, 0.9) for topic in topics))


def suggest(*topics: str) -> Decision:
    return Decision("suggest", tuple((topic, 0.4) for topic in topics))


FALLBACK = Decision("fallback", (("c", 0.1),))


def test_wrong_answers_and_missed_suggestions_are_counted_apart() -> None:
    pairs = [
        (Question("甲", "a"), answer("b")),
        (Question("乙", "a"), answer("b")),
        (Question("丙", "a"), suggest("b", "c")),
        (Question("丁", "a"), suggest("b", "a")),
        (Question("戊", "out_of_scope"), suggest("b", "c")),
        (Question("己", "out_of_scope"), answer("b")),
        (Question("庚", "a"), FALLBACK),
    ]

    assert wrong_answers(pairs) == [Confusion("a", "b", 2, "甲"), Confusion("out_of_scope", "b", 1, "己")]
    assert missed_suggestions(pairs) == [Confusion("a", "b", 1, "丙")]


def test_the_matrix_holds_the_topics_taken_for_each_other_and_each_row_adds_up_to_1() -> None:
    pairs = [
        (Question("1", "a"), answer("a")),
        (Question("2", "a"), answer("b")),
        (Question("3", "a"), FALLBACK),
        (Question("4", "a"), answer("d")),
        (Question("5", "b"), suggest("a", "b")),
        (Question("6", "c"), answer("c")),
        (Question("7", "out_of_scope"), answer("c")),
        (Question("8", "out_of_scope"), FALLBACK),
    ]

    found = matrix(pairs)

    assert found.topics == ["a", "b", "out_of_scope"]
    assert found.said == ["a", "b", "out_of_scope", OTHER]
    assert found.shares == [[0.25, 0.25, 0.25, 0.25], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]]
    assert found.messages == [4, 1, 2]


def test_where_nothing_is_confused_the_matrix_is_empty_but_for_what_is_out_of_scope() -> None:
    found = matrix([(Question("1", "a"), answer("a")), (Question("2", "out_of_scope"), FALLBACK)])

    assert (found.topics, found.shares) == (["out_of_scope"], [[1.0, 0.0]])


def test_only_as_many_topics_as_asked_for_are_in_the_matrix() -> None:
    pairs = [(Question(str(n), f"topic_{n}"), answer(f"topic_{n + 1}")) for n in range(30)]

    assert len(matrix(pairs, most=5).topics) == 5


def test_every_message_that_was_not_right_is_listed_with_what_was_said() -> None:
    pairs = [
        (Question("對", "a"), answer("a")),
        (Question("錯", "a", ("c",), kind="slips"), answer("b")),
        (Question("一半", "a"), suggest("b", "a")),
        (Question("沒有", "a"), FALLBACK),
        (Question("天氣", "out_of_scope", range="far"), answer("b")),
        (Question("股票", "out_of_scope"), suggest("a", "b")),
    ]

    lines = list(error_lines(pairs))

    assert [json.loads(line)["verdict"] for line in lines] == ["wrong", "helped", "refused", "false_answer"]
    assert json.loads(lines[0]) == {
        "text": "錯",
        "topic": "a",
        "accept": ["c"],
        "kind": "slips",
        "range": "",
        "verdict": "wrong",
        "outcome": "answer",
        "topics": [{"id": "b", "score": 0.9}],
    }
    assert "錯" in lines[0]
