"""How a case form goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cases import form_flow as flow
from bot.cases.form_flow import State
from bot.cases.rules import CaseForm, Rules, load_rules
from bot.knowledge.models import Knowledge

REFERENCE = "contact#abcdefghijkl." + "x" * 32


@pytest.fixture(scope="session")
def rules(kb_dir: Path, knowledge: Knowledge) -> Rules:
    loaded, _faults = load_rules(kb_dir, knowledge)
    assert loaded is not None
    return loaded


@pytest.fixture
def hours(rules: Rules) -> CaseForm:
    return rules.forms["hours"]


def begun(form: CaseForm, files: int = 0, can_send_files: bool = True, offer: bool = False, **values: str) -> State:
    return flow.begun(form, values, files, can_send_files, offer)


def test_the_four_items_of_missing_hours_are_asked_one_after_the_other(hours: CaseForm, rules: Rules) -> None:
    state = begun(hours)
    asked = [state["at"]]
    for text, files in (("時數八月起就沒進來", 0), ("好了", 1), ("好了", 2), (REFERENCE, 2), ("送出", 2)):
        step = flow.take(state, text, files, hours, rules)
        state = step.state
        asked.append(state["at"])

    assert asked == ["question", "record_shot", "portal_shot", "contact", "confirm", "confirm"]
    assert step.outcome == flow.CONFIRMED
    assert state["values"] == {"question": "時數八月起就沒進來"} and state["contact"] == REFERENCE
    assert state["files"] == {"record_shot": 1, "portal_shot": 1}


def test_what_is_known_is_not_asked(hours: CaseForm) -> None:
    state = begun(hours, question="時數沒進來", course_known="公務倫理", login="", nonsense="x")

    assert state["at"] == "record_shot"
    assert state["values"] == {"question": "時數沒進來", "course_known": "公務倫理"}


def test_files_sent_before_are_taken_and_those_left_over_go_to_the_last_question(hours: CaseForm) -> None:
    assert begun(hours, files=1, question="時數沒進來")["at"] == "portal_shot"
    several = begun(hours, files=3, question="時數沒進來")
    assert several["at"] == "contact" and sum(several["files"].values()) == 3


def test_where_files_cannot_be_sent_they_are_not_asked_for(hours: CaseForm) -> None:
    assert begun(hours, can_send_files=False, question="時數沒進來")["at"] == "contact"


def test_what_is_optional_can_be_left_out_and_what_is_not_cannot(hours: CaseForm, rules: Rules) -> None:
    state = begun(hours, question="時數沒進來")

    after = flow.take(flow.take(state, "略過", 0, hours, rules).state, "沒有", 0, hours, rules)

    assert after.state["at"] == "contact"
    assert flow.take(after.state, "略過", 0, hours, rules).outcome == flow.NO_CONTACT


@pytest.mark.parametrize("text", ["取消", "離開", "不要了", "算了！", "CANCEL"])
@pytest.mark.parametrize("at", ["question", "record_shot", "contact", "confirm", "change"])
def test_a_form_is_cancelled_wherever_it_stands(at: str, text: str, hours: CaseForm, rules: Rules) -> None:
    assert flow.take({**begun(hours), "at": at}, text, 0, hours, rules).outcome == flow.CANCELLED


def test_saying_that_files_were_sent_does_not_make_it_so(hours: CaseForm, rules: Rules) -> None:
    state = begun(hours, question="時數沒進來")

    assert flow.take(state, "好了", 0, hours, rules).outcome == flow.NO_FILES
    assert flow.take(state, "這張", 1, hours, rules).outcome == flow.ASKED


@pytest.mark.parametrize(("text", "outcome"), [("嗯", flow.TOO_SHORT), ("長" * 1001, flow.TOO_LONG)])
def test_a_text_must_say_something_and_have_an_end(text: str, outcome: str, hours: CaseForm, rules: Rules) -> None:
    assert flow.take(begun(hours), text, 0, hours, rules).outcome == outcome


@pytest.mark.parametrize("text", ["不知道", "[電話]", "[身分證字號]", "contact#short.key"])
def test_what_is_no_contact_is_asked_again(text: str, hours: CaseForm, rules: Rules) -> None:
    assert flow.take({**begun(hours), "at": "contact"}, text, 0, hours, rules).outcome == flow.NO_CONTACT


def confirming(form: CaseForm) -> State:
    state = begun(form, can_send_files=False, question="時數沒進來")
    return flow.went_on({**state, "contact": REFERENCE}, form, 0)


@pytest.mark.parametrize("text", ["問題說明", "改問題說明", "1", "一"])
def test_what_is_to_be_changed_is_asked_again_and_the_rest_stays(text: str, hours: CaseForm, rules: Rules) -> None:
    choosing = flow.take(confirming(hours), "修改", 0, hours, rules)
    assert choosing.state["at"] == flow.CHANGE

    asked = flow.take(choosing.state, text, 0, hours, rules)
    assert asked.state["at"] == "question"
    after = flow.take(asked.state, "是環教時數沒進來", 0, hours, rules)

    assert after.state["at"] == flow.CONFIRM
    assert after.state["values"]["question"] == "是環教時數沒進來" and after.state["contact"] == REFERENCE


def test_the_contact_can_be_changed_before_it_is_sent(hours: CaseForm, rules: Rules) -> None:
    asked = flow.take(confirming(hours), "聯絡資料", 0, hours, rules)

    assert asked.state["at"] == "contact" and asked.state["contact"] is None


def test_what_means_nothing_sends_nothing(hours: CaseForm, rules: Rules) -> None:
    for text in ("什麼", "99", "送不送呢"):
        assert flow.take(confirming(hours), text, 0, hours, rules).outcome == flow.UNCLEAR


def test_an_offer_is_taken_declined_or_left_alone(hours: CaseForm, rules: Rules) -> None:
    state = begun(hours, offer=True)

    assert flow.take(state, "留下案件", 0, hours, rules).state["at"] == "question"
    assert flow.take(state, "不用了", 0, hours, rules).outcome == flow.DECLINED
    assert flow.take(state, "怎麼退選", 0, hours, rules).outcome == flow.UNCLEAR


def test_more_words_are_added_to_the_question(hours: CaseForm) -> None:
    state = flow.added({**begun(hours, question="時數沒進來"), "at": "contact"}, "八月上完的課", hours)

    assert state is not None and state["values"]["question"] == "時數沒進來\n八月上完的課"
    assert flow.added(state, "長" * 1000, hours) is None


def test_every_form_gets_a_key_of_its_own(hours: CaseForm) -> None:
    assert begun(hours)["key"] != begun(hours)["key"]
