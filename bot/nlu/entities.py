"""Rasa's entity extractor of this project: terms of kb/vocabulary.yml, course titles, dates and durations."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.live import LiveKnowledge
from bot.learners.course_titles import CourseTitles, shared_titles
from bot.learners.records import taipei_day
from bot.nlu.mentions import MentionFinder
from bot.nlu.terms import Vocabulary
from bot.settings import Settings


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class TermExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds everything named as entities; a changed vocabulary or course list counts from the next message on."""

    def __init__(
        self, knowledge: LiveKnowledge, titles: CourseTitles, now: Callable[[], datetime.datetime] | None = None
    ) -> None:
        self._knowledge = knowledge
        self._titles = titles
        self._now = now or (lambda: datetime.datetime.now(datetime.timezone.utc))
        # The titles are read at the first message: training needs no database.
        self._known: tuple[Vocabulary, tuple[str, ...]] = (knowledge.get().vocabulary, ())
        self._finder = MentionFinder(*self._known)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermExtractor:
        """An extractor over the knowledge folder and the database of the settings."""
        settings = Settings.from_env()
        return cls(LiveKnowledge.shared(settings.kb_dir), shared_titles(settings.database_url))

    def process(self, messages: list[Message]) -> list[Message]:
        """Attach the entities of each message."""
        known = (self._knowledge.get().vocabulary, self._titles.get())
        if known != self._known:
            self._known, self._finder = known, MentionFinder(*known)
        today = taipei_day(self._now())
        for message in messages:
            entities = [
                {**mention.as_dict(), "extractor": type(self).__name__}
                for mention in self._finder.find(str(message.get(TEXT) or ""), today)
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
