"""What a decision is worth against its label, for metrics, confusions and known failures alike."""

from __future__ import annotations

from bot.commands.questions import Question
from bot.nlu.decision import ANSWER, FALLBACK, SUGGEST, Decision
from bot.nlu.model import OUT_OF_SCOPE

RIGHT = "right"
HELPED = "helped"
"""Suggestions with the right topic among them."""
WRONG = "wrong"
MISSED = "missed"
"""Suggestions without the right topic."""
REFUSED = "refused"
"""A message in scope that the bot says it cannot answer."""
FALSE_ANSWER = "false_answer"
"""An answer to a message out of scope, whatever else its label accepts."""
FAILURES = frozenset({WRONG, MISSED, REFUSED, FALSE_ANSWER})

Pair = tuple[Question, Decision]


def verdict(question: Question, decision: Decision) -> str:
    """One of the words above."""
    if question.topic == OUT_OF_SCOPE:
        return FALSE_ANSWER if decision.outcome == ANSWER else RIGHT
    if decision.outcome == ANSWER:
        return RIGHT if any(question.right(topic) for topic in answered(decision)) else WRONG
    if decision.outcome == SUGGEST:
        return HELPED if any(question.right(topic) for topic, _score in decision.topics) else MISSED
    return REFUSED


def answered(decision: Decision) -> tuple[str, ...]:
    """The topics that an answer answers: the best one, or two where the message asks two questions."""
    return decision.answered or (decision.topics[0][0],)


def said(question: Question, decision: Decision) -> str:
    """The one topic that a decision counts as for F1 and confusions; what is accepted counts as the topic itself."""
    if decision.outcome == FALLBACK:
        return OUT_OF_SCOPE
    topics = answered(decision) if decision.outcome == ANSWER else (decision.topics[0][0],)
    return question.topic if any(question.right(topic) for topic in topics) else topics[0]
