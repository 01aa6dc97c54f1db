"""The form that carries the guides: beginning, going on, letting other questions pass, never trapping anyone."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions.guide_form import FORM, STATE, GuideForm


async def turn(
    text: str, state: dict[str, Any] | None = None, intent: str = "fallback", last_action: str = "action_listen"
) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """Texts said, machine-readable parts, and events by name."""
    message = {"text": text, "intent": {"name": intent}, "entities": [], "metadata": {}}
    loop = {"name": FORM} if state is not None else {}
    tracker = Tracker("rest-1", {STATE: state}, message, [], False, None, loop, last_action)
    dispatcher = CollectingDispatcher()
    events = await GuideForm().run(dispatcher, tracker, {})
    texts = "\n".join(one["text"] for one in dispatcher.messages if one.get("text"))
    customs = [one["custom"] for one in dispatcher.messages if one.get("custom")]
    return texts, customs, {event.get("name") if event["event"] == "slot" else "loop": event for event in events}


async def test_a_guide_begins_with_its_name_and_keeps_the_loop() -> None:
    _texts, customs, events = await turn("一步步帶我登入")

    assert customs[0]["guide"] == "first_login" and customs[0]["step"] == 1
    assert events["loop"]["name"] == FORM
    assert events[STATE]["value"]["screen"] == customs[0]["screen"]


async def test_another_question_is_let_pass() -> None:
    state = {"guide": "first_login", "screen": "identity", "path": []}

    with pytest.raises(ActionExecutionRejection):
        await turn("怎麼退選", state, intent="faq")


async def test_after_the_other_answer_the_guide_goes_on_where_it_stood() -> None:
    state = {"guide": "first_login", "screen": "civil_account", "path": ["identity"]}

    _texts, customs, events = await turn("怎麼退選", state, intent="faq", last_action="utter_answer")

    assert customs[0]["screen"] == "civil_account"
    assert events[STATE]["value"] == state


async def test_what_is_no_answer_and_no_question_is_asked_again() -> None:
    state = {"guide": "first_login", "screen": "identity", "path": []}

    texts, customs, events = await turn("嘰哩咕嚕", state)

    assert "不太確定" in texts and customs[0]["screen"] == "identity"
    assert events["loop"]["name"] == FORM


async def test_leaving_ends_the_loop() -> None:
    texts, _customs, events = await turn("離開", {"guide": "first_login", "screen": "identity", "path": []})

    assert texts and events["loop"]["name"] is None and events[STATE]["value"] is None


@pytest.mark.parametrize(
    "state",
    [
        {"guide": "no_such_guide", "screen": "x", "path": []},
        {"guide": "diagnosis", "facts": {}, "asked": []},
        {"guide": "diagnosis"},
        {"guide": "first_login"},
    ],
)
async def test_a_guide_that_cannot_go_on_lets_the_person_out_with_a_sentence(state: dict[str, Any]) -> None:
    texts, _customs, events = await turn("終身", state)

    assert "走不下去" in texts
    assert events["loop"]["name"] is None and events[STATE]["value"] is None
