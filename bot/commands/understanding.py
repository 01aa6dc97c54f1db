"""Understanding messages outside of a conversation: the same model and the same decision as in the bot."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.front_door import FrontDoor
from bot.commands.model_file import fitting_model, load_topic_model
from bot.guides.library import GuideLibrary
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge
from bot.learners.token import TokenCheck
from bot.nlu.decision import ANSWER, FALLBACK, Decision, decide
from bot.settings import Settings


class Understanding:
    """Front door, topic model and decision in one; raises NoModelError where nothing is trained."""

    def __init__(self, settings: Settings) -> None:
        self._kb_dir = settings.kb_dir
        self._knowledge = LiveKnowledge.shared(settings.kb_dir)
        self._door = FrontDoor(self._knowledge, TokenCheck(settings.token_key))
        self._model = load_topic_model(fitting_model(settings))

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge that decisions rest on."""
        return self._knowledge.get()

    def decisions(self, texts: Sequence[str]) -> list[Decision]:
        """One decision a text, in order."""
        admitted = [self._door.admit(text) for text in texts]
        ranked = self._model.rank([one.text for one in admitted])
        knowledge = self.knowledge
        library = GuideLibrary.shared(self._kb_dir)
        return [
            _guide_decision(library, one.text) or decide(one.text, rank, self._model.thresholds, knowledge)
            if not one.refusal
            else Decision(FALLBACK, ())
            for one, rank in zip(admitted, ranked)
        ]


def _guide_decision(library: GuideLibrary, text: str) -> Decision | None:
    """The name of a guide is understood for sure, as the topic that the guide belongs to."""
    asked = library.asked(text)
    return None if asked is None else Decision(ANSWER, ((asked[1], 1.0),))
