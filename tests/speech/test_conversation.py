"""What the conversation so far says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.context import CONTINUES
from bot.knowledge.models import Knowledge
from bot.speech.conversation import Conversation, named_desks
from bot.speech.reply import Reply


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


def decided(outcome: str, *topics: str, **more: Any) -> UserUttered:
    """A message with the decision that was made for it."""
    decision = {"outcome": outcome, "topics": [{"id": topic, "score": 0.5} for topic in topics], **more}
    return UserUttered("…", {"name": outcome, "confidence": 0.5}, [], {"text": "…", "decision": decision})


def further() -> UserUttered:
    """A further question of the message before it, as the channel sends it."""
    return UserUttered("…", {"name": "faq", "confidence": 1.0}, metadata={CONTINUES: True})


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


def test_how_the_newest_message_goes_on_is_read_from_its_decision(domain: Domain) -> None:
    step = conversation(domain, decided("answer", "a", follow_up="step", step=3))
    stuck = conversation(
        domain, decided("answer", "a", follow_up="step", step=3), decided("answer", "a", follow_up="stuck")
    )
    plain = conversation(domain, decided("answer", "a", follow_up="step", step=3), decided("answer", "b"))

    assert (step.follow_up, stuck.follow_up, plain.follow_up) == (("step", 3), ("stuck", 0), ("", 0))
    assert conversation(domain).follow_up == ("", 0)


def test_misses_are_those_before_the_newest_message(domain: Domain, knowledge: Knowledge) -> None:
    miss = decided("fallback")

    assert conversation(domain).misses(knowledge) == 0
    assert conversation(domain, miss).misses(knowledge) == 0
    assert conversation(domain, miss, bot(type="fallback"), miss).misses(knowledge) == 1
    assert conversation(domain, miss, miss, decided("answer", "forgot_password"), miss).misses(knowledge) == 0
    assert conversation(domain, decided("suggest", "a", "b"), decided("answer", "deny"), miss).misses(knowledge) == 1


FIRST = "先說密碼。\n1. 登入。\n\n請留意：\n・小心。\n\n還是不行的話：\n・平臺客服\n\n依據：手冊甲"


def test_a_further_question_is_answered_without_the_paragraphs_that_were_just_said(domain: Domain) -> None:
    reply = Reply("再說證書。\n1. 登入。\n2. 列印。\n\n還是不行的話：\n・平臺客服\n\n依據：手冊乙")

    second = conversation(domain, user(), BotUttered(FIRST), further()).without_repeats(reply)

    assert second.text == "再說證書。\n1. 登入。\n2. 列印。\n\n依據：手冊乙"


def test_a_list_keeps_its_heading_and_steps_keep_their_numbers(domain: Domain) -> None:
    reply = Reply("再說證書。\n1. 登入。\n\n請留意：\n・別的事。\n\n還是不行的話：\n・平臺客服\n・e政府客服")

    second = conversation(domain, user(), BotUttered(FIRST), further()).without_repeats(reply)

    assert second.text == reply.text


def test_buttons_that_were_just_offered_are_not_offered_again(domain: Domain) -> None:
    offered = {"buttons": [{"title": "退選", "payload": "退選"}]}
    reply = Reply("別的事。", (("退選", "退選"), ("證書", "證書")), {"type": "answer"})

    second = conversation(domain, user(), BotUttered(FIRST, offered), further()).without_repeats(reply)

    assert second.buttons == (("證書", "證書"),)
    assert second.custom == {"type": "answer"}


def test_a_reply_of_which_nothing_would_be_left_is_said_again(domain: Domain) -> None:
    reply = Reply(FIRST)

    assert conversation(domain, user(), BotUttered(FIRST), further()).without_repeats(reply) == reply


@pytest.mark.parametrize("repeated", [FIRST, "依據：手冊甲", "還是不行的話：\n・平臺客服\n\n別的事。"])
def test_a_message_of_its_own_is_answered_in_full(repeated: str, domain: Domain) -> None:
    reply = Reply(repeated)

    assert conversation(domain, user(), BotUttered(FIRST), user()).without_repeats(reply) == reply


def test_a_further_question_after_silence_is_answered_in_full(domain: Domain) -> None:
    assert conversation(domain, further()).without_repeats(Reply(FIRST)) == Reply(FIRST)


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
