"""Whether the speaker's hours were uploaded, and if not, why."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.record import as_custom, entity, knowledge, learner_for, named_enrollments, quoted_title, say_gap
from bot.desks.calendar import Override, WorkCalendar
from bot.learners.diagnosis import PORTALS, STATE_ORDER, diagnose
from bot.learners.records import taipei_day

MOST = 5


class MyHoursStatus(Action):  # type: ignore[misc]
    """Diagnoses the speaker's enrollments for a portal: those named, else the most relevant ones first."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_my_hours_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say at most five diagnoses, one message each."""
        learner = learner_for(tracker, dispatcher, general="utter_general_hours")
        if learner is None:
            return []
        text = str(tracker.latest_message.get("text") or "")
        named = named_enrollments(text, learner)
        title = quoted_title(text)
        if not named and title is not None:
            say_gap(dispatcher, learner, "course_not_found", title)
            return []
        if not learner.enrollments:
            say_gap(dispatcher, learner, "no_enrollments")
            return []
        portal = entity(tracker, "portal")
        portal = portal if portal in PORTALS else "lifelong"
        overrides = (Override(one.day, one.working, one.desk) for one in knowledge().get().calendar)
        calendar = WorkCalendar(overrides)
        today = taipei_day(datetime.datetime.now(datetime.timezone.utc))
        diagnosed = [
            (one, diagnose(learner, one, portal, today, calendar.nth_working_day_after))
            for one in named or learner.enrollments
        ]
        diagnosed.sort(key=lambda pair: pair[0].newest_activity, reverse=True)
        diagnosed.sort(key=lambda pair: STATE_ORDER.index(pair[1].state))
        for enrollment, diagnosis in diagnosed[:MOST]:
            custom = as_custom(
                "diagnosis",
                learner_id=learner.learner_id,
                portal=portal,
                course=enrollment.course.code,
                state=diagnosis.state,
                causes=list(diagnosis.causes),
                next_check=diagnosis.next_check.isoformat() if diagnosis.next_check else None,
                desk=diagnosis.desk,
                as_of=learner.as_of.isoformat(),
            )
            dispatcher.utter_message(response="utter_diagnosis", json_message=custom, title=enrollment.course.title)
        return []
