from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.normalise import fold, normalise


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("ＥＣＰＡ　密碼", "ecpa 密碼"),
        ("eCPA密碼", "ecpa密碼"),
        ("臺北e大", "台北e大"),
        ("学时没上传", "時數沒上傳"),
        ("时数为什么没有上传", "時數為什麼沒有上傳"),
        ("我的賬號登陸不了", "我的帳號登入不了"),
        ("视频打不开", "影片打不開"),
        ("在线注册", "線上註冊"),
        ("証書", "證書"),
        ("時\u200b數\ufeff沒\x07上傳", "時數沒上傳"),
        ("忘記 密碼", "忘記，密碼"),
        ("我要退選\r\n謝謝", "我要退選，謝謝"),
        ("ABC  def", "abc def"),
        ("  退選  ", "退選"),
        ("啊啊啊啊啊", "啊啊"),
        ("！！！！", "!!"),
        ("10000小時", "10000小時"),
        ("", ""),
        (" \u3000\n", ""),
    ],
)
def test_many_ways_of_writing_become_one(text: str, clean: str) -> None:
    assert normalise(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("看 https://elearn.hrd.gov.tw/mooc?id=1 這頁", "看，這頁"),
        ("https://elearn.hrd.gov.tw打不開", "打不開"),
        ("進http://ecpa.dgpa.gov.tw，就當掉", "進，就當掉"),
    ],
)
def test_an_address_goes_and_the_words_around_it_stay(text: str, clean: str) -> None:
    assert normalise(text) == clean


@pytest.mark.parametrize(
    "text", ["這裡的後面", "台里後面", "重複了", "乾淨的頁面", "松了一口氣", "只有公務人員", "干擾"]
)
def test_taiwanese_text_is_not_damaged_by_conversion(text: str) -> None:
    assert normalise(text) == text


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_normalised(text: str) -> None:
    clean = normalise(text)

    assert clean == clean.strip()
    assert "  " not in clean
    assert not any(unicodedata.category(sign) == "Cc" for sign in clean if sign < "\x80")


@settings(deadline=None)
@given(st.text("時數沒上傳公務園登入密碼ABCdef019", max_size=30))
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


def test_folding_knows_where_each_sign_stood() -> None:
    folded, places = fold("臺Ａ㈱\u200b數")

    assert folded == "台a(株)数"
    assert places == [0, 1, 2, 2, 2, 4]


@settings(deadline=None)
@given(st.text(max_size=40))
def test_folding_keeps_places_in_order_and_in_the_text(text: str) -> None:
    folded, places = fold(text)

    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


@pytest.mark.parametrize(("first", "second"), [("臺北", "台北"), ("憑證", "凭证"), ("ＦＢ", "fb"), ("帳號", "賬號")])
def test_two_ways_of_writing_a_term_fold_to_one(first: str, second: str) -> None:
    assert fold(first)[0] == fold(second)[0]


def test_what_stands_for_personal_data_says_nothing_about_the_question() -> None:
    assert normalise("我密碼忘了 [電話]") == normalise("我密碼忘了")
    assert normalise("[信箱]") == ""
