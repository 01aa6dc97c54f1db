"""The guides: step by step through a procedure, or through the diagnosis of hours for someone not signed in."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions.guided_diagnosis import DiagnosisTurn
from bot.actions.guided_walk import WalkTurn
from bot.actions.record import knowledge
from bot.guides.library import DIAGNOSIS, GuideLibrary
from bot.knowledge.models import Knowledge
from bot.settings import Settings

logger = logging.getLogger(__name__)
FORM = "guide_form"
STATE = "guide"
"""The slot that says where in which guide the person stands."""
INTERRUPTING = {
    "faq",
    "contact_desk",
    "talk_to_human",
    "report_problem",
    "case_status",
    "my_hours_status",
    "my_course_status",
    "my_account_status",
    "my_learning_summary",
    "bot_challenge",
    "complain",
    "thank",
    "greet",
    "goodbye",
    "help",
}
"""Intents that leave the guide for a turn; it is taken up again after."""


class GuideForm(Action):  # type: ignore[misc]
    """One turn of the guide that the person is in, or the first one of the guide that was asked for."""

    def name(self) -> str:
        """The form's name in domain.yml."""
        return FORM

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the next screen; raises ActionExecutionRejection where the message is another question."""
        kb = knowledge().get()
        library = GuideLibrary.shared(Settings.from_env().kb_dir)
        text = str(tracker.latest_message.get("text") or "").strip()
        active = (tracker.active_loop or {}).get("name") == FORM
        state = tracker.get_slot(STATE) if active else None
        asked = library.asked(text)
        turn: DiagnosisTurn | WalkTurn
        if asked is not None:
            guide, begun = asked[0], True
        elif state:
            guide, begun = str(state["guide"]), False
        else:
            return [ActiveLoop(None), SlotSet(STATE, None)]
        if guide == DIAGNOSIS and library.diagnosis and library.navigation:
            turn = DiagnosisTurn(library.diagnosis, library.navigation, kb, tracker, dispatcher)
        elif guide in library.walks and library.navigation:
            turn = WalkTurn(library.walks[guide], library.navigation, kb, dispatcher, library.walks.values())
        else:
            # The guide was taken out of kb/ while the person was in it.
            dispatcher.utter_message(text=kb.phrases["guide_gone"])
            return [ActiveLoop(None), SlotSet(STATE, None)]
        interrupted = active and tracker.latest_action_name not in (FORM, "action_listen", None)
        try:
            after = _after(turn, state, text, begun, interrupted, tracker, dispatcher, kb)
        except ActionExecutionRejection:
            raise
        except Exception:
            # Nobody is kept in a guide that cannot go on.
            logger.exception("the guide %s failed", guide)
            dispatcher.utter_message(text=kb.phrases["guide_gone"])
            after = None
        return [ActiveLoop(FORM if after else None), SlotSet(STATE, after)]


def _after(
    turn: DiagnosisTurn | WalkTurn,
    state: dict[str, Any] | None,
    text: str,
    begun: bool,
    interrupted: bool,
    tracker: Tracker,
    dispatcher: CollectingDispatcher,
    kb: Knowledge,
) -> dict[str, Any] | None:
    """Say what comes next; the state after it, None where the guide is over."""
    if state is None or (begun and not interrupted):
        return turn.begin()
    if interrupted:
        # Another question was just answered: the guide goes on where it stood.
        return turn.again(state)
    after, understood = turn.take(state, text)
    if understood:
        return after
    if tracker.latest_message.get("intent", {}).get("name") in INTERRUPTING:
        raise ActionExecutionRejection(FORM, "another question")
    dispatcher.utter_message(text=kb.phrases["guide_unclear"])
    return turn.again(state)
