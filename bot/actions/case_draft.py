"""From what a form collected and a conversation said to the draft of a case, and back to words for its summary."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from bot.actions.record import engine_of, entity, proven_learner_id
from bot.actions.talked_about import question_of, transcript_of
from bot.cases.form_flow import QUESTION, State
from bot.cases.help_desk import HelpDesk
from bot.cases.records import Case, Draft
from bot.cases.rules import CONTACT, FILES, CaseForm, Rules
from bot.knowledge.models import Knowledge
from bot.learners.store import find_learner
from bot.settings import Settings

LONGEST_SUBJECT = 60
"""Signs of a subject that is taken from the question."""


def channel_of(tracker: Tracker) -> str:
    """The channel that the person writes on."""
    return str(tracker.get_latest_input_channel() or "rest")


def known_of(tracker: Tracker, kind: str, diagnosis: dict[str, Any] | None, knowledge: Knowledge) -> dict[str, str]:
    """What need not be asked, by field; empty where it is not known."""
    say = knowledge.phrases
    provider = entity(tracker, "provider") or tracker.get_slot("provider")
    portal = (diagnosis or {}).get("portal") or tracker.get_slot("portal")
    course = entity(tracker, "course_title") or _course_of(tracker, diagnosis)
    return {
        QUESTION: question_of(tracker, kind, knowledge),
        "course": course,
        "course_known": course,
        "login": say.get(f"provider_{provider}", "") if provider else "",
        "portal_known": say.get(f"portal_{portal}", "") if portal else "",
    }


def _course_of(tracker: Tracker, diagnosis: dict[str, Any] | None) -> str:
    """The title of the course that was diagnosed, from the record of the learner who is speaking."""
    learner_id = proven_learner_id(tracker)
    if not learner_id or not diagnosis or not diagnosis.get("course"):
        return ""
    learner = find_learner(engine_of(Settings.from_env().database_url), learner_id)
    enrollments = learner.enrollments if learner is not None else ()
    return next((one.course.title for one in enrollments if one.course.code == diagnosis["course"]), "")


def draft_of(state: State, contact: str | None, tracker: Tracker, knowledge: Knowledge, desk: HelpDesk) -> Draft:
    """The draft of what the person confirmed."""
    values, topic = state["values"], state.get("topic")
    known = knowledge.topics.get(topic) if topic else None
    question = " ".join(str(values.get(QUESTION, "")).split())
    sender = str(tracker.sender_id)
    return Draft(
        kind=state["kind"],
        desk=state["desk"],
        channel=channel_of(tracker),
        conversation=sender,
        subject=known.title if known else question[:LONGEST_SUBJECT] or state["form"],
        topic=topic,
        learner_id=proven_learner_id(tracker),
        fields=values,
        contact=contact,
        diagnosis=state.get("diagnosis"),
        transcript=transcript_of(tracker, knowledge),
        files=desk.files(sender) if state["files"] else (),
        key=state["key"],
    )


def summary_lines(state: State, form: CaseForm) -> list[list[Any]]:
    """Label, kind and value of every field, for the person to confirm; a contact is only said to be there."""
    lines: list[list[Any]] = []
    for field in form.fields:
        if field.kind == FILES:
            lines.append([field.label, "files", state["files"].get(field.id, 0)])
        elif field.kind == CONTACT:
            lines.append([field.label, "contact", bool(state["contact"])])
        elif field.id in state["values"]:
            lines.append([field.label, "text", state["values"][field.id]])
    return lines


def ready_text(case: Case, rules: Rules) -> str:
    """What a person can copy and send to a desk themselves: the case without contact."""
    labels = {field.id: field.label for form in rules.forms.values() for field in form.fields}
    return "\n".join([case.subject, *(f"{labels.get(name, name)}：{value}" for name, value in case.fields.items())])
