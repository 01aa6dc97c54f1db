"""What a turn came to, read from what was said."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bot.desks.hours import TAIPEI
from bot.journal.turns import turn_of

AT = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=TAIPEI)
ANSWERED = {"type": "answer", "topic": "withdraw_course", "score": 0.9, "desk": "platform"}


def turn(*customs: dict[str, Any], text: str = "怎麼退選", **named: Any) -> Any:
    said = [{"text": "…"}, *({"custom": one} for one in customs)]
    return turn_of(said, AT, "web", "hash", text, **named)


def test_an_answer_has_topic_score_and_desk() -> None:
    found = turn(ANSWERED)

    assert (found.outcome, found.topic, found.topics, found.desk) == (
        "answer",
        "withdraw_course",
        (("withdraw_course", 0.9),),
        "platform",
    )
    assert (found.text, found.handed_over, found.case_number) == ("怎麼退選", False, None)


def test_how_a_turn_goes_on_from_the_answer_before_it_is_kept() -> None:
    assert turn({**ANSWERED, "goes_on": "step"}, text="第二步").goes_on == "step"
    assert turn(ANSWERED).goes_on is None


def test_two_answers_are_both_kept_in_order() -> None:
    found = turn(ANSWERED, {"type": "answer", "topic": "forgot_password", "score": 0.8, "desk": "platform"})

    assert [topic for topic, _score in found.topics] == ["withdraw_course", "forgot_password"]


@pytest.mark.parametrize(
    ("custom", "outcome", "topic"),
    [
        ({"type": "suggest", "topics": ["withdraw_course", "course_period"]}, "suggest", "withdraw_course"),
        ({"type": "fallback"}, "fallback", None),
        ({"type": "chat", "intent": "greet"}, "chat", None),
        ({"type": "contact", "desk": "egov"}, "answer", "contact_desk"),
        ({"type": "diagnosis", "desk": "platform"}, "answer", "my_hours_status"),
        ({"type": "login_required"}, "answer", None),
        ({"type": "guide"}, "guide", None),
        ({"type": "case", "case_id": "2611-0001", "status": "new", "desk": "egov"}, "case", None),
    ],
)
def test_each_reply_has_its_outcome(custom: dict[str, Any], outcome: str, topic: str | None) -> None:
    found = turn(custom)

    assert (found.outcome, found.topic) == (outcome, topic)


def test_a_case_that_was_opened_is_a_hand_over_and_one_that_is_only_told_of_is_none() -> None:
    case = {"type": "case", "case_id": "2611-0001", "desk": "egov"}

    assert turn({**case, "status": "new", "opened": True}).handed_over
    assert not turn({**case, "status": "new"}).handed_over
    assert not turn({**case, "status": "open"}).handed_over
    assert turn({**case, "status": "open"}).case_number == "2611-0001"


def test_what_is_no_question_leaves_no_words() -> None:
    case = {"type": "case", "case_id": "2611-0001", "status": "new", "desk": "egov", "opened": True}

    assert turn(case, text="王小明").text is None
    assert turn({"type": "contact", "desk": "egov"}, {"type": "case_form"}, text="王小明").text is None
    assert turn({"type": "chat", "intent": "thank"}, text="謝謝").text is None
    assert turn_of([], AT, "web", "hash", "給客服的話").text is None


def test_silence_refusal_and_failure_are_told_apart() -> None:
    apology = [{"text": "很抱歉"}]

    assert turn_of([], AT, "web", "hash", "在嗎").outcome == "silent"
    assert turn_of([{"text": "太長"}], AT, "web", "hash", "", refused=True).outcome == "refused"
    assert turn_of(apology, AT, "web", "hash", "在嗎", apology="很抱歉").outcome == "failed"
    assert turn_of(apology, AT, "web", "hash", "在嗎", apology="別的").outcome == "chat"


def test_a_case_form_is_no_answer_though_a_desk_s_card_heads_it() -> None:
    begun = turn({"type": "contact", "desk": "egov"}, {"type": "case_form", "form": "outside"}, text="我要反映問題")
    digressed = turn({"type": "answer", "topic": "withdraw_course"}, {"type": "case_form", "form": "outside"})

    assert (begun.outcome, begun.topic, begun.text) == ("guide", None, None)
    assert (digressed.outcome, digressed.topic) == ("answer", "withdraw_course")
