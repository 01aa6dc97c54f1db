"""What the conversation so far says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.knowledge.models import Knowledge
from bot.speech.conversation import Conversation, named_desks


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(Path(__file__).parents[2] / "domain.yml"))


def user(text: str = "…", topics: list[tuple[str, float]] | None = None, **entities: list[str]) -> UserUttered:
    """A message as the NLU leaves it in the tracker."""
    parse: dict[str, Any] = {
        "text": text,
        "intent": {"name": "faq", "confidence": 1.0},
        "entities": [{"entity": kind, "value": value} for kind, values in entities.items() for value in values],
    }
    if topics is not None:
        decision = {"outcome": "answer", "topics": [{"id": topic, "score": score} for topic, score in topics]}
        parse["decision"] = decision
    return UserUttered(text, parse["intent"], parse["entities"], parse)


def bot(**custom: Any) -> BotUttered:
    return BotUttered("…", {"custom": custom} if custom else {})


def conversation(domain: Domain, *events: Event) -> Conversation:
    return Conversation(DialogueStateTracker.from_events("someone", list(events), slots=domain.slots))


def test_a_conversation_that_has_not_begun_says_nothing(domain: Domain, knowledge: Knowledge) -> None:
    silent = conversation(domain)

    assert (silent.topics, silent.context(), silent.entities("desk")) == ([], {}, [])
    assert silent.last_custom("answer") is None
    assert not silent.suggestions_open()
    assert silent.desk(knowledge) == ("platform", None)


def test_the_topics_are_those_of_the_newest_message(domain: Domain) -> None:
    talk = conversation(domain, user(topics=[("a", 0.9)]), user(topics=[("b", 0.8), ("c", 0.1)]))

    assert talk.topics == [("b", 0.8), ("c", 0.1)]


def test_the_context_of_the_message_wins_over_what_was_named_before(domain: Domain) -> None:
    talk = conversation(domain, SlotSet("provider", "ecpa"), SlotSet("portal", "teacher"), user(provider=["egov"]))

    assert talk.context() == {"provider": "egov", "portal": "teacher"}


def test_a_message_that_names_two_providers_asks_for_neither(domain: Domain) -> None:
    talk = conversation(domain, SlotSet("provider", "ecpa"), user(provider=["egov", "google"]))

    assert talk.context() == {}


def test_the_same_value_named_twice_is_one(domain: Domain) -> None:
    talk = conversation(domain, user(provider=["egov", "egov"]))

    assert talk.context() == {"provider": "egov"}


def test_the_last_part_of_a_kind_is_the_newest_before_the_newest_message(domain: Domain) -> None:
    talk = conversation(
        domain,
        user(),
        bot(type="answer", topic="old"),
        user(),
        bot(type="answer", topic="new"),
        bot(type="contact", desk="egov"),
        user(),
        bot(type="answer", topic="of this turn"),
    )

    assert talk.last_custom("answer") == {"type": "answer", "topic": "new"}
    assert talk.last_custom("diagnosis") is None
    assert talk.last_custom("answer", "contact") == {"type": "contact", "desk": "egov"}


def test_suggestions_are_open_only_where_they_were_the_bots_last_words(domain: Domain) -> None:
    suggest = bot(type="suggest", topics=["a", "b"])

    opened = conversation(domain, user(), suggest, ActionExecuted("action_listen"), user("都不是"))
    closed = conversation(domain, user(), suggest, user(), bot(type="answer", topic="a"), user("都不是"))

    assert opened.suggestions_open()
    assert not closed.suggestions_open()


def test_a_desk_that_the_message_names_comes_before_what_was_talked_about(domain: Domain, knowledge: Knowledge) -> None:
    answered = bot(type="answer", topic="ecpa_login_methods", desk="ecpa")

    named = conversation(domain, user(), answered, user(desk=["moica"]))
    followed = conversation(domain, user(), answered, user())

    assert named.desk(knowledge) == ("moica", None)
    assert followed.desk(knowledge) == ("ecpa", "ecpa_login_methods")


def test_the_desk_of_a_diagnosis_is_followed_and_a_desk_that_is_gone_is_not(
    domain: Domain, knowledge: Knowledge
) -> None:
    diagnosed = conversation(domain, user(), bot(type="diagnosis", desk="env_edu"), user())
    gone = conversation(domain, user(), bot(type="answer", topic="x", desk="closed for ever"), user())

    assert diagnosed.desk(knowledge) == ("env_edu", None)
    assert gone.desk(knowledge) == ("platform", None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        (["platform"], ["platform"]),
        (["platform", "egov"], ["egov"]),
        (["egov", "ecpa", "moica"], ["egov", "ecpa"]),
    ],
)
def test_at_most_two_desks_are_taken_and_the_platform_only_alone(values: list[str], expected: list[str]) -> None:
    assert named_desks(values) == expected
