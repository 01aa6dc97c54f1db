"""What the bot says when it is not sure."""

from __future__ import annotations

import datetime

import pytest

from bot.desks.hours import TAIPEI
from bot.knowledge.models import Knowledge
from bot.speech.unsure import speak_complaint, speak_fallback, speak_miss, speak_suggestions

NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_suggestions_are_buttons_in_their_order_with_none_of_them_last(count: int, knowledge: Knowledge) -> None:
    topics = ["forgot_password", "my_hours_status", "egov_account_locked", "contact_desk"][:count]
    titles = [knowledge.topics[topic].title for topic in topics]

    reply = speak_suggestions(topics, knowledge)

    assert [title for title, _payload in reply.buttons] == [*titles, "都不是"]
    assert all(title == payload for title, payload in reply.buttons)
    assert reply.custom == {"type": "suggest", "topics": topics}


def test_the_text_of_suggestions_names_them_for_who_sees_no_buttons(knowledge: Knowledge) -> None:
    topics = ["forgot_password", "egov_account_locked"]

    text = speak_suggestions(topics, knowledge).text

    places = [text.index(knowledge.topics[topic].title) for topic in topics]
    assert places == sorted(places)
    assert knowledge.phrases["suggest_none"] in text


def test_a_suggestion_that_the_knowledge_no_longer_holds_is_left_out_everywhere(knowledge: Knowledge) -> None:
    reply = speak_suggestions(["forgot_password", "deleted", "system_slow"], knowledge)

    assert len(reply.buttons) == 3
    assert "deleted" not in reply.text
    assert reply.custom == {"type": "suggest", "topics": ["forgot_password", "system_slow"]}


@pytest.mark.parametrize("phrase", ["fallback", "denied_suggestions"])
def test_a_fallback_says_so_and_offers_desks_that_can_be_reached(phrase: str, knowledge: Knowledge) -> None:
    reply = speak_fallback(knowledge, NOW, phrase)

    assert reply.text.startswith(knowledge.phrases[phrase])
    assert knowledge.desks["platform"].mailboxes[0].address in reply.text
    assert knowledge.desks["egov"].phones[0].number in reply.text
    assert len(reply.buttons) == 3
    assert reply.custom == {"type": "fallback"}


def test_the_more_often_nothing_fitted_the_nearer_comes_a_person(knowledge: Knowledge) -> None:
    report, human = (knowledge.topics[topic].title for topic in ("report_problem", "talk_to_human"))

    replies = [speak_miss(misses, knowledge, NOW) for misses in range(4)]

    phrases = ("fallback", "second_miss", "third_miss", "third_miss")
    assert all(reply.text.startswith(knowledge.phrases[name]) for reply, name in zip(replies, phrases))
    titles = [[title for title, _payload in reply.buttons] for reply in replies]
    assert report not in titles[0] and titles[1] == [*titles[0], report]
    assert titles[2] == titles[3] == [report, human]
    assert all(reply.custom == {"type": "fallback"} for reply in replies)


def test_only_the_first_miss_is_said_in_the_words_that_fit_its_cause(knowledge: Knowledge) -> None:
    first = speak_miss(0, knowledge, NOW, first="denied_suggestions")
    second = speak_miss(1, knowledge, NOW, first="denied_suggestions")

    assert first.text.startswith(knowledge.phrases["denied_suggestions"])
    assert second.text.startswith(knowledge.phrases["second_miss"])


def test_a_complaint_gets_regret_the_desk_and_the_offer_to_look_into_it(knowledge: Knowledge) -> None:
    reply = speak_complaint("egov", knowledge, NOW)

    egov = knowledge.desks["egov"]
    assert egov.name in reply.text and egov.phones[0].number in reply.text and "{" not in reply.text
    wanted = [knowledge.topics[topic].title for topic in ("report_problem", "talk_to_human")]
    assert [title for title, _payload in reply.buttons] == wanted
    assert reply.custom == {"type": "chat", "intent": "complain"}
