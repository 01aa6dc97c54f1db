"""Rasa's reading of bot/data, once a training instead of three times and without copying each question at each merge.

Rasa's importers wrap one another; each merges the questions with more data, which copies every one of them, hashes
it again and, for each language asked for, reads the files anew. With 24,000 questions that took half of a training.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class TrainingQuestion(Message):  # type: ignore[misc]
    """A training question, which no component of ours changes: copies are itself, and its hash is kept."""

    def __copy__(self) -> TrainingQuestion:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> TrainingQuestion:
        return self

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """As a message's; what it holds already changes nothing, so that the kept hash stays."""
        if self.data.get(prop) != info or add_to_output:
            super().set(prop, info, add_to_output)


class QuestionImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's own importer, with the questions read once."""

    _questions: TrainingData | None = None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The questions of all files; all are in one language, whichever is asked for."""
        if self._questions is None:
            read = super().get_nlu_data(language)
            for at, message in enumerate(read.training_examples):
                read.training_examples[at] = TrainingQuestion(message.data, message.output_properties)
            self._questions = read
        return self._questions
