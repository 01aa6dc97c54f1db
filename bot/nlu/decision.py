"""The decision for one message: answer, suggest or fall back; Rasa's component and `epark predict` share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.dialogue.clauses import signs
from bot.knowledge.models import Knowledge
from bot.nlu.model import OUT_OF_SCOPE, Ranked
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import KEYWORD_SIGNS, Thresholds

ANSWER = "answer"
SUGGEST = "suggest"
FALLBACK = "fallback"
MOST_SUGGESTIONS = 4
WORTH_OFFERING = 0.04
"""A third or fourth suggestion needs this share of the best one's score."""
SENTENCES = {
    "more_button": "my_hours_status",
    "ask_env_hours": "my_hours_status",
    "ask_lifelong_hours": "my_hours_status",
    "suggest_none": "deny",
}
"""Phrases that buttons send besides titles, and the topic that each means."""
ASKABLE_SHARE = 0.2
"""Where the best topic is small talk, suggestions are worth it only if a question comes this near to it."""
SHOWN = 3


@dataclass(frozen=True)
class Decision:
    """What the bot does with a message, and the topics behind it (scores descend, 0 to 1)."""

    outcome: str
    topics: tuple[tuple[str, float], ...]
    answered: tuple[str, ...] = ()
    """Both topics, in order, where one message asks two questions; the second is answered in a turn of its own."""
    further: str = ""
    """The words of the second question."""
    follow_up: str = ""
    """How the message goes on from the one before it (bot.dialogue.follow_up)."""
    step: int = 0
    """The step asked for, in a follow-up about one."""
    question: str = ""
    """A follow-up made whole."""

    def as_dict(self) -> dict[str, Any]:
        """The shape that `epark predict` prints and that the tracker keeps."""
        told: dict[str, Any] = {
            "outcome": self.outcome,
            "topics": [{"id": topic, "score": score} for topic, score in self.topics],
        }
        if self.answered:
            told["answered"] = list(self.answered)
        told |= {key: value for key in ("follow_up", "step", "question") if (value := getattr(self, key))}
        return told


def decide(
    text: str,
    ranked: Ranked,
    thresholds: Thresholds,
    knowledge: Knowledge,
    offered_before: frozenset[str] = frozenset(),
) -> Decision:
    """Decide for one message; the exact title of a topic (what a button sends) needs no model.

    What was offered before and not taken is not offered again.
    """
    known = tuple((topic, score) for topic, score in ranked.topics if topic in knowledge.topics)
    named = titled(text, knowledge)
    if named is not None:
        rest = [(topic, min(score, 0.5)) for topic, score in known if topic != named][: SHOWN - 1]
        return Decision(ANSWER, ((named, 1.0), *rest))
    if not known:
        return Decision(FALLBACK, ())
    if knowledge.topics[known[0][0]].kind == "conversation":
        needed = thresholds.chat
    else:
        needed = thresholds.keyword if signs(text) <= KEYWORD_SIGNS else thresholds.answer
    if ranked.confidence >= needed and known[0] == ranked.topics[0]:
        return Decision(ANSWER, known[:SHOWN])
    offered = suggestions(tuple(one for one in known if one[0] not in offered_before), knowledge)
    if ranked.offer >= thresholds.suggest and len(offered) >= 2 and offered[0][1] >= known[0][1] * ASKABLE_SHARE:
        return Decision(SUGGEST, offered)
    return Decision(FALLBACK, known[:SHOWN])


def suggestions(topics: tuple[tuple[str, float], ...], knowledge: Knowledge) -> tuple[tuple[str, float], ...]:
    """Two to four topics that make sense as buttons: questions, not greetings."""
    askable = [(topic, score) for topic, score in topics if knowledge.topics[topic].kind != "conversation"]
    if not askable:
        return ()
    enough = askable[0][1] * WORTH_OFFERING
    return tuple(askable[:2] + [one for one in askable[2:MOST_SUGGESTIONS] if one[1] >= enough])


def titled(text: str, knowledge: Knowledge) -> str | None:
    """The topic whose title the text is, or whose sentence on a button; a score of 1 alone does not tell."""
    return title_index(knowledge).get(_key(text))


_INDEX: dict[int, tuple[Knowledge, dict[str, str]]] = {}


def title_index(knowledge: Knowledge) -> dict[str, str]:
    """Topic by title as buttons send it; kept for as long as the knowledge stays the same object."""
    cached = _INDEX.get(id(knowledge))
    if cached is None or cached[0] is not knowledge:
        index = {_key(topic.title): topic.id for topic in knowledge.topics.values() if topic.id != OUT_OF_SCOPE}
        for name, topic_id in SENTENCES.items():
            if name in knowledge.phrases:
                index[_key(knowledge.phrases[name])] = topic_id
        _INDEX.clear()
        _INDEX[id(knowledge)] = (knowledge, index)
        return index
    return cached[1]


def _key(text: str) -> str:
    return normalise(text).replace(" ", "")
