"""Taking a message apart: what it does not mean, and where a second question begins."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.clauses import LEAST_SIGNS, MOST_SPLITS, Clause, clauses, halves, meant, signs

PIECES = (
    *"我不是 不是要 不是 而是 是要 別再跟我說 不用 不要 我知道 沒問題 還有 另外 順便 第二 又 同時".split(),
    *"退選 證書怎麼印 時數 登入 公務員 嗎 怎麼 2.5 ， 。 ？ 、 e 😀".split(),
    *" \n",
)
JOINED = re.compile(
    r"(還有(一個|一件|就是|另外)?|另外|此外|以及|順便|再來|接著|然後(還有|再|想|還)?|對了|其次|(第二|二|2)(個問題)?|又"
    r"|再(請|問|者)|再一個|同時|也)?"
)
messages = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def bare(text: str) -> str:
    """The letters, digits and ideographs of a text."""
    return re.sub(r"[\W_]+", "", text)


def test_a_message_falls_into_clauses_that_know_how_they_end_and_whether_they_ask() -> None:
    found = clauses("您好，怎麼退選？\n謝謝")

    assert found == [Clause("您好", False, False), Clause("怎麼退選", True, True), Clause("謝謝", True, False)]


@pytest.mark.parametrize("text", ["", " \n ", "，，。。！？", "～～～……"])
def test_a_message_of_marks_alone_has_no_clause(text: str) -> None:
    assert clauses(text) == []
    assert meant(text) is None
    assert halves(text) == []


def test_a_full_stop_inside_a_number_or_an_address_ends_no_clause() -> None:
    found = [clause.text for clause in clauses("讀了2.5小時.elearn.hrd.gov.tw打不開")]

    assert found == ["讀了2.5小時.elearn.hrd.gov.tw打不開"]


@pytest.mark.parametrize(("text", "count"), [("退選 2 門！", 4), ("😀_，\n", 0), ("e-mail", 5)])
def test_signs_are_letters_digits_and_ideographs(text: str, count: int) -> None:
    assert signs(text) == count


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我不是要退選，是要重看", "是要重看"),
        ("不是打不開，是不知道要點哪裡", "是不知道要點哪裡"),
        ("不是我不想上，是影片打不開", "是影片打不開"),
        ("我不是不要退選，是退不掉", "是退不掉"),
        ("我不是要退選是要重看", "我是要重看"),
        ("別再跟我說忘記密碼了，我要問的是課程怎麼退選", "我要問的是課程怎麼退選"),
        ("不用教我怎麼查，直接看我的紀錄", "直接看我的紀錄"),
        ("先不管時數，密碼要怎麼改", "密碼要怎麼改"),
        ("時數上傳沒問題，我想問閱讀時間怎麼算", "我想問閱讀時間怎麼算"),
        ("密碼我知道，它說鎖住了要怎麼解", "它說鎖住了要怎麼解"),
        ("怎麼退選不是要查課程", "怎麼退選"),
        ("我要印證書不是要退選", "我要印證書"),
        ("我不是公務員，只是一般民眾，怎麼登入", "只是一般民眾，怎麼登入"),
    ],
)
def test_what_a_message_does_not_mean_or_has_settled_goes(text: str, left: str) -> None:
    assert meant(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "不是公務員可以上嗎",
        "不是公務員，可以上嗎",
        "我不是公務員，可以上課嗎",
        "不是公務員 要怎麼進去上課",
        "非公務員是要怎麼註冊",
        "不是公務員是要怎麼登入",
        "登入後系統顯示我不是公務員",
        "為什麼登入不是用身分證字號",
        "人員區分不是10怎麼辦",
        "不要錢嗎",
        "上課要不要錢",
        "帳號可以不用身分證註冊嗎",
        "磨課師課程不用測驗",
        "這門課怎麼不用測驗",
        "我想請問一下，不用再填問卷了嗎",
        "不要再寄通知信給我，要怎麼取消訂閱",
        "不要給別人看到資料，要怎麼設定",
        "不用教師證也能註冊，要怎麼弄",
        "不用提供身分證，可以註冊帳號嗎",
        "不管用哪個瀏覽器影片都打不開，要怎麼處理",
    ],
)
def test_a_negation_that_is_the_point_stays(text: str) -> None:
    assert meant(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "不是說三天就會上傳嗎，怎麼還沒進來",
        "不是說三天就會上傳，怎麼還沒進來",
        "不是才改過沒多久嗎，為什麼又要改",
        "我的帳號這樣設定有沒有問題，可以幫我看嗎",
        "課程資料夾圖案是不是點了會跑出裡面的課",
        "時數是不是都好了，還是要等",
    ],
)
def test_what_a_message_asks_or_reproaches_stays(text: str) -> None:
    assert meant(text) is None


@pytest.mark.parametrize(
    "text", ["不是", "我不是要退選", "不是，不是，不是", "我不是要退選，😀", "別再叫我重開機", "我知道了"]
)
def test_nothing_goes_where_too_little_would_be_left(text: str) -> None:
    assert meant(text) is None


@given(messages)
def test_what_is_meant_is_a_shorter_text_of_the_same_signs_in_the_same_order(text: str) -> None:
    left = meant(text)

    if left is not None:
        assert LEAST_SIGNS <= signs(left) < signs(text)
        rest = iter(bare(text))
        assert all(sign in rest for sign in bare(left))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("密碼忘了，還有時數什麼時候上傳", ("密碼忘了", "時數什麼時候上傳")),
        ("密碼忘了還有時數什麼時候上傳", ("密碼忘了", "時數什麼時候上傳")),
        ("密碼忘了，還有什麼時候上傳時數", ("密碼忘了", "什麼時候上傳時數")),
        ("怎麼退選？另外證書要怎麼列印？", ("怎麼退選", "證書要怎麼列印")),
        ("課程影片打不開，順便給我客服電話", ("課程影片打不開", "給我客服電話")),
        ("怎麼退選？怎麼印證書？", ("怎麼退選", "怎麼印證書")),
        ("怎麼退選呢\n怎麼印證書呢", ("怎麼退選呢", "怎麼印證書呢")),
        ("1、怎麼退選？2、怎麼印證書？", ("1，怎麼退選", "怎麼印證書")),
        ("一、怎麼退選，二、怎麼印證書", ("一，怎麼退選", "怎麼印證書")),
        ("忘記密碼，第二個問題是怎麼印證書", ("忘記密碼", "是怎麼印證書")),
    ],
)
def test_a_second_question_is_found(text: str, pair: tuple[str, str]) -> None:
    assert pair in halves(text)


@pytest.mark.parametrize(
    "text",
    [
        "還有哪幾堂沒上完",
        "測驗都過了，還有哪幾堂沒上完",
        "我都上完了還有幾堂課沒有通過",
        "除了自然人憑證，還有什麼方式登入",
        "課程退掉了，還有沒有其他辦法",
        "要另外註冊嗎",
        "用facebook登入要另外註冊帳號嗎",
        "環教時數需要另外自己登錄嗎",
        "另外付費的課程有哪些",
        "問題是同一天讀的另外兩門課沒有時數",
        "測驗沒過，第二次還能考嗎",
        "登入不進去，又收不到驗證信",
        "我想上課，同時開兩個視窗可以嗎",
        "完成課程之後，再來要做什麼",
        "我完成課程後再來要做什麼",
        "帳號還有密碼都忘了怎麼辦",
        "怎麼退選？謝謝",
        "登入後怎麼查時數呢？我找不到",
        "時數已經收到了，另外感謝已經處理完成",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert halves(text) == []


@given(messages)
def test_the_parts_lose_nothing_but_the_words_that_join_them(text: str) -> None:
    whole = bare(text)

    for first, second in halves(text):
        assert min(signs(first), signs(second)) >= LEAST_SIGNS
        assert whole.startswith(bare(first)) and whole.endswith(bare(second))
        assert JOINED.fullmatch(whole[len(bare(first)) : len(whole) - len(bare(second))])


def test_of_many_questions_only_some_splits_are_tried() -> None:
    text = "".join(f"第{number}門課怎麼退選？" for number in range(20))

    assert len(halves(text)) == MOST_SPLITS


@pytest.mark.parametrize(
    "piece", ["不是要", "不是，", "還有退選", "嗎？", "我都", "我，", "沒有想", "也不用", "，", "😀", "另外", "…\n"]
)
def test_two_thousand_signs_take_no_time(piece: str) -> None:
    text = (piece * 2000)[:2000]
    start = time.perf_counter()

    meant(text)
    halves(text)

    assert time.perf_counter() - start < 0.5
