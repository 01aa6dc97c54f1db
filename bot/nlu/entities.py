"""Rasa's entity extractor of this project: the terms of kb/vocabulary.yml through spaCy's phrase matcher."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.live import LiveKnowledge
from bot.nlu.terms import TermFinder
from bot.settings import Settings


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class TermExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds the terms found as entities; a changed vocabulary counts from the next message on."""

    def __init__(self, knowledge: LiveKnowledge) -> None:
        self._knowledge = knowledge
        self._vocabulary = knowledge.get().vocabulary
        self._finder = TermFinder(self._vocabulary)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermExtractor:
        """An extractor over the knowledge folder of the settings."""
        return cls(LiveKnowledge.shared(Settings.from_env().kb_dir))

    def process(self, messages: list[Message]) -> list[Message]:
        """Attach the entities of each message."""
        vocabulary = self._knowledge.get().vocabulary
        if vocabulary != self._vocabulary:
            self._vocabulary, self._finder = vocabulary, TermFinder(vocabulary)
        for message in messages:
            entities = [
                {
                    "entity": term.entity,
                    "value": term.value,
                    "start": term.start,
                    "end": term.end,
                    "extractor": type(self).__name__,
                }
                for term in self._finder.find(str(message.get(TEXT) or ""))
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
