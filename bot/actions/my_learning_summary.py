"""How many hours the speaker has this year, and what is missing of the ten."""

from __future__ import annotations

import datetime
import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.record import as_custom, learner_for
from bot.learners.records import taipei_day
from bot.learners.summary import REQUIRED, summarise

_YEAR = re.compile(r"(?<!\d)(20\d\d|1[01]\d)(?!\d)")
_REPUBLIC = 1911


class MyLearningSummary(Action):  # type: ignore[misc]
    """Tells the sums of this year, or of the year that the message names (2025 or 114)."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_my_learning_summary"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it in one message."""
        learner = learner_for(tracker, dispatcher, topic="ten_hours_requirement")
        if learner is not None:
            today = taipei_day(datetime.datetime.now(datetime.timezone.utc))
            summary = summarise(learner, named_year(str(tracker.latest_message.get("text") or ""), today.year))
            custom = as_custom(
                "learning_summary",
                year=summary.year,
                certified_hours=summary.certified_hours,
                ten_hours={
                    name: {"required": required, "done": summary.done[name]} for name, required in REQUIRED.items()
                },
                unfinished=summary.unfinished,
                as_of=learner.as_of.isoformat(),
            )
            dispatcher.utter_message(response="utter_learning_summary", json_message=custom)
        return []


def named_year(text: str, this_year: int) -> int:
    """The year a text names, of either calendar; this year where it names none or one to come."""
    found = _YEAR.search(text)
    if not found:
        return this_year
    year = int(found.group(1))
    year = year + _REPUBLIC if year < 1000 else year
    return year if year <= this_year else this_year
