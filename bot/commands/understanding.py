"""Understanding messages outside of a conversation: the same model and the same decision as in the bot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.front_door import FrontDoor
from bot.commands.model_file import fitting_model, load_topic_model
from bot.guides.library import GuideLibrary
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge
from bot.learners.token import TokenCheck
from bot.nlu.decision import ANSWER, FALLBACK, Decision
from bot.nlu.model import Ranked, TopicModel
from bot.nlu.reading import Reader
from bot.nlu.terms import LiveTerms
from bot.nlu.thresholds import Thresholds
from bot.settings import Settings

MOST_REMEMBERED = 20_000


@dataclass(frozen=True)
class Heard:
    """A message as the front door lets it in, and what the model thinks of it."""

    text: str
    ranked: Ranked
    settled: Decision | None = None
    """The decision that needs no model: the name of a guide, or a text that the front door refuses."""


class Understanding:
    """Front door, topic model and decision in one; raises NoModelError where nothing is trained.

    A model given as an argument is taken instead of the trained one on disk.
    """

    def __init__(self, settings: Settings, model: TopicModel | None = None) -> None:
        self._kb_dir = settings.kb_dir
        self._knowledge = LiveKnowledge.shared(settings.kb_dir)
        self._terms = LiveTerms(self._knowledge)
        self._ranked: dict[str, Ranked] = {}
        self._door = FrontDoor(self._knowledge, TokenCheck(settings.token_key))
        self._model = model if model is not None else load_topic_model(fitting_model(settings))

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge that decisions rest on."""
        return self._knowledge.get()

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds that training chose."""
        return self._model.thresholds

    def decisions(self, texts: Sequence[str]) -> list[Decision]:
        """One decision a text, in order."""
        return self.decide(self.hear(texts), self.thresholds)

    def hear(self, texts: Sequence[str]) -> list[Heard]:
        """What the model thinks of each text; the slow part, and the one that no threshold changes."""
        admitted = [self._door.admit(text, fresh=at == 0) for at, text in enumerate(texts)]
        ranked = self._model.rank([one.text for one in admitted])
        library = GuideLibrary.shared(self._kb_dir)
        return [
            Heard(one.text, rank, Decision(FALLBACK, ()) if one.refusal else _guide_decision(library, one.text))
            for one, rank in zip(admitted, ranked)
        ]

    def decide(self, heard: Sequence[Heard], thresholds: Thresholds) -> list[Decision]:
        """One decision for each message heard, in order."""
        knowledge = self.knowledge
        reader = Reader(self._rank, thresholds, self._terms.find)
        return [one.settled or reader.one(one.text, one.ranked, knowledge) for one in heard]

    def _rank(self, texts: Sequence[str]) -> list[Ranked]:
        """As the model ranks; remembered, because pictures over many thresholds ask for the same parts again."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._ranked]
        if len(self._ranked) + len(unknown) > MOST_REMEMBERED:
            self._ranked.clear()
            unknown = list(dict.fromkeys(texts))
        self._ranked.update(zip(unknown, self._model.rank(unknown)))
        return [self._ranked[text] for text in texts]


def _guide_decision(library: GuideLibrary, text: str) -> Decision | None:
    """The name of a guide is understood for sure, as the topic that the guide belongs to."""
    asked = library.asked(text)
    return None if asked is None else Decision(ANSWER, ((asked[1], 1.0),))
