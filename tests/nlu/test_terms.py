from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.models import Knowledge
from bot.nlu.terms import LiveTerms, Term, TermFinder

VOCABULARY = {
    "provider": {"egov": ("我的e政府", "e政府"), "facebook": ("facebook", "fb", "臉書"), "google": ("google",)},
    "portal": {"lifelong": ("終身學習",), "env_edu": ("環境教育終身學習網", "環教")},
    "desk": {"egov": ("我的e政府",)},
}
FINDER = TermFinder(VOCABULARY)
"""Made once: to make one takes longer than to use it."""


def found(text: str) -> list[tuple[str, str, str]]:
    return [(term.entity, term.value, text[term.start : term.end]) for term in FINDER.find(text)]


def test_a_term_is_found_with_its_place() -> None:
    terms = FINDER.find("我用臉書登入")

    assert terms == [Term("provider", "facebook", 2, 4)]


@pytest.mark.parametrize("text", ["FB登入", "ｆｂ登入", "用Fb 登入", "脸书登入", "臉\u200b書登入"])
def test_width_case_and_script_do_not_matter(text: str) -> None:
    assert [(entity, value) for entity, value, _ in found(text)] == [("provider", "facebook")]


def test_the_place_is_that_of_the_text_as_it_was_typed() -> None:
    assert found("請問脸\u200b书可以嗎") == [("provider", "facebook", "脸\u200b书")]


def test_of_overlapping_terms_of_an_entity_the_longest_counts() -> None:
    assert found("環境教育終身學習網查不到") == [("portal", "env_edu", "環境教育終身學習網")]


def test_one_word_may_be_a_term_of_two_entities() -> None:
    assert found("我的e政府") == [("desk", "egov", "我的e政府"), ("provider", "egov", "我的e政府")]


def test_terms_come_in_the_order_of_the_text() -> None:
    assert [value for _, value, _ in found("google和臉書，哪個能傳終身學習")] == ["google", "facebook", "lifelong"]


@pytest.mark.parametrize("text", ["fbi", "googler", "xfb", "fb2", "2fb"])
def test_a_latin_term_inside_a_longer_word_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["用fb登入", "(fb)", "fb.", "google登入"])
def test_a_latin_term_beside_chinese_or_marks_is_one(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", ["", "\u200b", "   ", "怎麼退選"])
def test_a_text_without_terms_gives_none(text: str) -> None:
    assert found(text) == []


def test_an_empty_vocabulary_finds_nothing() -> None:
    assert TermFinder({}).find("我的e政府") == []


@settings(deadline=None)
@given(st.text("我的e政府FBgooglｅ臉书環教終身學習 ，\u200b㈱", max_size=30))
def test_every_term_found_lies_in_the_text(text: str) -> None:
    terms = FINDER.find(text)

    assert all(0 <= term.start < term.end <= len(text) for term in terms)
    assert terms == sorted(terms, key=lambda term: (term.start, term.entity))


class Editable:
    """Knowledge whose vocabulary a test can change, as an editor of kb/vocabulary.yml does."""

    def __init__(self, **providers: tuple[str, ...]) -> None:
        self.providers = providers

    def get(self) -> Knowledge:
        return Knowledge(vocabulary={"provider": dict(self.providers)})


def test_a_changed_vocabulary_counts_from_the_next_message_on() -> None:
    knowledge = Editable(facebook=("臉書",))
    terms = LiveTerms(knowledge)  # type: ignore[arg-type]
    before = terms.find("臉書和谷歌")

    knowledge.providers = {"google": ("谷歌",)}

    assert before == [Term("provider", "facebook", 0, 2)]
    assert terms.find("臉書和谷歌") == [Term("provider", "google", 3, 5)]


def test_every_word_of_the_real_vocabulary_finds_itself(knowledge: Knowledge) -> None:
    finder = TermFinder(knowledge.vocabulary)

    lost = [
        (entity, value, word)
        for entity, values in knowledge.vocabulary.items()
        for value, words in values.items()
        for word in words
        if (entity, value) not in {(term.entity, term.value) for term in finder.find(f"請問{word}嗎")}
    ]

    assert lost == []
