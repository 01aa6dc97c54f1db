"""The last component of the pipeline: turns the ranking into the intent that the rules know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.dialogue.context import CURRENT, FURTHER
from bot.guides.library import GuideLibrary
from bot.knowledge.live import LiveKnowledge
from bot.nlu.classify import MODEL
from bot.nlu.decision import ANSWER, FALLBACK, SUGGEST, Decision
from bot.nlu.reading import Reader
from bot.nlu.terms import LiveTerms
from bot.settings import Settings

DECISION = "decision"
START_GUIDE = "start_guide"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class Decider(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Sets the intent: faq for an answer of the knowledge base, suggest, fallback, or the plain intent itself."""

    def __init__(self, knowledge: LiveKnowledge, kb_dir: Path) -> None:
        self._knowledge = knowledge
        self._kb_dir = kb_dir
        self._terms = LiveTerms(knowledge)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decider:
        """A decider over the knowledge folder of the settings."""
        kb_dir = Settings.from_env().kb_dir
        return cls(LiveKnowledge.shared(kb_dir), kb_dir)

    def process(self, messages: list[Message]) -> list[Message]:
        """Attach the decision and the intent that follows from it."""
        knowledge = self._knowledge.get()
        library = GuideLibrary.shared(self._kb_dir)
        for message in messages:
            model = message.get(MODEL)
            if model is None:
                continue
            text = str(message.get(TEXT) or "")
            asked = library.asked(text)
            if asked is not None:
                decision, intent = Decision(ANSWER, ((asked[1], 1.0),)), START_GUIDE
            else:
                reader = Reader(model.rank, model.thresholds, self._terms.find)
                decision = reader.read([text], knowledge, CURRENT.get())[0]
                intent = intent_of(decision, {topic.id: topic.kind for topic in knowledge.topics.values()})
            further = FURTHER.get()
            if decision.further and further is not None:
                further.append(decision.further)
            score = decision.topics[0][1] if decision.topics else 0.0
            message.set(DECISION, decision.as_dict(), add_to_output=True)
            message.set(INTENT, {"name": intent, "confidence": score}, add_to_output=True)
            ranking = [{"name": topic, "confidence": value} for topic, value in decision.topics]
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def intent_of(decision: Decision, kinds: dict[str, str]) -> str:
    """The intent that the rules know a decision by."""
    if decision.outcome in (SUGGEST, FALLBACK):
        return decision.outcome
    assert decision.outcome == ANSWER
    topic = decision.topics[0][0]
    return "faq" if kinds[topic] == "faq" else topic
