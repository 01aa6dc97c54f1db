"""Rasa's intent classifier of this project: one small network over all topics and intents at once."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.live import LiveKnowledge
from bot.nlu.model import TopicModel
from bot.settings import Settings

MODEL_FILE = "topics.joblib"
MODEL = "topic_model"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Learns to rank all topics for a message and to say how sure it is; the Decider makes decisions of it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model: TopicModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has an intent; faq/<topic> counts as <topic>."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [str(example.get(TEXT)) for example in examples]
        labels = [topic_of(str(example.get(INTENT_RESPONSE_KEY) or example.get("intent"))) for example in examples]
        topics = LiveKnowledge.shared(Settings.from_env().kb_dir).get().topics.values()
        small_talk = frozenset(topic.id for topic in topics if topic.kind == "conversation")
        self._model = TopicModel.fit(texts, labels, small_talk, seed=int(self._config.get("random_seed", 0)))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """The trained classifier."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = TopicModel.load(folder / MODEL_FILE)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Hand the model on: the Decider reads a message, parts of it and follow-ups made whole by it."""
        for message in messages:
            message.set(MODEL, self._model)
        return messages


def topic_of(intent: str) -> str:
    """The topic id of an intent name: faq/forgot_password is forgot_password."""
    return intent.removeprefix("faq/")
