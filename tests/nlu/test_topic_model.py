from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np
import pytest

from bot.nlu.model import NETWORKS, OUT_OF_SCOPE, TopicModel

ENDINGS = ("", "嗎", "呢", "請問", "謝謝", "？", "啊", "急")
QUESTIONS = {
    "withdraw_course": ("怎麼退選", "我要退課", "取消報名課程"),
    "forgot_password": ("忘記密碼", "密碼忘了", "重設ecpa密碼"),
    "print_certificate": ("列印證書", "學習證明在哪印", "下載證明"),
    "greet": ("你好", "哈囉", "早安"),
    OUT_OF_SCOPE: ("今天天氣如何", "推薦好吃的餐廳", "講個笑話"),
}


@pytest.fixture(scope="module")
def model() -> TopicModel:
    """A model of a hundred made-up questions; fitting it takes a moment, so it is fitted once."""
    lines = [
        (topic, question + ending)
        for topic, questions in QUESTIONS.items()
        for question in questions
        for ending in ENDINGS
    ]
    return TopicModel.fit([text for _, text in lines], [topic for topic, _ in lines], frozenset({"greet"}))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("我想退選", "withdraw_course"),
        ("密碼忘記了怎麼辦", "forgot_password"),
        ("证书怎么打印", "print_certificate"),
        ("ＨＩ 你好", "greet"),
    ],
)
def test_a_near_question_finds_its_topic(model: TopicModel, text: str, topic: str) -> None:
    (ranked,) = model.rank([text])

    assert ranked.topics[0][0] == topic


@pytest.mark.parametrize("text", ["今天天氣如何", "講個笑話", "", "🙂", "x" * 2000, "怎麼退選"])
def test_scores_descend_from_at_most_1_and_out_of_scope_is_never_named(model: TopicModel, text: str) -> None:
    (ranked,) = model.rank([text])

    scores = [score for _, score in ranked.topics]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert 0 <= ranked.confidence <= 1
    assert 0 <= ranked.offer <= 1
    assert {topic for topic, _ in ranked.topics} == set(QUESTIONS) - {OUT_OF_SCOPE}


def test_only_as_many_topics_are_kept_as_asked_for(model: TopicModel) -> None:
    (ranked,) = model.rank(["怎麼退選"], keep=2)

    assert len(ranked.topics) == 2
    assert ranked.topics[0][0] == "withdraw_course"


def test_a_question_is_surer_than_something_foreign(model: TopicModel) -> None:
    known, foreign = model.rank(["怎麼退選", "附近的餐廳推薦"])

    assert known.confidence > foreign.confidence
    assert known.offer > foreign.offer


def test_the_best_score_is_the_confidence(model: TopicModel) -> None:
    (ranked,) = model.rank(["忘記密碼"])

    assert ranked.topics[0][1] == pytest.approx(ranked.confidence, abs=1e-4)


def test_a_text_is_ranked_alike_alone_and_among_many(model: TopicModel) -> None:
    texts = ["怎麼退選", "忘記密碼", "你好"] * 400

    many = model.rank(texts)
    alone = [model.rank([text])[0] for text in texts[:3]]

    assert len(many) == len(texts)
    assert [one.topics for one in many[-3:]] == [one.topics for one in alone]


def test_nothing_to_rank_gives_nothing(model: TopicModel) -> None:
    assert model.rank([]) == []


def test_fitting_twice_gives_the_same_model(model: TopicModel) -> None:
    lines = [(t, q + e) for t, questions in QUESTIONS.items() for q in questions for e in ENDINGS]

    again = TopicModel.fit([text for _, text in lines], [topic for topic, _ in lines], frozenset({"greet"}))

    assert again.thresholds == model.thresholds
    for one, other in zip(again.judge.networks, model.judge.networks):
        assert np.array_equal(one.first, other.first)
    assert again.rank(["怎麼退選", "嗨"]) == model.rank(["怎麼退選", "嗨"])


def test_the_networks_have_learnt_from_different_questions_and_their_shares_are_averaged(model: TopicModel) -> None:
    one, other = (model.judge.alone(at).read(["怎麼退選"])[0] for at in range(NETWORKS))
    together, _evidence = model.judge.read(["怎麼退選"])

    assert not np.array_equal(one, other)
    assert np.allclose(together, (one + other) / 2)


def test_a_topic_with_a_single_question_keeps_nothing_from_being_learnt() -> None:
    lines = [(q + e, t) for t, questions in QUESTIONS.items() for q in questions for e in ENDINGS]
    lines.append(("幾點開門", "contact_desk"))

    model = TopicModel.fit([text for text, _topic in lines], [topic for _text, topic in lines])

    assert "contact_desk" in {topic for topic, _score in model.rank(["幾點開門"])[0].topics}
    assert model.rank(["怎麼退選"])[0].topics[0][0] == "withdraw_course"


def test_two_topics_are_enough_to_learn_from() -> None:
    few = {topic: QUESTIONS[topic] for topic in ("withdraw_course", "forgot_password", OUT_OF_SCOPE)}
    lines = [(q + e, t) for t, questions in few.items() for q in questions for e in ENDINGS]

    model = TopicModel.fit([text for text, _topic in lines], [topic for _text, topic in lines])

    assert model.rank(["怎麼退選"])[0].topics[0][0] == "withdraw_course"


def test_what_a_message_does_not_mean_does_not_decide(model: TopicModel) -> None:
    settled, negated, question = model.rank(
        ["忘記密碼的事沒問題，怎麼退選", "別再跟我說忘記密碼，我要退課", "不是忘記密碼怎麼退選嗎"]
    )

    assert settled.topics[0][0] == "withdraw_course"
    assert negated.topics[0][0] == "withdraw_course"
    assert {topic for topic, _ in question.topics[:2]} == {"withdraw_course", "forgot_password"}


def test_a_topic_with_a_single_question_can_be_learnt_too() -> None:
    lines = [(t, q + e) for t, questions in QUESTIONS.items() for q in questions for e in ENDINGS]
    lines.append(("rare", "讀卡機抓不到晶片"))

    model = TopicModel.fit([text for _, text in lines], [topic for topic, _ in lines])

    assert "rare" in model.judge.classes


def test_a_saved_model_thinks_the_same(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path / "topics.joblib")

    loaded = TopicModel.load(tmp_path / "topics.joblib")

    assert loaded.rank(["怎麼退選", "嗨"]) == model.rank(["怎麼退選", "嗨"])
    assert loaded.thresholds == model.thresholds


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    joblib.dump({"no": "model"}, tmp_path / "other.joblib")

    with pytest.raises(ValueError, match="holds no topic model"):
        TopicModel.load(tmp_path / "other.joblib")
