"""Rasa's extractor: what it adds to a message."""

from __future__ import annotations

import datetime
from pathlib import Path

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from bot.knowledge.live import LiveKnowledge
from bot.learners.course_titles import CourseTitles
from bot.nlu.entities import TermExtractor
from bot.nlu.mentions import FINER

NOON = datetime.datetime(2026, 11, 20, 4, 0, tzinfo=datetime.timezone.utc)


class Titles(CourseTitles):
    def __init__(self, *titles: str) -> None:
        super().__init__("sqlite://")
        self.titles = titles

    def get(self) -> tuple[str, ...]:
        return self.titles


def entities(extractor: TermExtractor, text: str) -> list[dict[str, object]]:
    return extractor.process([Message({TEXT: text})])[0].get(ENTITIES)


def test_every_entity_says_what_it_is_where_it_stands_and_who_found_it(kb_dir: Path) -> None:
    extractor = TermExtractor(LiveKnowledge.shared(kb_dir), Titles("環境變遷概論"), lambda: NOON)

    found = entities(extractor, "昨天環境變遷概論讀了2小時")

    who = {"extractor": "TermExtractor"}
    assert found == [
        {"entity": "date", "value": "2026-11-19", "start": 0, "end": 2, **who},
        {"entity": "course_title", "value": "環境變遷概論", "start": 2, "end": 8, **who},
        {"entity": "duration", "value": "PT2H", "start": 10, "end": 13, **who},
    ]


def test_new_titles_count_from_the_next_message_on(kb_dir: Path) -> None:
    titles = Titles()
    extractor = TermExtractor(LiveKnowledge.shared(kb_dir), titles, lambda: NOON)
    before = entities(extractor, "環境變遷概論")

    titles.titles = ("環境變遷概論",)

    assert before == []
    assert [one["value"] for one in entities(extractor, "環境變遷概論")] == ["環境變遷概論"]


def test_the_day_is_that_of_taipei(kb_dir: Path) -> None:
    late = datetime.datetime(2026, 11, 20, 17, 0, tzinfo=datetime.timezone.utc)
    extractor = TermExtractor(LiveKnowledge.shared(kb_dir), Titles(), lambda: late)

    assert [one["value"] for one in entities(extractor, "今天")] == ["2026-11-21"]


def test_what_was_found_before_stays(kb_dir: Path) -> None:
    extractor = TermExtractor(LiveKnowledge.shared(kb_dir), Titles(), lambda: NOON)
    message = Message({TEXT: "今天", ENTITIES: [{"entity": "other"}]})

    assert [one["entity"] for one in extractor.process([message])[0].get(ENTITIES)] == ["other", "date"]


def test_the_domain_declares_the_roles_of_finer_values(project: Path) -> None:
    domain = YAML(typ="safe").load((project / "domain.yml").read_text(encoding="utf-8"))
    roles = {key: value["roles"] for one in domain["entities"] if isinstance(one, dict) for key, value in one.items()}

    assert roles == {entity: [section] for section, entity in FINER.items()}
