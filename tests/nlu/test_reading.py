"""Reading a message whole: by itself, in the light of the answer before, and for a second question in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from bot.dialogue.context import TurnContext
from bot.knowledge.models import Knowledge, Topic
from bot.nlu.decision import ANSWER, FALLBACK, SUGGEST, Decision
from bot.nlu.model import Ranked
from bot.nlu.normalise import normalise
from bot.nlu.reading import SURE, Reader
from bot.nlu.terms import Term
from bot.nlu.thresholds import Thresholds

THRESHOLDS = Thresholds(answer=0.6, suggest=0.3, chat=0.6, keyword=0.6)
TITLES = {
    "withdraw_course": "已報名課程如何退選",
    "print_certificate": "如何列印學習證明",
    "hours_lifelong": "時數沒上傳終身學習網",
    "hours_env": "時數沒上傳環教網",
    "forgot_password": "忘記密碼怎麼辦",
}
KNOWLEDGE = Knowledge(
    topics={
        **{topic: Topic(topic, title, "faq") for topic, title in TITLES.items()},
        "contact_desk": Topic("contact_desk", "各窗口的聯絡方式", "contact"),
        "greet": Topic("greet", "打招呼", "conversation"),
    },
    # What the answers say matters to speech alone.
    answers=dict.fromkeys(TITLES),  # type: ignore[arg-type]
)
WORDS = (("退", "withdraw_course"), ("證書", "print_certificate"), ("密碼", "forgot_password"), ("環教", "hours_env"))
WORDS += (("時數", "hours_lifelong"), ("你好", "greet"), ("電話", "contact_desk"))
AFTER_WITHDRAW = TurnContext("withdraw_course", "怎麼退選")
AFTER_HOURS = TurnContext("hours_lifelong", "終身學習網時數沒進來")


class Rank:
    """Knows a topic by a word: sure of one, less sure of several, at a loss without any."""

    def __init__(self, sure: float = 0.9) -> None:
        self.asked: list[str] = []
        self._sure = sure

    def __call__(self, texts: Sequence[str]) -> list[Ranked]:
        self.asked += texts
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Ranked:
        named = [topic for word, topic in WORDS if word in normalise(text)]
        rest = [topic for _word, topic in WORDS if topic not in named]
        score = self._sure if named else 0.1
        topics = [(topic, score - 0.01 * at) for at, topic in enumerate(named)]
        topics += [(topic, 0.05 - 0.001 * at) for at, topic in enumerate(rest)]
        return Ranked(tuple(topics), score, score)


def find(text: str) -> list[Term]:
    """Finds two portals and a provider."""
    words = {"終身學習網": ("portal", "lifelong"), "環教": ("portal", "env_edu"), "臉書": ("provider", "facebook")}
    return [Term(*words[one.group()], one.start(), one.end()) for one in re.finditer("|".join(words), text)]


def read(text: str, context: TurnContext | None = None, rank: Rank | None = None) -> Decision:
    return Reader(rank or Rank(), THRESHOLDS, find).read([text], KNOWLEDGE, context)[0]


def test_texts_are_decided_in_their_order() -> None:
    found = Reader(Rank(), THRESHOLDS, find).read(["怎麼退選", "今天天氣", "證書呢"], KNOWLEDGE)

    assert [one.outcome for one in found] == [ANSWER, FALLBACK, ANSWER]
    assert (found[0].topics[0][0], found[2].topics[0][0]) == ("withdraw_course", "print_certificate")


@pytest.mark.parametrize(
    ("text", "kind", "step"),
    [("第二步在哪裡", "step", 2), ("然後呢", "next", 3), ("沒有那個按鈕", "stuck", 2), ("再說一次", "again", 0)],
)
def test_what_is_about_the_answer_gets_its_topic_and_step(text: str, kind: str, step: int) -> None:
    decision = read(text, TurnContext("withdraw_course", "怎麼退選", step=2))

    assert (decision.outcome, decision.topics) == (ANSWER, (("withdraw_course", SURE),))
    assert (decision.follow_up, decision.step) == (kind, step)


@pytest.mark.parametrize("text", ["第二步在哪里", "然后呢", "没有那个按钮", "第２步"])
def test_a_follow_up_is_heard_in_any_script_and_width(text: str) -> None:
    assert read(text, AFTER_WITHDRAW).topics == (("withdraw_course", SURE),)


def test_what_is_about_an_answer_that_is_gone_stands_on_its_own() -> None:
    decision = read("然後呢", TurnContext("deleted", "舊題目"))

    assert (decision.outcome, decision.follow_up) == (FALLBACK, "")


def test_asking_for_the_desk_goes_on_from_the_answer() -> None:
    decision = read("電話呢", AFTER_WITHDRAW)

    assert (decision.outcome, decision.topics, decision.follow_up) == (ANSWER, (("contact_desk", SURE),), "contact")


def test_the_same_question_of_something_else_is_asked_whole() -> None:
    rank = Rank()

    decision = read("那環教呢", AFTER_HOURS, rank)

    assert (decision.outcome, decision.topics[0][0]) == (ANSWER, "hours_env")
    assert (decision.follow_up, decision.question) == ("facet", "環教時數沒進來")
    assert rank.asked[-1] == "環教時數沒進來"


def test_a_whole_question_that_nothing_is_known_of_leaves_the_message_to_itself() -> None:
    decision = read("用臉書呢", TurnContext("withdraw_course", "今天天氣"))

    assert (decision.outcome, decision.follow_up) == (FALLBACK, "")


def test_a_correction_answers_what_was_meant() -> None:
    decision = read("不是，我是要問證書怎麼印", AFTER_WITHDRAW)

    assert (decision.outcome, decision.topics[0][0], decision.follow_up) == (ANSWER, "print_certificate", "correction")


def test_a_correction_is_never_answered_with_what_was_not_meant() -> None:
    decision = read("不是，我要問的是退選", AFTER_WITHDRAW)

    assert decision.outcome == SUGGEST
    assert "withdraw_course" not in [topic for topic, _score in decision.topics]


def test_without_a_conversation_nothing_is_a_follow_up() -> None:
    for text in ("第二步在哪裡", "然後呢", "那環教呢", "不是，證書怎麼印"):
        assert read(text).follow_up == ""
        assert read(text, TurnContext()).follow_up == ""


def test_inside_a_guide_a_message_is_read_by_itself_alone() -> None:
    in_guide = TurnContext("withdraw_course", "怎麼退選", in_guide=True)

    follow_up = read("第二步在哪裡", in_guide)
    two = read("怎麼退選？另外證書怎麼印？", in_guide)

    assert (follow_up.outcome, follow_up.follow_up) == (FALLBACK, "")
    assert two.further == ""


def test_what_was_offered_before_is_not_offered_again() -> None:
    first = read("環教時數密碼證書", rank=Rank(sure=0.5))
    offered = frozenset(topic for topic, _score in first.topics)

    again = read("環教時數密碼證書", TurnContext(offered=offered), Rank(sure=0.5))

    assert (first.outcome, again.outcome) == (SUGGEST, FALLBACK)


def test_two_clear_questions_are_both_answered_the_second_as_a_turn_of_its_own() -> None:
    decision = read("怎麼退選，還有證書怎麼印")

    assert (decision.outcome, decision.answered) == (ANSWER, ("withdraw_course", "print_certificate"))
    assert decision.further == "證書怎麼印"
    assert decision.as_dict()["answered"] == ["withdraw_course", "print_certificate"]


def test_the_scores_of_two_questions_descend() -> None:
    decision = read("怎麼退選，還有證書和密碼")

    scores = [score for _topic, score in decision.topics]
    assert scores == sorted(scores, reverse=True)


def test_two_questions_are_found_in_simplified_script() -> None:
    decision = read("怎么退选，还有证书怎么印")

    assert decision.answered == ("withdraw_course", "print_certificate")


@pytest.mark.parametrize(
    "text",
    [
        "怎麼退選？怎麼把課退掉？",  # the same twice
        "怎麼退選，還有今天天氣如何",  # one is not clear
        "怎麼退選，另外跟大家說聲你好",  # one is small talk
        "時數沒進來，還有哪幾堂沒有證書",  # one question
        "怎麼退選",
    ],
)
def test_a_message_that_holds_no_second_clear_question_is_answered_once(text: str) -> None:
    decision = read(text)

    assert (decision.answered, decision.further) == ((), "")


def test_two_questions_that_the_model_is_not_sure_of_are_not_answered() -> None:
    assert read("怎麼退選，還有證書怎麼印", rank=Rank(sure=0.55)).answered == ()


def test_the_title_on_a_button_is_read_as_that_and_nothing_else() -> None:
    rank = Rank()

    decision = read("忘記密碼怎麼辦", AFTER_WITHDRAW, rank)

    assert (decision.topics[0], decision.follow_up) == (("forgot_password", SURE), "")
    assert rank.asked == ["忘記密碼怎麼辦"]


def test_a_model_that_is_wholly_sure_does_not_pass_for_a_title() -> None:
    wholly = Rank(sure=1.0)

    two = read("怎麼退選，還有證書怎麼印", rank=wholly)
    facet = read("那環教呢", AFTER_HOURS, wholly)

    assert two.answered == ("withdraw_course", "print_certificate")
    assert facet.follow_up == "facet"


@pytest.mark.parametrize("text", ["", "，，，", "😀", "\n\n", "不是，" * 600, "還有退選？" * 400])
@pytest.mark.parametrize("context", [None, AFTER_WITHDRAW])
def test_whatever_is_typed_there_is_a_decision(text: str, context: TurnContext | None) -> None:
    decision = read(text, context)

    assert decision.outcome in (ANSWER, SUGGEST, FALLBACK)
    assert decision.outcome == FALLBACK or decision.topics
