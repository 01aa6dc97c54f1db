from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.fill import FillError, fill, phone_text
from bot.knowledge.load import load
from bot.knowledge.models import Knowledge, Phone, Source


def test_every_kind_of_placeholder_is_filled_from_its_file(small_kb: Path) -> None:
    knowledge = load(small_kb)

    text = fill("{desk:egov}：{phone:egov}；{fax:egov}；{mail:platform}；{link:home}", knowledge)

    expected = "我的e政府客服：02-1234-5678；02-8765-4321（申請書用）；help@example.org；https://www.example.org/home"
    assert text == expected


def test_a_text_without_placeholders_stays_as_it_is(small_kb: Path) -> None:
    knowledge = load(small_kb)

    text = fill("點右上角「登入」。", knowledge)

    assert text == "點右上角「登入」。"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{link:nowhere}", "link 'nowhere' is not in links.yml"),
        ("{phone:nobody}", "desk 'nobody' is not in desks.yml"),
        ("{desk:nobody}", "desk 'nobody' is not in desks.yml"),
        ("{phone:platform}", "cannot be filled"),
        ("{fax:platform}", "cannot be filled"),
        ("{mail:egov}", "cannot be filled"),
        ("{hours:egov}", "is no kind"),
        ("{phone}", "brace"),
        ("{phone: egov}", "brace"),
        ("請按 {確定", "brace"),
        ("請按 確定}", "brace"),
    ],
)
def test_a_placeholder_that_cannot_be_filled_says_why(small_kb: Path, text: str, complaint: str) -> None:
    knowledge = load(small_kb)

    with pytest.raises(FillError) as caught:
        fill(text, knowledge)

    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("phone", "text"),
    [
        (Phone("02-1111-2222", Source("001", "一")), "02-1111-2222"),
        (Phone("02-1111-2222", Source("001", "一"), ("7", "8")), "02-1111-2222 轉 7、8"),
        (Phone("02-1111-2222", Source("001", "一"), ("2",), "請轉分機 2"), "02-1111-2222（請轉分機 2）"),
    ],
)
def test_a_phone_number_shows_its_extensions_or_its_label(phone: Phone, text: str) -> None:
    phrases = {
        "phone_with_label": "{number}（{label}）",
        "phone_with_extensions": "{number} 轉 {extensions}",
        "list_comma": "、",
    }

    shown = phone_text(phone, Knowledge(phrases=phrases))

    assert shown == text


def test_every_text_of_the_real_knowledge_can_be_filled(knowledge: Knowledge) -> None:
    answers = knowledge.answers.values()

    texts = [
        fill(text, knowledge)
        for answer in answers
        for piece in (answer, *answer.parts)
        for text in (piece.title, piece.short, *piece.steps, *piece.notes)
    ]

    assert not [text for text in texts if "{" in text or "}" in text]
