"""How the speaker's own cases stand."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.help_desk import help_desk
from bot.actions.record import knowledge, proven_learner_id
from bot.cases.records import UNFINISHED, Case
from bot.cases.store import Cases

MOST = 3
_NUMBER = re.compile(r"(?<!\d)\d{4}\s?[-\u2013\u2014]\s?\d{1,6}(?!\d)")


class CaseStatus(Action):  # type: ignore[misc]
    """Tells state, desk, since when and the last reply; only of cases of this conversation or of this learner."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_case_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the named case, else the unfinished ones, newest first, else the newest."""
        cases = help_desk().cases
        own = _own(cases, tracker)
        named = _NUMBER.search(str(tracker.latest_message.get("text") or ""))
        if named is not None:
            wanted = cases.by_number(named.group().replace("\u2014", "-"))
            own = [one for one in own if wanted is not None and one.id == wanted.id]
            if not own:
                # Whether it exists is nobody else's business.
                dispatcher.utter_message(text=knowledge().get().phrases["case_not_yours"])
                return []
        if not own:
            dispatcher.utter_message(response="utter_case_status")
            return []
        for case in ([one for one in own if one.state in UNFINISHED] or own[:1])[:MOST]:
            _say(cases, case, dispatcher)
        return []


def _own(cases: Cases, tracker: Tracker) -> list[Case]:
    learner_id = proven_learner_id(tracker)
    here = cases.of_conversation(str(tracker.sender_id))
    theirs = cases.of_learner(learner_id) if learner_id else []
    # What a learner opened signed in is not told to whoever sits at the same screen later.
    found = {one.id: one for one in here if one.learner_id in (None, learner_id)}
    found |= {one.id: one for one in theirs}
    return sorted(found.values(), key=lambda one: (one.opened_at, one.id), reverse=True)


def _say(cases: Cases, case: Case, dispatcher: CollectingDispatcher) -> None:
    events = cases.events(case.id)
    replies = [event for event in events if event.kind == "reply"]
    changes = [event for event in events if event.kind in ("opened", "taken", "transferred", "state", "reply")]
    dispatcher.utter_message(
        response="utter_case_here",
        case_id=case.number,
        subject=case.subject,
        status=case.state,
        desk=case.desk,
        refer_to=case.refer_to,
        since=(changes[-1].at if changes else case.opened_at).isoformat(),
        last_reply=[replies[-1].at.isoformat(), str(replies[-1].data["text"])] if replies else None,
    )
