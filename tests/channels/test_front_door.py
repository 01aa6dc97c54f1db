"""The one front door of every channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.front_door import LONGEST_MESSAGE, FrontDoor, public_facts
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge
from bot.learners.token import TokenCheck, issue_token

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
LEARNER = "T5602110801"


@pytest.fixture(scope="module")
def door() -> FrontDoor:
    return FrontDoor(LiveKnowledge.shared(Path(__file__).parents[2] / "kb"), TokenCheck(KEY))


def test_an_ordinary_message_goes_on_as_it_is(door: FrontDoor) -> None:
    admitted = door.admit("  請問 時數\n什麼時候上傳？ ")

    assert (admitted.text, admitted.metadata, admitted.refusal) == ("請問 時數\n什麼時候上傳？", {}, None)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t ", "\u3000", "\u200b", "\ufeff \u2060\u200d", "\x00\x07", "\ud800", "\r\n"]
)
def test_a_message_of_nothing_visible_is_asked_for_words(text: str, door: FrontDoor) -> None:
    admitted = door.admit(text)

    assert (admitted.text, admitted.refusal) == ("", "ask_empty")


@pytest.mark.parametrize("text", [None, 5, b"hello", ["hello"], {"text": "hello"}, True])
def test_what_is_no_text_is_asked_for_words(text: object, door: FrontDoor) -> None:
    assert door.admit(text).refusal == "ask_empty"


def test_the_longest_message_goes_on_and_one_sign_more_does_not(door: FrontDoor) -> None:
    longest = door.admit("問" * LONGEST_MESSAGE)
    longer = door.admit("問" * (LONGEST_MESSAGE + 1))

    assert longest.refusal is None and len(longest.text) == LONGEST_MESSAGE
    assert (longer.text, longer.refusal) == ("", "ask_shorter")


def test_invisible_signs_and_space_around_do_not_count_for_the_length(door: FrontDoor) -> None:
    padded = door.admit(" " * 500 + "\u200b" * 3000 + "問" * LONGEST_MESSAGE)

    assert padded.refusal is None


@pytest.mark.parametrize("text", ["😀", "👍🏽👍", "❤️", "？？？", "...", "!!!", "😀 🎉\n✨", "(^_^)/", "——"])
def test_emoji_and_punctuation_alone_are_asked_for_words(text: str, door: FrontDoor) -> None:
    assert door.admit(text).refusal == "ask_words"


@pytest.mark.parametrize("text", ["ㄏㄏ", "1", "A", "é", "時", "😀時數"])
def test_a_single_letter_digit_or_sound_sign_is_enough(text: str, door: FrontDoor) -> None:
    admitted = door.admit(text)

    assert (admitted.text, admitted.refusal) == (text, None)


@pytest.mark.parametrize(
    "text",
    [
        "/greet",
        " /greet",
        "\u200b/greet",
        "\ufeff\u200b /greet",
        "\u2066/greet",
        "\x00/greet",
        "\r\n/greet",
        "\u3000/greet",
        '/restart{"a": 1}',
        "//greet",
        "/",
        "/session_start",
        "\u200b \u200b/greet",
    ],
)
def test_a_leading_slash_never_reaches_rasa_which_would_execute_it(text: str, door: FrontDoor) -> None:
    admitted = door.admit(text)

    # Rasa strips a message before it looks for its command sign; a refused one never gets there.
    assert admitted.refusal == "ask_words" or not admitted.text.strip().startswith("/")


def test_a_slash_becomes_its_full_width_form_and_stays_readable(door: FrontDoor) -> None:
    assert door.admit("/greet 你好").text == "／greet 你好"
    assert door.admit("／greet 你好").text == "／greet 你好"
    assert door.admit("時數/證書").text == "時數/證書"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("我的身分證是A123456789，忘記密碼", "A123456789"),
        ("身分證Ａ１２３４５６７８９", "１２３４５６７８９"),
        ("A12\u200b3456789 忘記密碼", "3456789"),
        ("手機0912-345-678，請回電", "345-678"),
        ("寄到 someone@example.com 給我", "someone@example.com"),
        ("密碼是Abc12345登不進去", "Abc12345"),
    ],
)
def test_personal_data_goes_no_further(text: str, secret: str, door: FrontDoor) -> None:
    admitted = door.admit(text)

    assert secret not in admitted.text and "[" in admitted.text
    assert admitted.refusal is None


def test_the_numbers_and_addresses_of_the_desks_are_public_and_stay(door: FrontDoor, knowledge: Knowledge) -> None:
    facts = public_facts(knowledge)

    texts = [f"{fact} 這個對嗎" for fact in facts]

    assert len(facts) > 8
    assert [door.admit(text).text for text in texts] == texts


def test_a_valid_token_leaves_the_learner_and_nothing_of_itself(door: FrontDoor) -> None:
    token = issue_token(LEARNER, KEY, 60)

    admitted = door.admit("我的時數呢", token)

    assert admitted.metadata == {"learner_id": LEARNER}
    assert token not in repr(admitted)


@pytest.mark.parametrize(
    "token",
    [None, "", "nonsense", issue_token(LEARNER, "another key of thirty-two bytes or more", 60)],
    ids=["none", "empty", "nonsense", "of another key"],
)
def test_a_token_that_proves_nothing_leaves_nothing(token: object, door: FrontDoor) -> None:
    admitted = door.admit("我的時數呢", token)

    assert admitted.metadata == {}
    assert admitted.refusal is None


def test_a_token_that_a_person_pastes_into_the_text_is_taken_out(door: FrontDoor) -> None:
    token = issue_token(LEARNER, KEY, 60)

    admitted = door.admit(f"我的權杖是 {token} 請查時數")

    assert token not in admitted.text and token.split(".")[2] not in admitted.text
    assert admitted.metadata == {}


def test_a_message_that_is_refused_still_knows_its_learner(door: FrontDoor) -> None:
    admitted = door.admit("", issue_token(LEARNER, KEY, 60))

    assert (admitted.metadata, admitted.refusal) == ({"learner_id": LEARNER}, "ask_empty")


def test_every_refusal_is_a_sentence_of_the_knowledge_base(door: FrontDoor) -> None:
    refusals = [door.admit(text).refusal for text in ("", "問" * 3000, "😀")]

    assert all(refusal and door.phrase(refusal) for refusal in refusals)
