"""What a message is said in the light of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.context import TurnContext, context_of, decisions_in, small_talk_of
from bot.knowledge.models import Knowledge, Topic

SMALL_TALK = frozenset({"greet", "thank", "deny"})
MISS = {"outcome": "fallback", "topics": []}
DENY = {"outcome": "answer", "topics": [{"id": "deny", "score": 0.9}]}


def answered(topic: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"outcome": "answer", "topics": [{"id": topic, "score": 0.9}], "text": text, **more}


def offered(*topics: str) -> dict[str, Any]:
    return {"outcome": "suggest", "topics": [{"id": topic, "score": 0.3} for topic in topics]}


def context(*decisions: dict[str, Any]) -> TurnContext:
    return context_of(decisions, SMALL_TALK)


def test_a_conversation_that_has_not_begun_leaves_nothing() -> None:
    assert context() == TurnContext()


def test_the_topic_last_answered_stands_with_its_question() -> None:
    found = context(answered("withdraw_course", "怎麼退選"), answered("print_certificate", "證書呢"))

    assert (found.topic, found.question) == ("print_certificate", "證書呢")


def test_a_follow_up_made_whole_is_the_question_from_then_on() -> None:
    first = answered("hours_lifelong", "時數沒上傳到終身")

    found = context(first, answered("hours_env", "那環教呢", follow_up="facet", question="時數沒上傳到環教"))

    assert (found.topic, found.question) == ("hours_env", "時數沒上傳到環教")


def test_small_talk_leaves_the_answer_standing() -> None:
    found = context(answered("withdraw_course", "怎麼退選"), answered("thank", "謝謝"))

    assert (found.topic, found.question, found.misses) == ("withdraw_course", "怎麼退選", 0)


def test_asking_for_the_desk_leaves_the_answer_standing() -> None:
    found = context(answered("withdraw_course", "怎麼退選"), answered("contact_desk", "電話呢", follow_up="contact"))

    assert (found.topic, found.question) == ("withdraw_course", "怎麼退選")


def test_a_desk_asked_for_at_the_very_beginning_is_no_answer_to_go_on_from() -> None:
    assert context(answered("contact_desk", "客服電話")).topic is None


def test_the_step_last_spoken_of_is_kept_until_something_else_is_answered() -> None:
    asked = answered("withdraw_course", "怎麼退選")
    step = answered("withdraw_course", "第二步", follow_up="step", step=2)
    stuck = answered("withdraw_course", "沒有那個按鈕", follow_up="stuck")

    assert context(asked, step).step == 2
    assert context(asked, step, stuck).step == 2
    assert context(asked, step, answered("print_certificate")).step == 0


def test_what_was_offered_is_remembered_until_something_is_answered() -> None:
    twice = context(offered("a", "b"), offered("c", "d"))
    after = context(offered("a", "b"), answered("a", "甲"))

    assert (twice.offered, twice.open_offer) == (frozenset("abcd"), True)
    assert (after.offered, after.open_offer) == (frozenset(), False)


def test_misses_are_counted_and_an_answer_ends_the_count() -> None:
    assert context(MISS, MISS).misses == 2
    assert context(MISS, MISS, answered("a")).misses == 0
    assert context(answered("a"), MISS).topic == "a"


def test_a_no_to_suggestions_is_a_miss_and_any_other_no_is_none() -> None:
    assert context(offered("a", "b"), DENY).misses == 1
    assert context(DENY).misses == 0
    assert context(offered("a", "b"), answered("greet"), DENY).misses == 0
    assert context(MISS, DENY).misses == 2


def test_a_guide_that_waits_for_a_reply_is_told() -> None:
    assert context_of([], SMALL_TALK, in_guide=True) == TurnContext(in_guide=True)


@given(st.lists(st.sampled_from([MISS, DENY, offered("a", "b"), offered("c"), answered("a", "甲"), answered("greet")])))
def test_misses_never_outnumber_the_turns_and_an_offer_is_open_only_after_one(decisions: list[dict[str, Any]]) -> None:
    found = context_of(decisions, SMALL_TALK)

    assert 0 <= found.misses <= len(decisions)
    assert found.open_offer == bool(decisions and decisions[-1]["outcome"] == "suggest")


@dataclass(frozen=True)
class Event:
    """An event of a conversation, as far as it is read."""

    type_name: str
    text: str | None = None
    parse_data: dict[str, Any] | None = field(default=None)


def test_decisions_come_in_order_each_with_its_message() -> None:
    events = [
        Event("action"),
        Event("user", "怎麼退選", {"decision": {"outcome": "answer", "topics": []}}),
        Event("bot", "點退選"),
        Event("user", None, {"decision": {"outcome": "fallback", "topics": []}}),
    ]

    found = decisions_in(events)

    assert [(one["outcome"], one["text"]) for one in found] == [("answer", "怎麼退選"), ("fallback", "")]


def test_a_new_session_begins_anew() -> None:
    decision = {"decision": MISS}
    events = [Event("user", "舊的", decision), Event("session_started"), Event("user", "新的", decision)]

    assert [one["text"] for one in decisions_in(events)] == ["新的"]


def test_messages_that_nothing_was_decided_for_are_passed_over() -> None:
    assert (
        decisions_in([Event("user", "/restart"), Event("user", "…", {}), Event("user", "…", {"decision": None})]) == []
    )


def test_reading_a_conversation_changes_none_of_its_decisions() -> None:
    decision = {"outcome": "answer", "topics": []}

    decisions_in([Event("user", "怎麼退選", {"decision": decision})])

    assert decision == {"outcome": "answer", "topics": []}


def test_small_talk_is_what_the_knowledge_files_as_conversation() -> None:
    topics = {
        "greet": Topic("greet", "打招呼", "conversation"),
        "withdraw_course": Topic("withdraw_course", "退選", "faq"),
    }

    assert small_talk_of(Knowledge(topics=topics)) == {"greet"}
