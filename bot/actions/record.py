"""Finding out whose record a message may see, and handing what was found to the voice."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.engine import Engine

from bot.knowledge.live import LiveKnowledge
from bot.learners.database import open_database
from bot.learners.records import Learner
from bot.learners.store import course_title_in, find_learner
from bot.settings import Settings


@lru_cache(maxsize=4)
def engine_of(url: str) -> Engine:
    """One engine a process and database."""
    return open_database(url)


def knowledge() -> LiveKnowledge:
    """The knowledge of the settings."""
    return LiveKnowledge.shared(Settings.from_env().kb_dir)


def proven_learner_id(tracker: Tracker) -> str | None:
    """The learner that the front door proved for this very message, or None."""
    metadata = tracker.latest_message.get("metadata") or {}
    learner_id = metadata.get("learner_id")
    return learner_id if isinstance(learner_id, str) else None


def learner_for(
    tracker: Tracker, dispatcher: CollectingDispatcher, general: str | None = None, topic: str | None = None
) -> Learner | None:
    """The learner of this message; where there is none, says why and returns None.

    Who is not signed in also hears the response `general`, or gets a button for the general answer of `topic`.
    """
    learner_id = proven_learner_id(tracker)
    if learner_id is None:
        dispatcher.utter_message(response="utter_login_required", topic=topic)
        if general is not None:
            dispatcher.utter_message(response=general)
        return None
    learner = find_learner(engine_of(Settings.from_env().database_url), learner_id)
    if learner is None:
        dispatcher.utter_message(response="utter_record_gap", gap="learner_not_exported")
    return learner


def title_of_course_list(text: str) -> str | None:
    """A title of the course list that the text names."""
    return course_title_in(engine_of(Settings.from_env().database_url), text)


def say_gap(dispatcher: CollectingDispatcher, learner: Learner, gap: str, course: str = "") -> None:
    """Say that this account's record does not hold it, and which account it is."""
    dispatcher.utter_message(
        response="utter_record_gap",
        gap=gap,
        name=learner.display_name,
        provider=learner.account.provider,
        course=course,
        as_of=learner.as_of.isoformat(),
    )


def entity(tracker: Tracker, kind: str) -> str | None:
    """The first value of an entity in the newest message."""
    for one in tracker.latest_message.get("entities") or []:
        if one.get("entity") == kind:
            return str(one["value"])
    return None


def as_custom(kind: str, **values: Any) -> dict[str, Any]:
    """A machine-readable part (contracts section 3)."""
    return {"type": kind, **values}
