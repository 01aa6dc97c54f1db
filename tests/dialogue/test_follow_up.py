"""Follow-ups: messages that mean something only in the light of the question answered before them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.context import TurnContext
from bot.dialogue.follow_up import FollowUp, follow_up

WORDS = {
    "終身學習網": ("portal", "lifelong"),
    "環教": ("portal", "env_edu"),
    "全教網": ("portal", "teacher"),
    "臉書": ("provider", "facebook"),
    "fb": ("provider", "facebook"),
    "ecpa": ("provider", "ecpa"),
    "不是公務員": ("identity", "general_public"),
    "一般民眾": ("identity", "general_public"),
    "客服": ("desk", "platform"),
}
HOURS = TurnContext("hours_not_uploaded", "時數沒上傳到終身學習網怎麼辦")


@dataclass(frozen=True)
class Word:
    """A term found by the fake below."""

    entity: str
    value: str
    start: int
    end: int


def find(text: str) -> Sequence[Word]:
    """Finds the words above, as the real finder does with those of the vocabulary."""
    found = re.finditer("|".join(WORDS), text)
    return [Word(*WORDS[match.group()], match.start(), match.end()) for match in found]


def read(text: str, context: TurnContext | None = HOURS) -> FollowUp | None:
    return follow_up(text, context, find)


def kind(text: str) -> str | None:
    found = read(text)
    return None if found is None else found.kind


@pytest.mark.parametrize("text", ["第二步在哪裡", "然後呢", "沒有那個按鈕", "電話呢", "那環教呢", "不是，我要印證書"])
@pytest.mark.parametrize("context", [None, TurnContext(), TurnContext(misses=2)])
def test_where_nothing_was_answered_nothing_goes_on(text: str, context: TurnContext | None) -> None:
    assert read(text, context) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第二步在哪裡", 2),
        ("第 2 步？", 2),
        ("第二個步驟是什麼意思", 2),
        ("步驟三", 3),
        ("第十一步", 11),
        ("第3點看不懂", 3),
        ("第二部在哪", 2),
        ("我卡在第三步😭", 3),
    ],
)
def test_a_step_is_asked_for_by_its_number(text: str, number: int) -> None:
    assert read(text) == FollowUp("step", number=number)


@pytest.mark.parametrize("text", ["第1一步", "第一2步", "步驟3二"])
def test_a_number_that_is_none_asks_for_a_step_that_no_answer_has(text: str) -> None:
    assert read(text) == FollowUp("step", number=0)


@pytest.mark.parametrize(
    "text",
    [
        "第二點課程影片的閱讀時間一直沒有累計要怎麼處理才會有",
        "第二次測驗",
        "第二部影片看不了",
        "第三點五小時",
        "進一步說明",
    ],
)
def test_not_every_number_is_a_step(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "然後呢",
        "然後呢？！",
        "然后呢",
        "然後勒",
        "好，然後呢",
        "OK 接下來",
        "嗯嗯…再來呢",
        "點了，然後呢",
        "下一步是什麼？",
        "之後呢",
    ],
)
def test_what_comes_next_is_asked_for(text: str) -> None:
    assert read(text) == FollowUp("next")


@pytest.mark.parametrize(
    "text",
    [
        "沒有那個按鈕",
        "沒有哪個按鈕",
        "根本沒有你說的選項啊",
        "沒看到欸",
        "找不到",
        "按了沒反應",
        "還是不行...",
        "不行 😭",
        "卡住了",
        "我看不懂",
    ],
)
def test_being_stuck_is_heard_whatever_the_tone(text: str) -> None:
    assert read(text) == FollowUp("stuck")


@pytest.mark.parametrize("text", ["再說一次", "可以再說一次嗎？", "說詳細一點", "步驟呢", "請再講一遍"])
def test_hearing_it_again_is_asked_for(text: str) -> None:
    assert read(text) == FollowUp("again")


@pytest.mark.parametrize(
    "text", ["電話呢", "那 email 呢", "E-mail", "有沒有電話", "他們的電話是多少？", "那客服電話", "服務時間到幾點"]
)
def test_the_desk_is_asked_for(text: str) -> None:
    assert read(text) == FollowUp("contact")


@pytest.mark.parametrize(
    "text", ["我的電話改了", "信箱收不到驗證信", "電話號碼要怎麼修改", "找不到課程", "不會上傳時數", "沒有上課紀錄"]
)
def test_a_question_that_only_shares_a_word_stands_on_its_own(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("不是，我是要問證書怎麼印", "我是要問證書怎麼印"),
        ("不是啦 我要印證書", "我要印證書"),
        ("不對！是環教", "是環教"),
        ("你誤會了，我要退選", "我要退選"),
    ],
)
def test_a_correction_leaves_what_was_meant(text: str, rest: str) -> None:
    assert read(text) == FollowUp("correction", rest)


@pytest.mark.parametrize(
    "text", ["不是", "不是，", "不是😀", "不要錢嗎", "不是人事總處的課可以上嗎", "不對稱加密的課在哪"]
)
def test_a_no_alone_or_a_negation_corrects_nothing(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("那環教呢", "時數沒上傳到環教怎麼辦"),
        ("全教網勒", "時數沒上傳到全教網怎麼辦"),
        ("我用臉書登入的", "我用臉書登入的，時數沒上傳到終身學習網怎麼辦"),
        ("那一般民眾可以嗎", "那一般民眾可以，時數沒上傳到終身學習網怎麼辦"),
        ("我不是公務員", "我不是公務員，時數沒上傳到終身學習網怎麼辦"),
    ],
)
def test_the_same_is_asked_of_something_else(text: str, question: str) -> None:
    assert read(text) == FollowUp("facet", question)


def test_a_chain_of_facets_does_not_grow_the_question() -> None:
    question = HOURS.question

    for text in ("那環教呢", "全教網呢", "環教", "那終身學習網呢") * 5:
        found = read(text, TurnContext("hours_not_uploaded", question))
        assert found is not None
        question = found.text

    assert question == HOURS.question


@pytest.mark.parametrize(
    "text",
    [
        "不是公務員可以上嗎",
        "一般民眾可以報名嗎",
        "用fb可以登入嗎",
        "環教時數要上哪些課",
        "那客服呢我要投訴",
        "還有哪幾堂沒上完",
        "要另外註冊嗎",
    ],
)
def test_a_whole_question_with_a_term_stands_on_its_own(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize("text", ["", "，，，", "😀", "\n", "？"])
def test_marks_alone_go_on_from_nothing(text: str) -> None:
    assert kind(text) is None


@given(
    st.lists(
        st.sampled_from(["第", "一", "1", "十", "步", "不是", "，", "環教", "fb", "那", "呢", "電話", "沒有", " "])
    )
)
def test_no_message_breaks_the_reading(pieces: list[str]) -> None:
    found = read("".join(pieces))

    assert found is None or found.kind in {"step", "next", "again", "stuck", "contact", "facet", "correction"}
    if found is not None and found.kind in {"facet", "correction"}:
        assert found.text


@pytest.mark.parametrize(
    "piece",
    ["電話多少", "多少", "客服", "還是不行", "怎麼", "嗯", "步驟", "不是啦", "幾點到幾點", "fb可以", "沒有看到", "了"],
)
def test_two_thousand_signs_take_no_time(piece: str) -> None:
    text = "電話" + (piece * 2000)[:2000] + "x"
    start = time.perf_counter()

    read(text)
    read(text[2:])

    assert time.perf_counter() - start < 0.5
