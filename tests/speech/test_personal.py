"""Speaking what an action found in the learner's own record."""

from __future__ import annotations

from typing import Any

import pytest

from bot.knowledge.models import Knowledge
from bot.learners.diagnosis import DESKS, STATES
from bot.speech.personal import (
    as_of_words,
    speak_account_status,
    speak_course_status,
    speak_diagnosis,
    speak_learning_summary,
    speak_login_required,
    speak_record_gap,
)

AS_OF = "2026-11-20T05:00:00+08:00"
CAUSES = sorted(
    {*STATES, *DESKS, "relogin_after_conversion", "agency_missing"}
    | {"reading_short", "test_missing", "test_below_pass", "survey_missing"}
)


def diagnosis(causes: list[str], state: str = "action_needed", **changes: Any) -> dict[str, Any]:
    """What the action hands over for one enrollment."""
    custom = {
        "type": "diagnosis",
        "learner_id": "T5602110801",
        "portal": "lifelong",
        "course": "C1",
        "state": state,
        "causes": causes,
        "next_check": None,
        "desk": "platform",
        "as_of": AS_OF,
        **changes,
    }
    return {"custom": custom, "title": "性別平等概論"}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("portal", ["lifelong", "env_edu", "teacher"])
def test_every_cause_has_its_words_without_a_placeholder_left(cause: str, portal: str, knowledge: Knowledge) -> None:
    waiting = STATES.get(cause) == "waiting"
    found = diagnosis([cause], STATES.get(cause, "action_needed"), portal=portal)
    found["custom"]["next_check"] = "2026-11-24" if waiting else None

    reply = speak_diagnosis(found, knowledge)

    assert "{" not in reply.text and "None" not in reply.text
    assert "性別平等概論" in reply.text and knowledge.phrases[f"portal_{portal}"] in reply.text
    assert ("11月24日" in reply.text) is waiting
    assert reply.custom == found["custom"]


def test_a_diagnosis_says_as_of_when_and_every_cause_in_order(knowledge: Knowledge) -> None:
    say = knowledge.phrases
    causes = ["id_number_missing", "agency_missing", "survey_missing"]

    text = speak_diagnosis(diagnosis(causes), knowledge).text

    places = [text.index(knowledge.causes[cause].reason) for cause in causes]
    assert places == sorted(places)
    assert say["remedy_heading"] in text and "1. " in text
    assert text.endswith(as_of_words(AS_OF, knowledge))


def test_only_what_has_to_be_escalated_offers_to_report_it(knowledge: Knowledge) -> None:
    overdue = speak_diagnosis(diagnosis(["overdue"], "escalate"), knowledge)
    lacking = speak_diagnosis(diagnosis(["survey_missing"]), knowledge)

    title = knowledge.topics["report_problem"].title
    assert (title, title) in overdue.buttons
    assert knowledge.desks["platform"].mailboxes[0].address in overdue.text
    assert (title, title) not in lacking.buttons


def test_as_of_is_told_in_the_time_of_taipei(knowledge: Knowledge) -> None:
    same = [as_of_words(text, knowledge) for text in (AS_OF, "2026-11-19T21:00:00+00:00")]

    assert same[0] == same[1]
    assert "11月20日" in same[0] and "05:00" in same[0]


def course_status(**changes: Any) -> dict[str, Any]:
    custom = {
        "type": "course_status",
        "course": "C1",
        "state": "incomplete",
        "missing": [],
        "reading_minutes_left": 0,
        "as_of": AS_OF,
        **changes,
    }
    return {"custom": custom, "title": "性別平等概論", "score": 55, "pass_score": 75}


def test_a_passed_course_is_said_to_be_passed(knowledge: Knowledge) -> None:
    found = course_status(state="passed")

    reply = speak_course_status(found, knowledge)

    assert knowledge.phrases["course_passed"].format(title="性別平等概論") in reply.text
    assert as_of_words(AS_OF, knowledge) in reply.text
    assert reply.custom == found["custom"]


def test_all_that_a_course_lacks_is_named_with_its_numbers(knowledge: Knowledge) -> None:
    missing = ["reading_short", "test_missing", "test_below_pass", "survey_missing", "mooc_form_missing"]

    text = speak_course_status(course_status(missing=missing, reading_minutes_left=17), knowledge).text

    assert "17" in text and "55" in text and "75" in text and "{" not in text
    for code in ("test_missing", "survey_missing", "mooc_form_missing"):
        assert knowledge.phrases[f"missing_{code}"] in text


@pytest.mark.parametrize(
    ("provider", "identity", "official", "phrase"),
    [
        ("ecpa", "civil_servant", True, "account_official"),
        ("egov", "general_public", False, "account_general"),
        ("google", "civil_servant", False, "account_social"),
        ("facebook", "general_public", False, "account_social"),
        ("apple", "general_public", False, "account_social"),
    ],
)
def test_an_account_is_told_by_provider_and_identity(
    provider: str, identity: str, official: bool, phrase: str, knowledge: Knowledge
) -> None:
    say = knowledge.phrases
    custom = {"type": "account_status", "provider": provider, "identity": identity, "official": official}

    reply = speak_account_status({"custom": custom, "as_of": AS_OF}, knowledge)

    assert reply.text.startswith(say[phrase].format(provider=say[f"provider_{provider}"]))
    assert as_of_words(AS_OF, knowledge) in reply.text
    assert reply.custom == custom


def summary(done: dict[str, float]) -> dict[str, Any]:
    required = {"policy": 1, "env_edu": 4, "ethics": 5}
    custom = {
        "type": "learning_summary",
        "year": 2026,
        "certified_hours": 12.5,
        "ten_hours": {name: {"required": required[name], "done": hours} for name, hours in done.items()},
        "unfinished": 3,
        "as_of": AS_OF,
    }
    return {"custom": custom}


def test_a_summary_names_what_is_done_and_what_is_left_of_the_ten(knowledge: Knowledge) -> None:
    say = knowledge.phrases
    found = summary({"policy": 1.0, "env_edu": 2.5, "ethics": 8.0})

    reply = speak_learning_summary(found, knowledge)

    lines = [
        say["summary"].format(year=2026, hours="12.5", unfinished=3),
        say["summary_line_done"].format(category=say["category_policy"], done="1", required=1),
        say["summary_line_left"].format(category=say["category_env_edu"], done="2.5", required=4, left="1.5"),
        say["summary_line_done"].format(category=say["category_ethics"], done="8", required=5),
    ]
    assert all(line in reply.text for line in lines)
    assert as_of_words(AS_OF, knowledge) in reply.text
    assert reply.custom == found["custom"]


def test_a_course_that_the_record_does_not_hold_names_the_account_and_the_course(knowledge: Knowledge) -> None:
    found = {"gap": "course_not_found", "name": "王小明", "provider": "egov", "course": "沒有的課", "as_of": AS_OF}

    reply = speak_record_gap(found, knowledge)

    for word in ("王小明", knowledge.phrases["provider_egov"], "沒有的課", as_of_words(AS_OF, knowledge)):
        assert word in reply.text
    title = knowledge.topics["certificate_vs_password"].title
    assert reply.buttons == ((title, title),)


@pytest.mark.parametrize("gap", ["no_enrollments", "courses_all_passed", "learner_not_exported"])
def test_every_gap_has_its_words_with_and_without_facts(gap: str, knowledge: Knowledge) -> None:
    with_facts = speak_record_gap({"gap": gap, "name": "王小明", "provider": "ecpa", "as_of": AS_OF}, knowledge)
    without = speak_record_gap({"gap": gap}, knowledge)

    assert all("{" not in one.text and "None" not in one.text and one.text for one in (with_facts, without))


def test_a_personal_question_without_a_token_is_told_to_sign_in(knowledge: Knowledge) -> None:
    reply = speak_login_required({}, knowledge)

    assert reply.text == knowledge.phrases["login_required"]
    assert reply.custom == {"type": "login_required"}
