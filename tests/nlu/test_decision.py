from __future__ import annotations

import pytest

from bot.knowledge.models import Knowledge, Topic
from bot.nlu.decide import intent_of
from bot.nlu.decision import (
    ANSWER,
    FALLBACK,
    MOST_SUGGESTIONS,
    SUGGEST,
    Decision,
    decide,
    suggestions,
    title_index,
    titled,
)
from bot.nlu.model import Ranked
from bot.nlu.thresholds import Thresholds

THRESHOLDS = Thresholds(answer=0.6, suggest=0.3, chat=0.8, keyword=0.6)
TOPICS = Knowledge(
    topics={
        "withdraw_course": Topic("withdraw_course", "已報名課程如何退選", "faq"),
        "search_course": Topic("search_course", "如何查詢課程", "faq"),
        "start_course": Topic("start_course", "如何報名並開始上課", "faq"),
        "course_period": Topic("course_period", "上課期間", "faq"),
        "print_certificate": Topic("print_certificate", "如何列印學習證明", "faq"),
        "my_course_status": Topic("my_course_status", "我某門課過了嗎／還缺什麼", "personal"),
        "greet": Topic("greet", "打招呼", "conversation"),
        "out_of_scope": Topic("out_of_scope", "不在服務範圍", "conversation"),
    }
)


def ranked(*topics: tuple[str, float], confidence: float = 0.0, offer: float = 0.0) -> Ranked:
    return Ranked(topics, confidence, offer)


def test_a_sure_topic_is_answered_with_the_next_best_for_information() -> None:
    scores = (("withdraw_course", 0.9), ("search_course", 0.2), ("start_course", 0.1), ("course_period", 0.05))

    decision = decide("我要退課", ranked(*scores, confidence=0.9, offer=0.95), THRESHOLDS, TOPICS)

    assert decision == Decision(ANSWER, scores[:3])


@pytest.mark.parametrize(("confidence", "outcome"), [(0.6, ANSWER), (0.59, SUGGEST)])
def test_the_threshold_itself_is_enough_to_answer(confidence: float, outcome: str) -> None:
    scores = (("withdraw_course", 0.6), ("search_course", 0.5))

    decision = decide("退", ranked(*scores, confidence=confidence, offer=0.9), THRESHOLDS, TOPICS)

    assert decision.outcome == outcome


@pytest.mark.parametrize(("offer", "outcome"), [(0.3, SUGGEST), (0.29, FALLBACK)])
def test_below_it_two_topics_are_offered_or_it_says_that_it_cannot_answer(offer: float, outcome: str) -> None:
    scores = (("withdraw_course", 0.3), ("search_course", 0.25))

    decision = decide("退", ranked(*scores, confidence=0.3, offer=offer), THRESHOLDS, TOPICS)

    assert decision == Decision(outcome, scores)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("退選", ANSWER), ("怎麼退選課", ANSWER), ("怎麼退選課程", ANSWER), ("怎麼退選課程呢", SUGGEST)],
)
def test_a_keyword_has_a_threshold_of_its_own(text: str, outcome: str) -> None:
    keywords = Thresholds(answer=0.6, suggest=0.3, chat=0.8, keyword=0.4)
    scores = (("withdraw_course", 0.5), ("search_course", 0.2))

    decision = decide(text, ranked(*scores, confidence=0.5, offer=0.9), keywords, TOPICS)

    assert decision.outcome == outcome


def test_marks_and_emoji_make_no_sentence_of_a_keyword() -> None:
    keywords = Thresholds(answer=0.6, suggest=0.3, chat=0.8, keyword=0.4)

    decision = decide("退選？？？！！！😀😀😀…", ranked(("withdraw_course", 0.5), confidence=0.5), keywords, TOPICS)

    assert decision.outcome == ANSWER


def test_small_talk_has_a_threshold_of_its_own() -> None:
    scores = (("greet", 0.7), ("withdraw_course", 0.1), ("search_course", 0.1))

    unsure = decide("嗨", ranked(*scores, confidence=0.7), THRESHOLDS, TOPICS)
    sure = decide("嗨", ranked(*scores, confidence=0.8), THRESHOLDS, TOPICS)

    assert (unsure.outcome, sure.outcome) == (FALLBACK, ANSWER)


def test_small_talk_is_never_offered_as_a_button() -> None:
    scores = (("greet", 0.5), ("withdraw_course", 0.4), ("my_course_status", 0.3))

    decision = decide("嗯", ranked(*scores, confidence=0.5, offer=0.5), THRESHOLDS, TOPICS)

    assert decision == Decision(SUGGEST, scores[1:])


def test_one_topic_alone_is_not_offered() -> None:
    scores = (("greet", 0.5), ("withdraw_course", 0.4))

    decision = decide("嗯", ranked(*scores, confidence=0.5, offer=0.9), THRESHOLDS, TOPICS)

    assert decision.outcome == FALLBACK


def test_what_was_offered_before_is_not_offered_again() -> None:
    scores = (("withdraw_course", 0.4), ("search_course", 0.38), ("start_course", 0.36), ("course_period", 0.34))
    unsure = ranked(*scores, confidence=0.4, offer=0.9)

    decision = decide("課程那個", unsure, THRESHOLDS, TOPICS, frozenset({"withdraw_course", "search_course"}))

    assert decision == Decision(SUGGEST, scores[2:])


def test_where_all_has_been_offered_it_falls_back() -> None:
    scores = (("withdraw_course", 0.4), ("search_course", 0.38))

    decision = decide(
        "課程那個", ranked(*scores, confidence=0.4, offer=0.9), THRESHOLDS, TOPICS, frozenset(dict(scores))
    )

    assert decision == Decision(FALLBACK, scores)


def test_what_was_offered_before_is_still_answered_where_it_is_clear() -> None:
    scores = (("withdraw_course", 0.9), ("search_course", 0.2))

    decision = decide("我要退課", ranked(*scores, confidence=0.9), THRESHOLDS, TOPICS, frozenset({"withdraw_course"}))

    assert decision.outcome == ANSWER


def test_at_most_four_topics_are_offered_and_weak_ones_are_left_out() -> None:
    names = ("withdraw_course", "search_course", "start_course", "course_period", "print_certificate")

    strong = suggestions(tuple((name, 0.5) for name in names), TOPICS)
    weak = suggestions(tuple(zip(names, (0.5, 0.001, 0.021, 0.019, 0.01))), TOPICS)

    assert [topic for topic, _ in strong] == list(names[:MOST_SUGGESTIONS])
    assert [topic for topic, _ in weak] == list(names[:3])


@pytest.mark.parametrize("text", ["已報名課程如何退選", " 已報名課程如何退選\n", "已报名课程如何退选"])
def test_the_title_on_a_button_is_answered_whatever_the_model_thinks(text: str) -> None:
    scores = (("search_course", 0.9), ("withdraw_course", 0.05), ("start_course", 0.02))

    decision = decide(text, ranked(*scores, confidence=0.9), THRESHOLDS, TOPICS)

    assert decision.outcome == ANSWER
    assert decision.topics == (("withdraw_course", 1.0), ("search_course", 0.5), ("start_course", 0.02))


def test_the_title_of_out_of_scope_is_no_question() -> None:
    decision = decide("不在服務範圍", ranked(("search_course", 0.01)), THRESHOLDS, TOPICS)

    assert decision.outcome == FALLBACK


def test_a_topic_that_the_knowledge_no_longer_has_is_never_answered() -> None:
    scores = (("removed_topic", 0.95), ("search_course", 0.2), ("start_course", 0.1))

    decision = decide("舊題目", ranked(*scores, confidence=0.95, offer=0.1), THRESHOLDS, TOPICS)

    assert decision == Decision(FALLBACK, scores[1:])


def test_without_any_known_topic_it_falls_back() -> None:
    decision = decide("舊題目", ranked(("removed_topic", 0.9), confidence=0.9, offer=0.9), THRESHOLDS, TOPICS)

    assert decision == Decision(FALLBACK, ())


def test_a_decision_prints_as_predict_promises() -> None:
    decision = Decision(SUGGEST, (("search_course", 0.5), ("start_course", 0.4)))

    assert decision.as_dict() == {
        "outcome": "suggest",
        "topics": [{"id": "search_course", "score": 0.5}, {"id": "start_course", "score": 0.4}],
    }


def test_a_decision_prints_how_a_message_goes_on_and_keeps_the_words_of_a_second_question_to_itself() -> None:
    step = Decision(ANSWER, (("search_course", 1.0),), follow_up="step", step=2)
    facet = Decision(ANSWER, (("search_course", 0.9),), follow_up="facet", question="怎麼查直播課程")
    two = Decision(ANSWER, (("search_course", 0.9),), ("search_course", "start_course"), further="怎麼報名")

    topics = [{"id": "search_course", "score": 1.0}]
    assert step.as_dict() == {"outcome": "answer", "topics": topics, "follow_up": "step", "step": 2}
    assert facet.as_dict()["question"] == "怎麼查直播課程" and "step" not in facet.as_dict()
    assert two.as_dict()["answered"] == ["search_course", "start_course"]
    assert "further" not in two.as_dict()


@pytest.mark.parametrize(
    ("decision", "intent"),
    [
        (Decision(ANSWER, (("withdraw_course", 0.9),)), "faq"),
        (Decision(ANSWER, (("my_course_status", 0.9),)), "my_course_status"),
        (Decision(ANSWER, (("greet", 0.9),)), "greet"),
        (Decision(SUGGEST, (("withdraw_course", 0.4), ("search_course", 0.3))), "suggest"),
        (Decision(FALLBACK, ()), "fallback"),
    ],
)
def test_the_rules_know_a_decision_by_its_intent(decision: Decision, intent: str) -> None:
    kinds = {topic.id: topic.kind for topic in TOPICS.topics.values()}

    assert intent_of(decision, kinds) == intent


@pytest.mark.parametrize(("text", "topic"), [("如何查詢課程", "search_course"), ("如何查詢課程嗎", None), ("", None)])
def test_a_title_is_known_by_itself(text: str, topic: str | None) -> None:
    assert titled(text, TOPICS) == topic


def test_an_edited_title_counts_at_once() -> None:
    edited = Knowledge(topics={"search_course": Topic("search_course", "怎麼找課", "faq")})

    before, after = title_index(TOPICS), title_index(edited)

    assert "如何查詢課程" in before
    assert after == {"怎麼找課": "search_course"}


def test_every_title_of_the_real_knowledge_leads_to_its_own_topic(knowledge: Knowledge) -> None:
    topics = [topic for topic in knowledge.topics.values() if topic.id != "out_of_scope"]

    answered = {
        topic.id: decide(topic.title, ranked(("greet", 0.01)), THRESHOLDS, knowledge).topics[0][0] for topic in topics
    }

    assert all(found == topic for topic, found in answered.items())
