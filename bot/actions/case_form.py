"""The form that opens a case: for a person to talk to, and for problems that somebody must look into."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions.case_turn import CaseTurn
from bot.actions.guide_form import INTERRUPTING
from bot.actions.help_desk import case_rules, help_desk
from bot.actions.record import knowledge
from bot.cases.form_flow import OFFER, State
from bot.cases.records import HUMAN, REPORT
from bot.cases.rules import CONTACT, TEXT
from bot.dialogue.clauses import clauses, signs
from bot.privacy.redact import LABELS

logger = logging.getLogger(__name__)
FORM = "case_form"
STATE = "case"
"""The slot that holds the form as it stands."""
STARTS = {"talk_to_human": HUMAN, "report_problem": REPORT}
SMALL = frozenset({"greet", "thank", "goodbye", "help", "bot_challenge", "complain"})
SMALL_SIGNS = 8
"""Longer messages are answers to what was asked, whatever small talk they resemble."""
QUESTION_SIGNS = 40
TELLING_SIGNS = 8
"""A message of so many signs that asks nothing says more on the matter, whatever the form is at."""
DESCRIBING = frozenset({"faq", "complain"})
"""Intents that a description may be taken for."""


class CaseForm(Action):  # type: ignore[misc]
    """One turn of the form that the person is in, or its first."""

    def name(self) -> str:
        """The form's name in domain.yml."""
        return FORM

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Ask the next thing; raises ActionExecutionRejection where the message is another question."""
        active = (tracker.active_loop or {}).get("name") == FORM
        state: State | None = tracker.get_slot(STATE) if active else None
        intent = str((tracker.latest_message.get("intent") or {}).get("name") or "")
        after: State | None = None
        try:
            turn = CaseTurn(dispatcher, tracker, knowledge().get(), case_rules(), help_desk())
            if _others_read_along(tracker):
                turn.refuse_here(STARTS.get(intent))
            elif state is not None:
                after = _going_on(turn, state, intent, tracker)
            elif intent in STARTS:
                after = turn.begin(STARTS[intent])
        except ActionExecutionRejection:
            raise
        except Exception:
            # Nobody is kept in a form that cannot go on.
            logger.exception("a case form failed")
            dispatcher.utter_message(text=knowledge().get().phrases["case_broken"])
        return [ActiveLoop(FORM if after else None), SlotSet(STATE, after)]


def _others_read_along(tracker: Tracker) -> bool:
    """Whether the message was said in a group, which the channel tells."""
    return (tracker.latest_message.get("metadata") or {}).get("group") is True


def _going_on(turn: CaseTurn, state: State, intent: str, tracker: Tracker) -> State | None:
    text = str(tracker.latest_message.get("text") or "").strip()
    if tracker.latest_action_name not in (FORM, "action_listen", None):
        # Another question was just answered: the form goes on where it stood; an offer is not made twice.
        return None if state["at"] == OFFER else turn.ask(state)
    kind = turn.kind_of(state)
    describes = kind == TEXT and not turn.is_command(text)
    if describes and intent in STARTS and signs(text) <= SMALL_SIGNS:
        # Asking for the form again describes nothing; elsewhere its words may be an answer, such as to send it.
        return turn.ask(state)
    if describes and not _same_matter(tracker, state) and _asks_something_else(intent, text):
        raise ActionExecutionRejection(FORM, "another question")
    after, understood = turn.take(state, text)
    if not understood and kind == CONTACT and any(label in text for label in LABELS):
        # Only what a contact may not hold was given: it is said so, whatever topic it resembles.
        return turn.unclear(after or state)
    if not understood:
        tells = signs(text) >= TELLING_SIGNS and not any(part.asks for part in clauses(text))
        if kind != TEXT and intent in INTERRUPTING - set(STARTS) and not (tells and intent in DESCRIBING):
            raise ActionExecutionRejection(FORM, "another question")
        return (turn.add(state, text) if tells and kind != TEXT else None) or turn.unclear(after or state)
    return after


def _same_matter(tracker: Tracker, state: State) -> bool:
    """Whether the message is about the very thing that is being reported: then it describes it."""
    decided = (tracker.latest_message.get("decision") or {}).get("topics") or [{}]
    return bool(state.get("topic")) and decided[0].get("id") == state["topic"]


def _asks_something_else(intent: str, text: str) -> bool:
    """Whether a message is a question of its own rather than the description that was asked for."""
    if intent in SMALL:
        return signs(text) <= SMALL_SIGNS
    if intent not in INTERRUPTING - set(STARTS):
        return False
    return signs(text) <= QUESTION_SIGNS and any(part.asks for part in clauses(text))
