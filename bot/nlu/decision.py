"""The decision for one message: answer, suggest or fall back; Rasa's component and `epark predict` share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.knowledge.models import Knowledge
from bot.nlu.model import OUT_OF_SCOPE, Ranked
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import Thresholds

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
ASKABLE_SHARE = 0.5
"""Where the best topic is small talk, suggestions are worth it only if a question comes this near to it."""
SHOWN = 3


@dataclass(frozen=True)
class Decision:
    """What the bot does with a message, and the topics behind it (scores descend, 0 to 1)."""

    outcome: str
    topics: tuple[tuple[str, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """The shape that `epark predict` prints and that the tracker keeps."""
        return {"outcome": self.outcome, "topics": [{"id": topic, "score": score} for topic, score in self.topics]}


def decide(text: str, ranked: Ranked, thresholds: Thresholds, knowledge: Knowledge) -> Decision:
    """Decide for one message; the exact title of a topic (what a button sends) needs no model."""
    known = tuple((topic, score) for topic, score in ranked.topics if topic in knowledge.topics)
    titled = title_index(knowledge).get(_key(text))
    if titled is not None:
        rest = [(topic, min(score, 0.5)) for topic, score in known if topic != titled][: SHOWN - 1]
        return Decision(ANSWER, ((titled, 1.0), *rest))
    if not known:
        return Decision(FALLBACK, ())
    chat = knowledge.topics[known[0][0]].kind == "conversation"
    needed = thresholds.chat if chat else thresholds.answer
    if ranked.confidence >= needed and known[0] == ranked.topics[0]:
        return Decision(ANSWER, known[:SHOWN])
    offered = suggestions(known, knowledge)
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
