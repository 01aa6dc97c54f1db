"""Rasa's reading of the training questions, once a training."""

from __future__ import annotations

import copy
from pathlib import Path

from rasa.shared.importers.importer import TrainingDataImporter

from bot.nlu.importer import QuestionImporter, TrainingQuestion

CONFIG = "recipe: default.v1\nlanguage: zh\nimporters:\n  - name: bot.nlu.importer.QuestionImporter\n"
DOMAIN = 'version: "3.1"\nintents: [greet, faq]\n'
NLU = (
    'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n'
    "- intent: faq/fee\n  examples: |\n    - how much\n"
)


def importer(room: Path) -> TrainingDataImporter:
    for name, text in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("nlu.yml", NLU)):
        (room / name).write_text(text, encoding="utf-8")
    return TrainingDataImporter.load_from_config(
        str(room / "config.yml"), str(room / "domain.yml"), [str(room / "nlu.yml")]
    )


def test_the_questions_arrive_with_their_topics_as_rasa_reads_them(tmp_path: Path) -> None:
    questions = importer(tmp_path).get_nlu_data().intent_examples

    found = {(one.get("text"), one.get("intent"), one.get("intent_response_key")) for one in questions}
    assert found == {("hello", "greet", None), ("hi", "greet", None), ("how much", "faq", "faq/fee")}


def test_the_files_are_read_once_whatever_language_is_asked_for(tmp_path: Path) -> None:
    files = QuestionImporter(None, None, None)
    importer(tmp_path)
    files._nlu_files = [str(tmp_path / "nlu.yml")]
    first = files.get_nlu_data()
    (tmp_path / "nlu.yml").unlink()

    assert files.get_nlu_data(language="zh") is first


def test_a_copy_of_a_question_is_itself_and_setting_what_it_holds_keeps_its_hash() -> None:
    question = TrainingQuestion({"text": "hello", "intent": "greet"})
    before = question.fingerprint()

    question.set("intent", "greet")

    assert copy.deepcopy([question])[0] is question
    assert question._cached_fingerprint == before


def test_a_question_that_is_changed_after_all_has_another_hash() -> None:
    question = TrainingQuestion({"text": "hello", "intent": "greet"})
    before = question.fingerprint()

    question.set("intent", "faq")

    assert question.fingerprint() != before
