"""Whether the speaker passed a course, and what it still lacks."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.named_course import named_enrollments, named_title
from bot.actions.record import as_custom, knowledge, learner_for, say_gap, title_of_course_list
from bot.learners.progress import missing, reading_minutes_left
from bot.learners.records import Enrollment, Learner

MOST = 5


class MyCourseStatus(Action):  # type: ignore[misc]
    """Tells of the named courses, else of the newest unfinished ones."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_my_course_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say at most five courses, one message each."""
        learner = learner_for(tracker, dispatcher, topic="completion_criteria")
        if learner is None:
            return []
        text = str(tracker.latest_message.get("text") or "")
        kb = knowledge().get()
        named = named_enrollments(text, learner, kb)
        title = None if named else named_title(text, kb) or title_of_course_list(text)
        if title is not None:
            say_gap(dispatcher, learner, "course_not_found", title)
        elif not learner.enrollments:
            say_gap(dispatcher, learner, "no_enrollments")
        else:
            newest = sorted(learner.enrollments, key=lambda one: one.newest_activity, reverse=True)
            told = named or [one for one in newest if missing(one)]
            if not told:
                say_gap(dispatcher, learner, "courses_all_passed")
            for enrollment in told[:MOST]:
                _tell(dispatcher, learner, enrollment)
        return []


def _tell(dispatcher: CollectingDispatcher, learner: Learner, enrollment: Enrollment) -> None:
    lacking = missing(enrollment)
    custom = as_custom(
        "course_status",
        course=enrollment.course.code,
        state="incomplete" if lacking else "passed",
        missing=lacking,
        reading_minutes_left=reading_minutes_left(enrollment),
        as_of=learner.as_of.isoformat(),
    )
    dispatcher.utter_message(
        response="utter_course_status",
        json_message=custom,
        title=enrollment.course.title,
        score=enrollment.best_score,
        pass_score=enrollment.course.pass_score,
    )
