"""The in-process voice: every action of the knowledge base, asked for as Rasa asks."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.desks.hours import TAIPEI
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge
from bot.speech.voice import KnowledgeVoice

NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(PROJECT / "domain.yml"))


@pytest.fixture(scope="module")
def voice(domain: Domain) -> KnowledgeVoice:
    return KnowledgeVoice(None, domain, LiveKnowledge.shared(PROJECT / "kb"), clock=lambda: NOW)


def user(topics: tuple[str, ...] = (), **entities: list[str]) -> UserUttered:
    parse: dict[str, Any] = {
        "text": "…",
        "intent": {"name": "faq", "confidence": 1.0},
        "entities": [{"entity": kind, "value": value} for kind, values in entities.items() for value in values],
        "decision": {"outcome": "answer", "topics": [{"id": topic, "score": 0.9} for topic in topics]},
    }
    return UserUttered("…", parse["intent"], parse["entities"], parse)


def tracker(domain: Domain, *events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("someone", list(events), slots=domain.slots)


async def say(voice: KnowledgeVoice, action: str, tracked: DialogueStateTracker, **found: Any) -> dict[str, Any]:
    response = await voice.generate(action, tracked, "rest", **found)
    assert response is not None
    return response


async def test_an_answer_is_that_of_the_first_topic_for_the_context_of_the_message(
    voice: KnowledgeVoice, domain: Domain
) -> None:
    tracked = tracker(domain, user(("forgot_password", "change_profile"), provider=["ecpa"]))

    response = await say(voice, "utter_answer", tracked)

    assert (response["custom"]["topic"], response["custom"]["score"]) == ("forgot_password", 0.9)
    assert response["custom"]["desk"] == "ecpa"


async def test_a_topic_without_an_answer_gets_the_fallback(voice: KnowledgeVoice, domain: Domain) -> None:
    response = await say(voice, "utter_answer", tracker(domain, user(("deleted",))))

    assert response["custom"] == {"type": "fallback"}


async def test_a_decision_that_is_missing_altogether_gets_the_fallback_and_no_stack_trace(
    voice: KnowledgeVoice, domain: Domain
) -> None:
    response = await say(voice, "utter_answer", tracker(domain, user()))

    assert response["custom"] == {"type": "fallback"}
    assert response["text"]


async def test_suggestions_are_exactly_the_topics_of_the_decision(voice: KnowledgeVoice, domain: Domain) -> None:
    topics = ("forgot_password", "egov_account_locked", "change_profile")

    response = await say(voice, "utter_suggest", tracker(domain, user(topics)))

    assert response["custom"] == {"type": "suggest", "topics": list(topics)}
    assert response["buttons"][-1] == {"title": "都不是", "payload": "都不是"}


async def test_a_no_to_suggestions_offers_desks_and_any_other_no_asks_again(
    voice: KnowledgeVoice, domain: Domain, knowledge: Knowledge
) -> None:
    unsure = user(("forgot_password", "change_profile"))
    unsure.parse_data["decision"]["outcome"] = "suggest"
    suggested = BotUttered("…", {"custom": {"type": "suggest", "topics": []}})

    to_suggestions = await say(voice, "utter_deny", tracker(domain, unsure, suggested, user()))
    otherwise = await say(voice, "utter_deny", tracker(domain, user()))

    assert to_suggestions["text"].startswith(knowledge.phrases["denied_suggestions"])
    assert to_suggestions["custom"] == {"type": "fallback"}
    assert otherwise["text"] == knowledge.phrases["denied"]
    assert otherwise["custom"] == {"type": "chat", "intent": "deny"}


async def test_contact_facts_are_those_of_the_named_desk_of_both_named_or_of_the_one_talked_about(
    voice: KnowledgeVoice, domain: Domain, knowledge: Knowledge
) -> None:
    answered = BotUttered("…", {"custom": {"type": "answer", "topic": "ecpa_login_methods", "desk": "ecpa"}})

    one = await say(voice, "utter_contact", tracker(domain, user(desk=["egov"])))
    two = await say(voice, "utter_contact", tracker(domain, user(desk=["egov", "moica"])))
    talked_about = await say(voice, "utter_contact", tracker(domain, user(), answered, user()))
    none = await say(voice, "utter_contact", tracker(domain, user()))

    assert one["custom"]["desk"] == "egov"
    assert knowledge.desks["egov"].name in two["text"] and knowledge.desks["moica"].name in two["text"]
    assert talked_about["custom"]["desk"] == "ecpa"
    assert none["text"].startswith(knowledge.phrases["contact_which"])


async def test_only_what_speaks_of_one_desk_with_its_whole_card_has_a_view_of_it(
    voice: KnowledgeVoice, domain: Domain
) -> None:
    one = await say(voice, "utter_contact", tracker(domain, user(desk=["egov"])))
    two = await say(voice, "utter_contact", tracker(domain, user(desk=["egov", "moica"])))
    case = await say(voice, "utter_case_status", tracker(domain, user(desk=["egov"])))

    assert one["custom"]["view"]["desk"] == "egov"
    assert [one["custom"]["type"] for one in (two, case)] == ["contact"] * 2
    assert not any("view" in one["custom"] for one in (two, case))


@pytest.mark.parametrize(
    ("portal", "topic"),
    [
        (None, "hours_not_uploaded_lifelong"),
        ("lifelong", "hours_not_uploaded_lifelong"),
        ("env_edu", "hours_not_uploaded_env"),
        ("teacher", "teacher_hours"),
    ],
)
async def test_the_general_answer_about_hours_follows_the_portal(
    portal: str | None, topic: str, voice: KnowledgeVoice, domain: Domain
) -> None:
    entities = {} if portal is None else {"portal": [portal]}

    response = await say(voice, "utter_general_hours", tracker(domain, user(**entities)))

    assert response["custom"]["type"] == "answer"
    assert response["custom"]["topic"] == topic


async def test_every_spoken_action_of_the_domain_gets_a_sentence(voice: KnowledgeVoice, domain: Domain) -> None:
    tracked = tracker(domain, user(("forgot_password", "change_profile")))
    spoken = [name for name in domain.action_names_or_texts if name.startswith("utter_")]

    texts = {name: (await say(voice, name, tracked))["text"] for name in spoken if "/" not in name}

    assert {"utter_answer", "utter_greet", "utter_complain", "utter_case_status"} <= set(texts)
    assert all(text and "{" not in text for text in texts.values())


async def test_a_fixed_sentence_of_the_domain_is_left_to_rasa(voice: KnowledgeVoice, domain: Domain) -> None:
    response = await say(voice, "utter_greet", tracker(domain, user()))

    assert response["custom"] == {"type": "chat", "intent": "greet"}


async def test_an_action_that_nobody_knows_says_nothing(voice: KnowledgeVoice, domain: Domain) -> None:
    assert await voice.generate("utter_nothing", tracker(domain, user()), "rest") is None


async def test_what_an_action_found_is_spoken_with_its_machine_readable_part(
    voice: KnowledgeVoice, domain: Domain
) -> None:
    custom = {
        "type": "diagnosis",
        "learner_id": "T5602110801",
        "portal": "lifelong",
        "course": "C1",
        "state": "action_needed",
        "causes": ["survey_missing"],
        "next_check": None,
        "desk": "platform",
        "as_of": "2026-11-20T05:00:00+08:00",
    }

    # As the tracker hands it over: what an action utters reaches the voice as keyword arguments.
    response = await say(voice, "utter_diagnosis", tracker(domain, user()), custom=custom, title="環境教育概論")

    assert response["custom"] == custom
    assert "環境教育概論" in response["text"]


async def test_a_personal_reply_that_cannot_be_spoken_becomes_the_fallback(
    voice: KnowledgeVoice, domain: Domain
) -> None:
    response = await say(voice, "utter_diagnosis", tracker(domain, user()), custom={"type": "diagnosis"})

    assert response["custom"] == {"type": "fallback"}


async def test_a_personal_question_without_a_token_is_told_to_sign_in(voice: KnowledgeVoice, domain: Domain) -> None:
    response = await say(voice, "utter_login_required", tracker(domain, user()))

    assert response["custom"] == {"type": "login_required"}


async def test_the_greeting_stands_behind_the_notices_that_hold(domain: Domain, tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "kb", tmp_path / "kb")
    (tmp_path / "kb" / "notices.yml").write_text(
        "notices:\n"
        "  - {id: now, text: 平臺停機維護, topics: [], from: 2026-11-20, to: 2026-11-20}\n"
        "  - {id: over, text: 已經結束, topics: all, from: 2026-11-19, to: 2026-11-19}\n",
        encoding="utf-8",
    )
    voice = KnowledgeVoice(None, domain, LiveKnowledge(tmp_path / "kb"), clock=lambda: NOW)

    greeting = await say(voice, "utter_greet", tracker(domain, user()))
    thanks = await say(voice, "utter_thank", tracker(domain, user()))

    assert greeting["text"].startswith("【公告】平臺停機維護\n\n您好")
    assert "已經結束" not in greeting["text"]
    assert "停機" not in thanks["text"]
