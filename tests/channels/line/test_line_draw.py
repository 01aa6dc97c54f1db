"""Drawing for LINE: everything that the bot can say, within all limits, with nothing left out."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from line_platform import faults_of, readable
from line_spec import spec

from bot.channels.line_draw import MOST_QUICK_REPLIES, draw, short_labels, show_button
from bot.channels.line_text import LONGEST_TEXT, cut, split, units, without
from bot.knowledge.models import Knowledge
from bot.learners.records import TAIPEI
from bot.speech.answers import speak_answer
from bot.speech.contacts import speak_contact, speak_contact_choice
from bot.speech.reply import Reply
from bot.speech.unsure import speak_fallback, speak_suggestions

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=TAIPEI)


def drawn(said: Sequence[dict[str, Any]], knowledge: Knowledge) -> list[dict[str, Any]]:
    """What is sent, held to LINE's limits and, where it is at hand, to LINE's own description."""
    messages = draw(said, knowledge, lambda payloads: [f"id{at}" for at, _ in enumerate(payloads)])
    assert faults_of(messages) == []
    known = spec("api")
    assert known is None or known.faults("PushMessageRequest", {"to": "U1", "messages": messages}) == []
    return messages


def of(reply: Reply) -> list[dict[str, Any]]:
    """As Rasa's output channel hands a reply on: what a machine reads comes as a message of its own."""
    response = reply.as_response()
    custom = response.pop("custom", None)
    return [response] + ([{"custom": custom}] if custom else [])


def plain(text: str) -> str:
    return "".join(text.split())


def test_every_answer_is_a_card_that_says_all_its_steps_and_notes(knowledge: Knowledge) -> None:
    for answer in knowledge.answers.values():
        reply = speak_answer(answer, {}, knowledge, NOW)

        messages = drawn(of(reply), knowledge)

        said = plain("".join(map(readable, messages)))
        view = (reply.custom or {})["view"]
        for part in (view, *view["parts"]):
            for piece in (part["short"], *part["steps"], *part["notes"]):
                assert plain(piece) in said, answer.topic
        assert len(messages) <= 5


def test_an_answer_names_every_source_and_what_is_not_known_of_a_desk(knowledge: Knowledge) -> None:
    for answer in knowledge.answers.values():
        reply = speak_answer(answer, {}, knowledge, NOW)
        view = (reply.custom or {})["view"]

        said = "".join(map(readable, drawn(of(reply), knowledge)))

        assert all(source["title"] in said for source in view["sources"]), answer.topic
        unknown = any(not (one["phones"] and one["mailboxes"] and one["hours"]) for one in view["contacts"])
        assert not unknown or "手冊沒有載明" in said, answer.topic


def test_every_desk_is_a_card_that_can_be_called(knowledge: Knowledge) -> None:
    for desk in knowledge.desks.values():
        reply = speak_contact(desk.id, knowledge, NOW)

        (message,) = drawn(of(reply), knowledge)

        assert message["type"] == "flex" and desk.name in message["altText"]
        for line in reply.text.split("\n"):
            assert plain(line) in plain(readable(message))
        buttons = message["contents"].get("footer", {}).get("contents", [])
        uris = [one["action"].get("uri", "") for one in buttons]
        assert any(uri.startswith("tel:") for uri in uris) == bool(desk.phones)


def test_what_the_bot_asks_and_offers_has_its_buttons_on_the_last_message(knowledge: Knowledge) -> None:
    topics = list(knowledge.topics)[:4]
    for reply in (
        speak_suggestions(topics, knowledge),
        speak_fallback(knowledge, NOW),
        speak_contact_choice(knowledge, NOW),
    ):
        messages = drawn(of(reply), knowledge)

        items = messages[-1]["quickReply"]["items"]
        assert [one["action"]["displayText"] for one in items] == [title for title, _ in reply.buttons]


@pytest.mark.parametrize(
    "custom",
    [
        {"type": "diagnosis", "state": "action_needed"},
        {"type": "course_status", "state": "passed"},
        {"type": "learning_summary"},
        {"type": "account_status"},
        {"type": "guide", "step": 2, "of": 6},
        {"type": "guide", "step": 0, "of": 0},
        {"type": "case", "case_id": "2611-0042", "desk": "platform", "status": "open"},
        {"type": "agent"},
        {"type": "open", "label": "前往登入", "uri": "https://epark.example.gov.tw/sign-in"},
    ],
)
@pytest.mark.parametrize("text", ["一行", "第一行\n\n・第二行\n1. 第三行"])
def test_every_kind_of_card_says_the_whole_text(custom: dict[str, Any], text: str, knowledge: Knowledge) -> None:
    (message,) = drawn([{"text": text}, {"custom": custom}], knowledge)

    assert message["type"] == "flex"
    assert plain(text) in plain(readable(message))
    assert message["altText"].endswith(" ".join(text.split()))


@pytest.mark.parametrize(
    "custom",
    [
        {"type": "something new"},
        {"type": "answer", "view": {"short": 5}},
        {"type": "contact", "view": []},
        {"type": "open"},
        {"type": "guide", "step": "2", "of": None},
        {"type": None},
    ],
)
def test_what_cannot_be_drawn_is_said(custom: dict[str, Any], knowledge: Knowledge) -> None:
    (message,) = drawn([{"text": "好的。"}, {"custom": custom}], knowledge)

    assert "好的。" in readable(message)


@pytest.mark.parametrize("count", [5, 6, 12, 40])
@pytest.mark.parametrize("kinds", ["text", "card", "mixed"])
def test_more_than_five_messages_are_folded_and_nothing_is_lost(count: int, kinds: str, knowledge: Knowledge) -> None:
    said = [{"text": f"第{number}則\n說明{number}。"} for number in range(count)]
    if kinds != "text":
        chosen = said if kinds == "card" else said[::2]
        for one in chosen:
            one["custom"] = {"type": "diagnosis", "state": "waiting"}  # type: ignore[assignment]

    messages = drawn(said, knowledge)

    text = "\n".join(map(readable, messages))
    assert all(f"第{number}則" in text and f"說明{number}。" in text for number in range(count))


def test_a_text_beyond_the_limit_is_split_between_steps(knowledge: Knowledge) -> None:
    steps = [f"{number}. " + "字" * 400 + "。" for number in range(1, 30)]

    messages = drawn([{"text": "\n".join(steps)}], knowledge)

    assert len(messages) == 3
    assert [line for message in messages for line in message["text"].split("\n")] == steps


def test_an_answer_too_large_for_a_card_is_said_in_plain_text(knowledge: Knowledge) -> None:
    answer = next(iter(knowledge.answers.values()))
    reply = speak_answer(answer, {}, knowledge, NOW)
    assert reply.custom is not None
    view = {**reply.custom["view"], "steps": ["步" * 500 for _ in range(40)]}

    messages = drawn([{"text": reply.text, "custom": {**reply.custom, "view": view}}], knowledge)

    assert [message["type"] for message in messages] == ["text"]


def test_of_too_many_buttons_the_newest_stay(knowledge: Knowledge) -> None:
    said = [
        {"text": "甲", "buttons": [{"title": f"舊{number}", "payload": "x"} for number in range(10)]},
        {"text": "乙", "buttons": [{"title": f"新{number}", "payload": "y"} for number in range(10)]},
    ]

    messages = drawn(said, knowledge)

    titles = [one["action"]["displayText"] for one in messages[-1]["quickReply"]["items"]]
    assert len(titles) == MOST_QUICK_REPLIES
    assert [f"新{number}" for number in range(10)] == titles[3:]


def test_labels_are_cut_so_that_they_can_be_told_apart() -> None:
    titles = ["終身學習入口網的時數為什麼還沒有上傳成功", "終身學習入口網的時數為什麼還沒有上傳完成", "短的"]

    labels = short_labels(titles)

    assert all(units(label) <= 20 for label in labels)
    assert len(set(labels)) == 3 and labels[2] == "短的"


def test_links_that_line_would_refuse_are_left_to_the_text(knowledge: Knowledge) -> None:
    answer = next(iter(knowledge.answers.values()))
    reply = speak_answer(answer, {}, knowledge, NOW)
    assert reply.custom is not None
    links = [{"title": "長", "url": "https://e.tw/" + "a" * 1000}, {"title": "怪", "url": "ftp://e.tw"}]
    view = {**reply.custom["view"], "links": links, "contacts": []}

    (message,) = drawn([{"text": reply.text, "custom": {**reply.custom, "view": view}}], knowledge)

    assert "footer" not in message["contents"]


@pytest.mark.parametrize("length", [1, 399, 4999, 5000, 5001, 12_345])
@pytest.mark.parametrize("sign", ["字", "😀", "a\n", "\n\n"])
def test_pieces_keep_to_the_limit_and_lose_no_sign(length: int, sign: str) -> None:
    text = sign * length

    pieces = split(text)

    assert all(0 < units(piece) <= LONGEST_TEXT for piece in pieces)
    assert plain("".join(pieces)) == plain(text)


def test_text_is_measured_and_cut_as_line_does() -> None:
    assert units("a字😀") == 4
    assert cut("字字字字", 3) == "字字…"
    assert cut("😀😀", 3) == "😀…"
    assert without("😀@小幫手 好", [(2, 4)]) == "😀 好"
    assert [cut("字" * length, 20) for length in (20, 21)] == ["字" * 20, "字" * 19 + "…"]


def test_the_button_for_a_slow_answer_keeps_to_the_limits(knowledge: Knowledge) -> None:
    say = knowledge.phrases

    messages = show_button(say["line_wait"], say["line_show"])

    assert faults_of(messages) == []
    assert messages[0]["quickReply"]["items"][0]["action"]["data"] == "show"
