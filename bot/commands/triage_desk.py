"""Which desk a message goes to, and why: the one place where triage asks for routing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cases.records import HUMAN, PLATFORM, REPORT
from bot.cases.routing import Matter, route
from bot.cases.rules import Rules
from bot.knowledge.models import Knowledge

ASKS_FOR_A_DESK = frozenset({"contact_desk", "talk_to_human"})
"""Topics in which a desk that is named is the one wanted; elsewhere it is but where somebody signs in."""


def desk_for(
    topic: str,
    context: Mapping[str, str],
    knowledge: Knowledge,
    answer_desk: str | None,
    rules: Rules | None,
    named: Sequence[str] = (),
) -> tuple[str, str]:
    """The desk, and the reason to tell where it is not the platform's own.

    `context` holds provider, portal and identity, where the message names one; `answer_desk` is what the answer names
    in that context. Without rules the answer's desk counts, then the topic's own, then the platform's.
    """
    if rules is not None:
        wanted = topic in ASKS_FOR_A_DESK
        kind, desks = (HUMAN, named) if wanted else (REPORT, ())
        found = route(Matter(kind, desks, topic, answer_desk, context=context), rules, knowledge)
        return found.desk, found.reason if found.desk != PLATFORM else ""
    known = knowledge.topics.get(topic)
    desk = answer_desk or (known.desk if known else None) or PLATFORM
    return (desk if desk in knowledge.desks else PLATFORM), ""
