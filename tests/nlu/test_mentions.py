"""Everything that a message names, side by side."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.models import Knowledge
from bot.nlu.mentions import Mention, MentionFinder

TODAY = datetime.date(2026, 11, 20)
VOCABULARY = {
    "provider": {"egov": ("e政府",), "google": ("google",)},
    "login_method": {"certificate": ("自然人憑證", "憑證")},
    "not_provider": {"google": ("google表單",)},
    "identity": {"civil_servant": ("公務人員", "約聘")},
    "position": {"contract_staff": ("約聘人員",), "teacher": ("教師",)},
    "portal": {"env_edu": ("環境教育",), "teacher": ("教師研習",)},
    "course_kind": {"ten_hours": ("10小時必修",)},
}
FINDER = MentionFinder(VOCABULARY, ["環境教育概論", "公務人員行政中立"])


def found(text: str) -> list[tuple[str, str, str]]:
    return [(one.entity, one.value, text[one.start : one.end]) for one in FINDER.find(text, TODAY)]


def test_a_mention_knows_its_place_in_the_text_as_typed() -> None:
    mentions = FINDER.find("昨天用 e政府 讀了２小時", TODAY)

    assert mentions == [
        Mention("date", "2026-11-19", 0, 2),
        Mention("provider", "egov", 4, 7),
        Mention("duration", "PT2H", 10, 13),
    ]


def test_a_finer_value_has_a_role_so_that_slots_and_answers_keep_to_the_coarse_ones() -> None:
    assert [(one.value, one.role) for one in FINDER.find("e政府的憑證", TODAY)] == [
        ("egov", None),
        ("certificate", "login_method"),
    ]


def test_who_has_a_finer_identity_has_the_coarse_one_as_well() -> None:
    assert [(one.value, one.role) for one in FINDER.find("我是約聘人員", TODAY)] == [
        ("civil_servant", None),
        ("contract_staff", "position"),
    ]


def test_a_title_hides_the_terms_in_it() -> None:
    assert found("環境教育概論") == [("course_title", "環境教育概論", "環境教育概論")]
    assert found("公務人員行政中立") == [("course_title", "公務人員行政中立", "公務人員行政中立")]


def test_the_name_of_a_portal_is_no_part_of_a_title() -> None:
    assert found("環境教育那門課") == [("portal", "env_edu", "環境教育")]


def test_an_identity_within_the_name_of_a_portal_is_none() -> None:
    assert found("教師研習") == [("portal", "teacher", "教師研習")]


def test_a_longer_word_may_take_a_term_its_meaning() -> None:
    assert found("用google表單") == []
    assert found("用google登入") == [("provider", "google", "google")]


def test_the_hours_of_a_course_kind_are_no_duration() -> None:
    assert found("10小時必修") == [("course_kind", "ten_hours", "10小時必修")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("等了一個星期一直沒回", [("duration", "P1W", "一個星期")]),
        ("三天前", [("date", "2026-11-17", "三天前")]),
        ("113年3月5日", [("date", "2024-03-05", "113年3月5日")]),
        ("三年前", [("date", "2023", "三年前")]),
    ],
)
def test_of_a_date_and_a_duration_in_one_place_the_longer_counts(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert found(text) == expected


def test_as_rasa_has_it_a_role_is_there_only_where_there_is_one() -> None:
    assert Mention("date", "2024", 0, 4).as_dict() == {"entity": "date", "value": "2024", "start": 0, "end": 4}
    assert Mention("provider", "certificate", 0, 2, "login_method").as_dict()["role"] == "login_method"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "？", "怎麼退選"])
def test_a_text_that_names_nothing_has_no_mentions(text: str) -> None:
    assert found(text) == []


def test_the_finer_values_of_the_real_vocabulary_are_found(knowledge: Knowledge) -> None:
    finder = MentionFinder(knowledge.vocabulary, [])

    mentions = finder.find("約聘僱人員用健保卡或行動自然人憑證登入eCPA補十小時必修", TODAY)

    assert {(one.entity, one.value, one.role) for one in mentions} >= {
        ("identity", "contract_staff", "position"),
        ("identity", "civil_servant", None),
        ("provider", "health_card", "login_method"),
        ("provider", "mobile_id", "login_method"),
        ("provider", "ecpa", None),
        ("course_kind", "ten_hours", None),
    }


@given(st.text("e政府約聘人員教師研習環境教育概論google表單10小時必修昨天三年前一個星期，\u200b ", max_size=30))
def test_every_mention_lies_in_the_text(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in FINDER.find(text, TODAY))
