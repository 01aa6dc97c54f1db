"""Reading a message whole: by itself, in the light of what was answered before, and for a second question in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.dialogue.clauses import halves
from bot.dialogue.context import TurnContext
from bot.dialogue.follow_up import FindTerms, FollowUp, follow_up
from bot.knowledge.models import Knowledge
from bot.nlu.decision import ANSWER, FALLBACK, SUGGEST, Decision, decide, suggestions, titled
from bot.nlu.model import Ranked
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import Thresholds

Rank = Callable[[Sequence[str]], list[Ranked]]
SURE = 1.0
ABOUT_THE_ANSWER = frozenset({"step", "next", "again", "stuck"})
SMALL_TALK = "conversation"


class Reader:
    """The decision for a message, with everything that the model alone cannot know."""

    def __init__(self, rank: Rank, thresholds: Thresholds, find_terms: FindTerms) -> None:
        self._rank = rank
        self._thresholds = thresholds
        self._find = find_terms

    def read(self, texts: Sequence[str], knowledge: Knowledge, context: TurnContext | None = None) -> list[Decision]:
        """One decision a text, in order; `context` belongs to each of them (there is none for unrelated texts)."""
        return [self.one(text, ranked, knowledge, context) for text, ranked in zip(texts, self._rank(texts))]

    def one(self, text: str, ranked: Ranked, knowledge: Knowledge, context: TurnContext | None = None) -> Decision:
        """The decision for a text that has been ranked already."""
        if context is not None and context.in_guide:
            return decide(text, ranked, self._thresholds, knowledge)
        offered = context.offered if context is not None else frozenset()
        alone = decide(text, ranked, self._thresholds, knowledge, offered)
        if titled(text, knowledge) is not None:
            return alone
        going_on = follow_up(normalise(text), context, self._find)
        if going_on is not None and context is not None:
            decision = self._in_its_light(going_on, context, alone, knowledge)
            if decision is not None:
                return decision
        return self._second_question(text, alone, ranked, knowledge)

    def _in_its_light(
        self, going_on: FollowUp, context: TurnContext, alone: Decision, knowledge: Knowledge
    ) -> Decision | None:
        assert context.topic is not None
        if going_on.kind == "contact":
            return Decision(ANSWER, (("contact_desk", SURE),), follow_up=going_on.kind)
        if going_on.kind in ABOUT_THE_ANSWER:
            if context.topic not in knowledge.answers:
                return None
            step = {"next": context.step + 1, "stuck": context.step}.get(going_on.kind, going_on.number)
            return Decision(ANSWER, ((context.topic, SURE),), follow_up=going_on.kind, step=step)
        ranked = self._rank([going_on.text])[0]
        if going_on.kind == "correction":
            # What has just been answered is what was not meant.
            known = tuple(one for one in ranked.topics if one[0] in knowledge.topics and one[0] != context.topic)
            meant = decide(going_on.text, replace(ranked, topics=known), self._thresholds, knowledge, context.offered)
            if ranked.topics and ranked.topics[0][0] == context.topic:
                offered = suggestions(known, knowledge)
                meant = Decision(SUGGEST, offered) if len(offered) > 1 else Decision(FALLBACK, known)
        else:
            meant = decide(going_on.text, ranked, self._thresholds, knowledge, context.offered)
        surer_alone = alone.outcome == ANSWER and meant.outcome != ANSWER
        denied = going_on.kind == "correction" and bool(alone.topics) and alone.topics[0][0] == context.topic
        if meant.outcome == FALLBACK or (surer_alone and not denied):
            return None
        return replace(meant, follow_up=going_on.kind, question=going_on.text)

    def _second_question(self, text: str, alone: Decision, ranked: Ranked, knowledge: Knowledge) -> Decision:
        """Both questions where the message falls into two parts that are each clear and about different things."""
        # Script and width are brought to one only where need be: it costs the line breaks, which part questions.
        pairs = halves(text) or halves(normalise(text))
        if not pairs or not ranked.topics:
            return alone
        parts = self._rank([part for pair in pairs for part in pair])
        best: tuple[float, Decision] | None = None
        for at, (_first, second) in enumerate(pairs):
            one, other = parts[2 * at], parts[2 * at + 1]
            sure = min(one.confidence, other.confidence)
            topics = (one.topics[0], (other.topics[0][0], min(one.topics[0][1], other.topics[0][1])))
            if (
                sure < self._thresholds.answer
                or topics[0][0] == topics[1][0]
                or any(_kind(topic, knowledge) in (None, SMALL_TALK) for topic, _score in topics)
                # The whole message must be about both: a matter mentioned in passing is none of them.
                or ranked.topics[0][0] not in (topics[0][0], topics[1][0])
                or (best is not None and sure <= best[0])
            ):
                continue
            answered = (topics[0][0], topics[1][0])
            best = sure, Decision(ANSWER, topics, answered=answered, further=second)
        return alone if best is None else best[1]


def _kind(topic: str, knowledge: Knowledge) -> str | None:
    return knowledge.topics[topic].kind if topic in knowledge.topics else None
