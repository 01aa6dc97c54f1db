"""What a conversation was about, for a case: desk and topic, the question, the diagnosis, the words exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from bot.actions.record import entity, proven_learner_id
from bot.cases.contact import reference_in, without_references
from bot.cases.routing import Matter
from bot.knowledge.models import CONTEXT_KEYS, Knowledge
from bot.knowledge.public import public_facts
from bot.privacy.redact import redact

LOOK_BACK = 60
"""Events; about ten turns."""
MOST_TURNS = 30
LONGEST_TURN = 600
"""Signs of one turn in the transcript of a case."""
TELLS = 15
"""A report of so many signs says itself what the matter is."""


def matter_of(tracker: Tracker, kind: str, knowledge: Knowledge) -> Matter:
    """What routing needs to know; nothing follows from what was said to a learner who is not proven to speak now."""
    newest = tracker.latest_message.get("entities") or []
    named = [str(one["value"]) for one in newest if one.get("entity") == "desk" and not one.get("role")]
    others = [desk for desk in dict.fromkeys(named) if desk != "platform"]
    context = {key: entity(tracker, key) or tracker.get_slot(key) for key in CONTEXT_KEYS}
    last = _last_custom(tracker, "answer", "contact", "diagnosis")
    found = dict(last or {})
    topic = found.get("topic") if found.get("type") == "answer" else None
    return Matter(
        kind=kind,
        named=others or named,
        topic=topic if topic in knowledge.topics else None,
        topic_desk=str(found["desk"]) if found.get("desk") in knowledge.desks else None,
        causes=tuple(found.get("causes", ())) if found.get("type") == "diagnosis" else (),
        diagnosis_desk=found.get("desk") if found.get("type") == "diagnosis" else None,
        context={key: str(value) for key, value in context.items() if value},
    )


def diagnosis_of(tracker: Tracker) -> dict[str, Any] | None:
    """The diagnosis that was told last, where nothing else was talked about since."""
    found = _last_custom(tracker, "answer", "diagnosis")
    return found if found is not None and found.get("type") == "diagnosis" else None


def question_of(tracker: Tracker, kind: str, knowledge: Knowledge) -> str:
    """What the person already said of the matter; empty where they must be asked."""
    text = str(tracker.latest_message.get("text") or "").strip()
    titles = {topic.title for topic in knowledge.topics.values()}
    if kind == "report" and len(text) >= TELLS and text not in titles:
        return text
    for event in reversed(_before_newest(tracker)):
        if event.get("event") != "user":
            continue
        decision = (event.get("parse_data") or {}).get("decision") or {}
        topics = [one["id"] for one in decision.get("topics", [])]
        known = knowledge.topics.get(topics[0]) if topics else None
        if decision.get("outcome") != "answer" or (known is not None and known.kind in ("faq", "personal")):
            earlier = str(decision.get("question") or event.get("text") or "").strip()
            return "" if reference_in(earlier) else earlier
    return ""


def transcript_of(tracker: Tracker, knowledge: Knowledge) -> list[dict[str, str]]:
    """The words exchanged since the session began, oldest first, without personal data."""
    public = public_facts(knowledge)
    turns: list[dict[str, str]] = []
    for event in _session(tracker):
        text = str(event.get("text") or "")
        if event.get("event") in ("user", "bot") and text:
            shown = redact(without_references(text, knowledge.phrases["contact_shown"]), public)
            turns.append({"who": "person" if event["event"] == "user" else "bot", "text": shown[:LONGEST_TURN]})
    return turns[-MOST_TURNS:]


def _last_custom(tracker: Tracker, *types: str) -> dict[str, Any] | None:
    """The newest machine-readable part of these types; of several diagnoses told at once the first, which matters
    most."""
    found: dict[str, Any] | None = None
    for event in list(reversed(_before_newest(tracker)))[:LOOK_BACK]:
        if event.get("event") == "user" and found is not None:
            break
        custom = ((event.get("data") or {}).get("custom") or {}) if event.get("event") == "bot" else {}
        if custom.get("type") in types and (found is None or custom["type"] == found["type"] == "diagnosis"):
            found = custom
    if found is not None and found.get("learner_id") not in (None, proven_learner_id(tracker)):
        return None
    return found


def _before_newest(tracker: Tracker) -> list[dict[str, Any]]:
    events = list(_session(tracker))
    newest = max((at for at, one in enumerate(events) if one.get("event") == "user"), default=len(events))
    return events[:newest]


def _session(tracker: Tracker) -> Iterator[dict[str, Any]]:
    events = list(tracker.events or [])
    begun = max((at for at, one in enumerate(events) if one.get("event") == "session_started"), default=-1)
    yield from events[begun + 1 :]
