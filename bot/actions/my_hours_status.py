"""Whether the speaker's hours were uploaded, and if not, why."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.named_course import named_enrollments, named_title
from bot.actions.record import entity, knowledge, learner_for, say_gap, title_of_course_list
from bot.learners.diagnosis import PORTALS
from bot.learners.records import Learner, taipei_day
from bot.learners.report import diagnosis_dict, most_relevant_first
from bot.learners.working_days import calendar_of

MOST = 5
SHOWN = "shown_hours"
"""The slot that says what was told last: learner_id, portal and how many."""


class MyHoursStatus(Action):  # type: ignore[misc]
    """Diagnoses the speaker's enrollments for a portal: those named, else the most relevant ones first."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_my_hours_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say at most five diagnoses, one message each; 「看更多」 goes on where the last ones ended."""
        learner = learner_for(tracker, dispatcher, general="utter_general_hours")
        if learner is None:
            return []
        if not learner.enrollments:
            say_gap(dispatcher, learner, "no_enrollments")
            return []
        kb = knowledge().get()
        text = str(tracker.latest_message.get("text") or "")
        portal, skip = _go_on(tracker, learner) if text.strip() == kb.phrases["more_button"] else (None, 0)
        named = [] if skip else named_enrollments(text, learner, kb)
        title = None if skip or named else named_title(text, kb) or title_of_course_list(text)
        if title is not None:
            say_gap(dispatcher, learner, "course_not_found", title)
            return []
        portal = portal or entity(tracker, "portal")
        portal = portal if portal in PORTALS else "lifelong"
        today = taipei_day(datetime.datetime.now(datetime.timezone.utc))
        found = most_relevant_first(
            learner, named or learner.enrollments, portal, today, calendar_of(kb).nth_working_day_after
        )[skip:]
        for number, (enrollment, diagnosis) in enumerate(found[:MOST], 1):
            last = number == min(MOST, len(found))
            dispatcher.utter_message(
                response="utter_diagnosis",
                json_message=diagnosis_dict(learner, enrollment, portal, diagnosis),
                title=enrollment.course.title,
                last=last,
                left=len(found) - MOST if last and len(found) > MOST else 0,
            )
        shown = {"learner_id": learner.learner_id, "portal": portal, "count": skip + len(found[:MOST])}
        return [SlotSet(SHOWN, None if named else shown)]


def _go_on(tracker: Tracker, learner: Learner) -> tuple[str | None, int]:
    """Portal and number of those told last to this very learner; nothing of what another was told."""
    shown = tracker.get_slot(SHOWN) or {}
    if shown.get("learner_id") != learner.learner_id or shown.get("count", 0) >= len(learner.enrollments):
        return None, 0
    return str(shown["portal"]), int(shown["count"])
