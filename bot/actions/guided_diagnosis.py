"""One turn of the guided diagnosis: for someone whose record the bot may not or cannot look up."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.record import entity
from bot.guides.diagnosis import conclude, next_screen, understand
from bot.guides.library import DIAGNOSIS
from bot.guides.navigation import Navigation
from bot.guides.screens import DiagnosisGuide, offered, text_of
from bot.knowledge.fill import fill
from bot.knowledge.models import Knowledge
from bot.learners.diagnosis import PORTALS
from bot.learners.records import TAIPEI
from bot.learners.working_days import calendar_of

State = dict[str, Any]


class DiagnosisTurn:
    """Says screens of the guided diagnosis; a state holds guide, facts and the screens asked so far."""

    def __init__(
        self,
        guide: DiagnosisGuide,
        navigation: Navigation,
        knowledge: Knowledge,
        tracker: Tracker,
        dispatcher: CollectingDispatcher,
    ) -> None:
        self._guide = guide
        self._navigation = navigation
        self._knowledge = knowledge
        self._tracker = tracker
        self._dispatcher = dispatcher
        self._today = datetime.datetime.now(TAIPEI).date()

    def begin(self) -> State | None:
        """The first screen; a portal that this very message names is not asked for."""
        named = entity(self._tracker, "portal")
        facts = {"portal": named} if named in PORTALS else {}
        return self._go_on({"guide": DIAGNOSIS, "facts": facts, "asked": []})

    def again(self, state: State) -> State | None:
        """The screen where the person stands, once more."""
        return self._go_on({**state, "asked": state["asked"][:-1]})

    def take(self, state: State, text: str) -> tuple[State | None, bool]:
        """The state after a message, None where the guide ends with it, and whether it was understood."""
        screen = state["asked"][-1]
        facts = understand(screen, text, state["facts"], self._today, self._guide)
        if facts is None:
            said = [one for one in self._navigation.readings(text) if one in self._navigation.words]
            if said and self._navigation.words[said[0]] == "leave":
                self._dispatcher.utter_message(text=self._knowledge.phrases["guide_left"])
                return None, True
            return state, False
        return self._go_on({**state, "facts": {**state["facts"], **facts}}), True

    def _go_on(self, state: State) -> State | None:
        screen = next_screen(state["facts"])
        if screen is None:
            self._finish(state["facts"])
            return None
        state = {**state, "asked": [*state["asked"], screen]}
        self._show(screen, state)
        return state

    def _show(self, screen: str, state: State) -> None:
        say, facts = self._knowledge.phrases, state["facts"]
        shown = self._guide.screens[screen]
        options = offered(shown, facts)
        lines = [
            say["guide_head"].format(
                title=say["guided_diagnosis"], step=len(state["asked"]), of=len(self._guide.screens)
            ),
            fill(text_of(shown, facts), self._knowledge),
            *(say["step"].format(number=number, text=option.title) for number, option in enumerate(options, 1)),
        ]
        titles = [*(option.title for option in options), self._navigation.titles["leave"]]
        custom = {"type": "guide", "guide": DIAGNOSIS, "screen": screen, "step": len(state["asked"])}
        self._dispatcher.utter_message(
            text="\n".join(lines),
            buttons=[{"title": title, "payload": title} for title in titles],
            json_message={**custom, "of": len(self._guide.screens)},
        )

    def _finish(self, facts: dict[str, Any]) -> None:
        found = conclude(facts, self._today, calendar_of(self._knowledge).nth_working_day_after)
        diagnosis = found.diagnosis
        custom = {
            "type": "diagnosis",
            "learner_id": None,
            "portal": found.portal,
            "course": None,
            "state": diagnosis.state,
            "causes": list(diagnosis.causes),
            "next_check": diagnosis.next_check.isoformat() if diagnosis.next_check else None,
            "desk": diagnosis.desk,
            "as_of": None,
        }
        doubts = [fill(self._guide.doubts[doubt], self._knowledge) for doubt in found.doubts]
        self._dispatcher.utter_message(response="utter_guided_diagnosis", json_message=custom, doubts=doubts)
