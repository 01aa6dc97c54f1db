"""What stands beside a case: suggested answers, canned replies, and the learner's diagnosis."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.console.learner_panel import learner_panel
from bot.console.suggestions import suggestions, text_of
from bot.knowledge.help_desk import LiveHelpDesk, read_help_desk
from bot.knowledge.load import KnowledgeError
from bot.knowledge.models import Knowledge
from bot.knowledge.public import public_facts
from bot.learners.clock import now_in_taipei
from bot.learners.database import migrate, open_database
from bot.learners.demo import demo_learners
from bot.learners.store import replace_learners
from bot.privacy.redact import redact


@pytest.fixture
def learners(tmp_path: Path) -> Any:
    """A database with the demo learners."""
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")
    migrate(engine)
    with engine.begin() as connection:
        replace_learners(connection, list(demo_learners(now_in_taipei().date())))
    return engine


def test_a_topics_own_answer_comes_first_and_its_neighbours_after(knowledge: Knowledge) -> None:
    found = suggestions("withdraw_course", knowledge)

    assert found[0].topic == "withdraw_course"
    assert [one.topic for one in found[1:]] == [one for one in knowledge.answers["withdraw_course"].related]


@pytest.mark.parametrize("topic", [None, "", "talk_to_human", "nonsense"])
def test_a_topic_without_an_answer_suggests_nothing(knowledge: Knowledge, topic: str | None) -> None:
    assert suggestions(topic, knowledge) == []


def test_every_answer_and_every_canned_reply_can_be_sent_as_it_is(knowledge: Knowledge, kb_dir: Path) -> None:
    help_desk, faults = read_help_desk(kb_dir, knowledge)
    assert help_desk is not None and faults == []
    texts = [text_of(one, knowledge) for one in knowledge.answers.values()] + [one.text for one in help_desk.canned]

    for text in texts:
        assert 0 < len(text) <= 4000 and "{" not in text
        assert redact(text, public_facts(knowledge)) == text, "what is sent is what was inserted"


@pytest.mark.parametrize(
    ("learner_id", "portal", "state"),
    [
        ("T0000000004", "lifelong", "escalate"),
        ("T0000000005", "lifelong", "action_needed"),
        ("T0000000001", "env_edu", ""),
    ],
)
def test_the_diagnosis_is_that_of_the_bot(
    learner_id: str, portal: str, state: str, knowledge: Knowledge, learners: Any
) -> None:
    panel = learner_panel(learners, learner_id, portal, knowledge, now_in_taipei())

    assert panel is not None and panel.portals[0].id == portal
    assert panel.learner.learner_id == learner_id
    assert all(course.reasons for one in panel.portals for course in one.courses)
    assert not state or panel.portals[0].courses[0].state == state


def test_an_unknown_learner_has_no_panel(knowledge: Knowledge, learners: Any) -> None:
    assert learner_panel(learners, "T9999999999", None, knowledge, now_in_taipei()) is None


def test_an_edit_of_the_canned_replies_shows_at_once_and_a_broken_one_keeps_the_last(
    knowledge: Knowledge, kb_dir: Path, tmp_path: Path
) -> None:
    shutil.copytree(kb_dir, tmp_path / "kb")
    canned = tmp_path / "kb" / "canned_replies.yml"
    live = LiveHelpDesk(tmp_path / "kb", knowledge)

    canned.write_text("- {id: hello, title: 你好, text: '請寄 {mail:platform}'}\n", encoding="utf-8")
    assert [(one.id, one.text) for one in live.get(knowledge).canned] == [("hello", "請寄 e-learning@hrd.gov.tw")]

    (tmp_path / "kb" / "help_desk.yml").write_text("hours: [broken", encoding="utf-8")
    assert live.get(knowledge).canned[0].id == "hello"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("canned_replies.yml", "- {id: a, title: A, text: '{mail:moon}'}\n", "moon"),
        ("canned_replies.yml", "- {id: a, title: A, text: x}\n- {id: a, title: B, text: y}\n", "twice"),
        ("canned_replies.yml", "- {id: a}\n", "title"),
        ("help_desk.yml", "hours: {mon: ['25:00-26:00'], holidays: closed}\n", "hours"),
        ("help_desk.yml", "", "None"),
    ],
)
def test_what_is_wrong_in_the_files_is_named(
    knowledge: Knowledge, kb_dir: Path, tmp_path: Path, name: str, text: str, says: str
) -> None:
    shutil.copytree(kb_dir, tmp_path / "kb")
    (tmp_path / "kb" / name).write_text(text, encoding="utf-8")

    found, faults = read_help_desk(tmp_path / "kb", knowledge)

    assert faults and all(one.path == f"kb/{name}" for one in faults)
    assert any(says in one.message for one in faults)
    if found is None:
        with pytest.raises(KnowledgeError):
            LiveHelpDesk(tmp_path / "kb", knowledge)
