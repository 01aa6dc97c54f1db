"""What a turn came to, read from what was said in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ANSWER, SUGGEST, FALLBACK, CHAT, REFUSED, FAILED, SILENT, GUIDE, CASE = (
    "answer",
    "suggest",
    "fallback",
    "chat",
    "refused",
    "failed",
    "silent",
    "guide",
    "case",
)
QUESTIONS = frozenset({ANSWER, SUGGEST, FALLBACK})
"""Turns whose words may be kept: what people fill into forms or write to a colleague is nobody else's."""
PERSONAL = {
    "diagnosis": "my_hours_status",
    "course_status": "my_course_status",
    "learning_summary": "my_learning_summary",
    "account_status": "my_account_status",
}
"""Replies from a learner's own record, and the topic that asks for each."""
CONTACT = "contact_desk"
FORM = "case_form"


@dataclass(frozen=True)
class Turn:
    """One turn as the journal keeps it."""

    at: datetime.datetime
    channel: str
    conversation: str
    """A keyed hash."""
    outcome: str
    """answer, suggest, fallback, chat, refused, failed, silent, guide or case."""
    topic: str | None = None
    """What was answered, or offered first."""
    topics: tuple[tuple[str, float], ...] = ()
    """Answered or offered, with the score where there is one, else 0."""
    desk: str | None = None
    handed_over: bool = False
    """Whether a case was opened in it."""
    case_number: str | None = None
    text: str | None = None
    """Redacted; kept for as long as learning may need it."""
    helpful: bool | None = None
    reason: str | None = None
    goes_on: str | None = None
    """How it goes on from the answer before it: step, next, again, facet, stuck, contact or correction."""
    id: int = field(default=0, compare=False)


def turn_of(
    said: Sequence[Mapping[str, Any]],
    at: datetime.datetime,
    channel: str,
    conversation: str,
    text: str,
    refused: bool = False,
    apology: str | None = None,
) -> Turn:
    """The turn of these neutral messages; `apology` is what the bot says where it failed."""
    customs = [one["custom"] for one in said if isinstance(one.get("custom"), Mapping)]
    kinds = [str(one.get("type")) for one in customs]
    topics = _topics(customs)
    case = next((one for one in customs if one.get("type") == "case"), None)
    outcome = _outcome(said, kinds, refused, apology)
    return Turn(
        at=at,
        channel=channel,
        conversation=conversation,
        outcome=outcome,
        topic=topics[0][0] if topics else None,
        topics=topics,
        desk=next((str(one["desk"]) for one in customs if one.get("desk")), None),
        handed_over=case is not None and bool(case.get("opened")),
        case_number=str(case["case_id"]) if case is not None and case.get("case_id") else None,
        text=text if text and outcome in QUESTIONS and FORM not in kinds else None,
        goes_on=next((str(one["goes_on"]) for one in customs if one.get("goes_on")), None),
    )


def _outcome(said: Sequence[Mapping[str, Any]], kinds: list[str], refused: bool, apology: str | None) -> str:
    if refused:
        return REFUSED
    if not said:
        return SILENT
    if FORM in kinds and ANSWER not in kinds:
        # The card of a desk that heads a form answers no question.
        return GUIDE
    answering = {ANSWER, "contact", "login_required", *PERSONAL}
    for outcome, among in (
        (CASE, {"case"}),
        (ANSWER, answering),
        (SUGGEST, {"suggest"}),
        (FALLBACK, {"fallback"}),
        (GUIDE, {"guide"}),
    ):
        if among.intersection(kinds):
            return outcome
    failed = apology is not None and not kinds and [one.get("text") for one in said] == [apology]
    return FAILED if failed else CHAT


def _topics(customs: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for one in customs:
        kind = one.get("type")
        if kind == ANSWER and one.get("topic"):
            found.setdefault(str(one["topic"]), float(one.get("score") or 0))
        elif kind == SUGGEST:
            for topic in one.get("topics") or []:
                found.setdefault(str(topic), 0.0)
        elif kind in PERSONAL:
            found.setdefault(PERSONAL[str(kind)], 0.0)
        elif kind == "contact" and not any(other.get("type") == FORM for other in customs):
            found.setdefault(CONTACT, 0.0)
    return tuple(found.items())
