"""What editors said of messages, and the patch of it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from clock import MORNING, Clock
from sqlalchemy.engine import Engine

from bot.journal.journal import Journal
from bot.journal.turns import Turn
from bot.knowledge.models import Knowledge
from bot.learning.box import LearningBox
from bot.learning.patch import held_out, patch_of
from bot.learning.verdicts import EXPORTED_KEPT, Accepted, VerdictError


@pytest.fixture
def box(engine: Engine, clock: Clock) -> LearningBox:
    journal = Journal(engine, "secret", clock)
    for number, text in enumerate(["冷氣壞了怎麼辦", "冷氣壞了怎麼辦呢", "我要退選啦", "都不是"]):
        journal.write(Turn(MORNING, "web", journal.conversation(f"web-{number}"), "fallback", text=text))
    return LearningBox(engine, "secret", clock)


def keys(box: LearningBox, knowledge: Knowledge, text: str) -> list[str]:
    return next([one.key for one in each.items] for each in box.clusters(knowledge) if each.items[0].text == text)


def test_the_inbox_holds_clusters_without_what_buttons_send(box: LearningBox, knowledge: Knowledge) -> None:
    assert [[item.text for item in one.items] for one in box.clusters(knowledge)] == [
        ["冷氣壞了怎麼辦", "冷氣壞了怎麼辦呢"],
        ["我要退選啦"],
    ]


def test_what_is_treated_is_gone_for_good_and_accepted(box: LearningBox, knowledge: Knowledge, clock: Clock) -> None:
    treated = box.treat(keys(box, knowledge, "我要退選啦"), "topic", "li.ed", knowledge, "withdraw_course")

    assert treated == 1
    assert [one.items[0].text for one in box.clusters(knowledge)] == ["冷氣壞了怎麼辦"]
    assert [(one.verdict, one.topic, one.text) for one in box.verdicts.accepted()] == [
        ("topic", "withdraw_course", "我要退選啦")
    ]


def test_treating_twice_changes_nothing(box: LearningBox, knowledge: Knowledge) -> None:
    both = keys(box, knowledge, "冷氣壞了怎麼辦")

    assert box.treat(both, "out_of_scope", "li.ed", knowledge) == 2
    assert box.treat(both, "ignore", "wang.sv", knowledge) == 0
    assert {one.verdict for one in box.verdicts.accepted()} == {"out_of_scope"}


def test_what_is_ignored_leaves_no_words(box: LearningBox, knowledge: Knowledge) -> None:
    box.treat(keys(box, knowledge, "我要退選啦"), "ignore", "li.ed", knowledge)

    assert box.verdicts.accepted() == []
    assert len(box.verdicts.treated()) == 1


@pytest.mark.parametrize(
    ("verdict", "topic", "note", "what"),
    [
        ("topic", "nonsense", "", "not in topics.yml"),
        ("topic", None, "", "not in topics.yml"),
        ("ignore", "withdraw_course", "", "names the topic"),
        ("new_topic", None, " ", "new topic"),
        ("burn", None, "", "no verdict"),
    ],
)
def test_a_verdict_that_cannot_be_is_refused(
    box: LearningBox, knowledge: Knowledge, verdict: str, topic: str | None, note: str, what: str
) -> None:
    with pytest.raises(VerdictError, match=what):
        box.treat(keys(box, knowledge, "我要退選啦"), verdict, "li.ed", knowledge, topic, note)


def test_the_words_of_what_was_exported_go_in_the_end(box: LearningBox, knowledge: Knowledge, clock: Clock) -> None:
    box.treat(keys(box, knowledge, "我要退選啦"), "topic", "li.ed", knowledge, "withdraw_course")
    box.verdicts.mark_exported([one.key for one in box.verdicts.accepted()])

    assert box.verdicts.accepted() == []
    assert len(box.verdicts.accepted(exported=True)) == 1
    clock.now = MORNING + EXPORTED_KEPT + datetime.timedelta(minutes=1)
    box.verdicts.mark_exported([])
    assert box.verdicts.accepted(exported=True) == []


def accepted(text: str, cluster: str, topic: str | None = "withdraw_course", verdict: str = "topic") -> Accepted:
    return Accepted(text, cluster, verdict, topic, "新題目", text)


LESSON, MEASURE = "00000001", "00000005"


def test_a_cluster_goes_to_one_side_whole() -> None:
    patch = patch_of(
        [accepted("甲一", LESSON), accepted("甲二", LESSON), accepted("乙一", MEASURE), accepted("乙二", MEASURE)], {}
    )

    assert (held_out(LESSON), held_out(MEASURE)) == (False, True)
    assert patch.training == {"withdraw_course": ["甲一", "甲二"]}
    assert patch.held_out == {"withdraw_course": ["乙一", "乙二"]}


def test_what_stands_somewhere_already_is_refused_and_settled() -> None:
    patch = patch_of(
        [accepted("怎麼退選？", LESSON), accepted("新的說法", LESSON), accepted("新的 說法！", MEASURE)],
        {"怎麼退選": "bot/data/nlu/faq/courses.yml"},
    )

    assert patch.training == {"withdraw_course": ["新的說法"]}
    assert patch.held_out == {}
    assert [text for text, _where in patch.refused] == ["怎麼退選？", "新的 說法！"]
    assert len(patch.keys) == 3


def test_new_topics_and_what_is_out_of_scope_have_their_places() -> None:
    patch = patch_of(
        [accepted("冷氣", LESSON, None, "out_of_scope"), accepted("電子報", LESSON, None, "new_topic")], {}
    )

    assert (patch.training, patch.new_topics) == ({"out_of_scope": ["冷氣"]}, {"新題目": ["電子報"]})


def test_a_letter_of_several_lines_becomes_one(tmp_path: Path) -> None:
    assert patch_of([accepted("您好\n\n我要 退選", LESSON)], {}).training == {"withdraw_course": ["您好 我要 退選"]}
