"""Drawing for Telegram: every reply of the knowledge base as Telegram takes it, whole and unchanged in what it says."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from telegram_stand_in import units, visible

from bot.channels.telegram_draw import draw, rows_of
from bot.channels.telegram_html import Block, blocks_of, escaped, line_of, pieces, plain
from bot.knowledge.models import Knowledge
from bot.learners.records import TAIPEI
from bot.speech.answers import speak_answer
from bot.speech.contacts import speak_contact, speak_contact_choice
from bot.speech.unsure import speak_fallback, speak_suggestions

NOW = datetime.datetime(2026, 11, 20, 10, tzinfo=TAIPEI)
URL = re.compile(r"https?://[!-~]+")


def words(text: str) -> str:
    """What is said, whatever stands between: for comparing two drawings of one reply."""
    return "".join(sign for sign in text if sign.isalnum())


def drawn(reply: Any, knowledge: Knowledge) -> list[dict[str, Any]]:
    found = draw(reply.as_response(), knowledge, alone=True)
    for one in found:
        assert units(visible(one["text"])) <= 4096
    return found


def test_every_answer_is_one_message_with_title_steps_contacts_and_sources(knowledge: Knowledge) -> None:
    for topic, answer in knowledge.answers.items():
        reply = speak_answer(answer, {}, knowledge, NOW)

        found = drawn(reply, knowledge)

        text = visible(found[0]["text"])
        assert len(found) == 1, topic
        assert found[0]["text"].startswith(f"<b>{escaped(knowledge.topics[topic].title)}</b>\n")
        view = (reply.custom or {})["view"]
        said = [
            view["short"],
            *view["steps"],
            *view["notes"],
            *(phone["text"] for desk in view["contacts"] for phone in desk["phones"]),
        ]
        assert all(words(one) in words(text) for one in said), topic
        assert found[0]["text"].count("<blockquote expandable>") == 1
        assert all(source["title"] in text for source in view["sources"]) and view["reviewed"] in text


def test_every_step_has_its_number_and_stands_on_its_own_line(knowledge: Knowledge) -> None:
    answer = next(one for one in knowledge.answers.values() if len(one.steps) >= 3)

    text = visible(drawn(speak_answer(answer, {}, knowledge, NOW), knowledge)[0]["text"])

    assert all(re.search(rf"^{number}\. ", text, re.MULTILINE) for number in range(1, len(answer.steps) + 1))


def test_every_address_is_a_link_that_ends_where_the_address_ends(knowledge: Knowledge) -> None:
    for answer in knowledge.answers.values():
        html = drawn(speak_answer(answer, {}, knowledge, NOW), knowledge)[0]["text"]
        targets = re.findall(r'href="([^"]*)"', html)
        outside = re.sub(r"<a [^>]*>.*?</a>", "", html)

        assert not URL.search(outside)
        assert {one.replace("&amp;", "&") for one in targets} <= {link.url for link in knowledge.links.values()}


def test_a_desk_is_drawn_with_its_name_in_bold_and_its_phone_as_plain_text(knowledge: Knowledge) -> None:
    for desk in knowledge.desks.values():
        reply = speak_contact(desk.id, knowledge, NOW)

        (found,) = drawn(reply, knowledge)

        assert words(visible(found["text"])) == words(reply.text)
        assert f"<b>{escaped(desk.name)}</b>" in found["text"]
        assert "tel:" not in found["text"]


def test_what_has_no_view_says_every_word_of_its_text(knowledge: Knowledge) -> None:
    replies = [
        speak_contact_choice(knowledge, NOW),
        speak_suggestions(["withdraw_course", "forgot_password"], knowledge),
        speak_fallback(knowledge, NOW),
    ]
    for reply in replies:
        (found,) = drawn(reply, knowledge)

        assert words(visible(found["text"])) == words(reply.text)
        assert [one["text"] for row in found["rows"] for one in row] == [title for title, _ in reply.buttons]


@pytest.mark.parametrize(
    "text", ["<b>粗</b>", "a & b < c > d", "&lt;", "</blockquote>", "\"引號\" '單'", "<script>alert(1)</script>"]
)
def test_what_looks_like_html_is_shown_as_it_is(text: str, knowledge: Knowledge) -> None:
    (found,) = draw({"text": text}, knowledge, alone=True)

    assert visible(found["text"]) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("請到https://a.example/x）。", "https://a.example/x"),
        ("見 (https://a.example/x).", "https://a.example/x"),
        ("https://a.example/x_(y)，再說", "https://a.example/x_(y)"),
        ("https://a.example/?a=1&b=<2>", "https://a.example/?a=1&b="),
        ("「https://a.example」", "https://a.example"),
    ],
)
def test_an_address_within_a_sentence_is_cut_where_it_ends(text: str, address: str) -> None:
    html = line_of(text)

    assert re.findall(r'href="([^"]*)"', html) == [address.replace("&", "&amp;")]
    assert visible(html) == text and plain(html) == text


def test_a_heading_in_brackets_is_bold() -> None:
    assert line_of("【查時數】第 1 步，最多 5 步") == "<b>【查時數】</b>第 1 步，最多 5 步"


def test_a_text_is_cut_at_paragraph_ends_and_loses_nothing() -> None:
    paragraphs = [f"第{number}段" + "字" * 1500 for number in range(7)]

    found = pieces(blocks_of("\n\n".join(paragraphs)))

    assert [visible(one) for one in found] == [
        "\n\n".join(paragraphs[0:2]),
        "\n\n".join(paragraphs[2:4]),
        "\n\n".join(paragraphs[4:6]),
        paragraphs[6],
    ]


def test_a_paragraph_that_is_too_long_is_cut_at_line_ends() -> None:
    lines = ["行" * 1000 for _ in range(9)]

    found = [visible(one) for one in pieces(blocks_of("\n".join(lines)))]

    assert [len(one) for one in found] == [4003, 4003, 1000]


@pytest.mark.parametrize("sign", ["字", "<", "&", "😀"])
def test_a_line_that_is_too_long_is_cut_too_and_stays_valid(sign: str) -> None:
    found = [visible(one) for one in pieces([Block((escaped(sign * 9000),), quoted=True)])]

    assert "".join(found) == sign * 9000
    assert all(units(one) <= 4096 for one in found)


def test_a_quotation_that_is_cut_is_one_in_each_piece() -> None:
    found = pieces([Block(tuple(line_of("字" * 1000) for _ in range(6)), quoted=True)])

    assert len(found) == 2 and all(one.startswith("<blockquote expandable>") for one in found)


def test_emoji_count_two_as_telegram_counts_them() -> None:
    assert [units(visible(one)) for one in pieces(blocks_of("😀" * 2048))] == [4096]
    assert len(pieces(blocks_of("😀" * 2049))) == 2


def test_buttons_stand_two_to_a_row_where_both_are_short() -> None:
    titles = ["是", "否", "學習時數尚未上傳到終身學習入口網", "上一步", "離開引導", "都不是"]

    rows = rows_of([{"text": one, "payload": one} for one in titles])

    assert [[one["text"] for one in row] for row in rows] == [
        ["是", "否"],
        ["學習時數尚未上傳到終身學習入口網"],
        ["上一步", "離開引導"],
        ["都不是"],
    ]


def test_a_custom_part_alone_draws_nothing(knowledge: Knowledge) -> None:
    assert draw({"custom": {"type": "unheard_of"}}, knowledge, alone=True) == []


def test_a_choice_that_is_the_title_of_its_answer_is_said_once(knowledge: Knowledge) -> None:
    reply = speak_answer(knowledge.answers["withdraw_course"], {}, knowledge, NOW).as_response()
    title = knowledge.topics["withdraw_course"].title

    (found,) = draw({**reply, "pressed": title}, knowledge, alone=True)

    assert visible(found["text"]).count(title) == 1
