"""What a message is said in the light of: the question last answered, what was offered, how often nothing fitted."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from bot.knowledge.models import Knowledge

ANSWERED, OFFERED, MISSED = "answer", "suggest", "fallback"
CONTINUES = "continues"
"""Metadata of a message that is the second question of the one before."""
NONE_OF_THESE = "deny"
"""The conversation topic of 「都不是」."""


@dataclass(frozen=True)
class TurnContext:
    """The conversation before a message, as far as understanding needs it."""

    topic: str | None = None
    """The topic last answered (no small talk)."""
    question: str = ""
    """The question that it answered, made whole where it was a follow-up itself."""
    offered: frozenset[str] = frozenset()
    """Topics offered since then: none of them is offered again."""
    open_offer: bool = False
    """Whether the bot's last words were suggestions."""
    misses: int = 0
    """Turns since then in which nothing fitted: fallbacks and 「都不是」 to what was offered."""
    step: int = 0
    """The step of the answer that was last spoken of by itself."""
    in_guide: bool = False
    """Whether a guide is waiting for a reply: it reads messages its own way."""


CURRENT: ContextVar[TurnContext | None] = ContextVar("epark_turn_context", default=None)
"""Set by the tracker store when Rasa fetches the conversation, which it does in the task that then reads the message.

Rasa hands a pipeline the message alone; this is how the conversation reaches it whatever store and channel are used.
"""
FURTHER: ContextVar[list[str] | None] = ContextVar("epark_further_questions", default=None)
"""Where the channel wants to hear of a second question in the message, which it then sends as a turn of its own."""


@dataclass
class Begun:
    """A turn that began with a message; the tracker store notes what the conversation was before it."""

    message: str
    before: str | None = None
    kept: bool = False


BEGUN: ContextVar[Begun | None] = ContextVar("epark_begun", default=None)
"""Set by the channel at the beginning of each turn."""


def context_of(decisions: Iterable[dict[str, Any]], small_talk: frozenset[str], in_guide: bool = False) -> TurnContext:
    """The context that a conversation's decisions leave, oldest first, each with its message as `text`."""
    context = TurnContext()
    for one in decisions:
        topics = [str(topic["id"]) for topic in one.get("topics", [])]
        outcome = one.get("outcome")
        if outcome == OFFERED:
            context = replace(context, offered=context.offered | set(topics), open_offer=True)
        elif outcome == MISSED:
            context = replace(context, open_offer=False, misses=context.misses + 1)
        elif not topics:
            context = replace(context, open_offer=False)
        elif topics[0] == NONE_OF_THESE:
            missed = context.open_offer or context.misses > 0
            context = replace(context, open_offer=False, misses=context.misses + missed)
        elif topics[0] in small_talk:
            context = replace(context, open_offer=False)
        elif one.get("follow_up") in (None, "facet", "correction") and topics[0] not in SERVICE:
            context = TurnContext(topics[0], str(one.get("question") or one.get("text") or ""))
        else:
            # What is about the answer given, or about its desk, leaves it standing.
            step = int(one.get("step") or context.step)
            context = replace(context, offered=frozenset(), open_offer=False, misses=0, step=step)
    return replace(context, in_guide=in_guide)


def decisions_in(events: Iterable[Any]) -> list[dict[str, Any]]:
    """The decisions of a conversation's events since its session began, oldest first, each with its message."""
    found: list[dict[str, Any]] = []
    for event in events:
        if event.type_name == "session_started":
            found = []
        elif event.type_name == "user" and (decision := (event.parse_data or {}).get("decision")):
            found.append({**decision, "text": event.text or ""})
    return found


def small_talk_of(knowledge: Knowledge) -> frozenset[str]:
    """The conversation topics: they answer nothing and offer nothing."""
    return frozenset(topic.id for topic in knowledge.topics.values() if topic.kind == "conversation")


SERVICE = frozenset({"contact_desk", "talk_to_human", "report_problem", "case_status"})
"""Topics that go on from what was answered before and do not take its place."""
