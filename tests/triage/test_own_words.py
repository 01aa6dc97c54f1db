"""One's own words in a mail."""

from __future__ import annotations

import pytest

from bot.triage.own_words import bare_subject, own_words

OWN = "我的時數還沒有上傳，請問怎麼辦？"


@pytest.mark.parametrize(
    "quoted",
    [
        "> 客服您好\n> 舊的內容",
        "-----Original Message-----\nFrom: a\n舊的內容",
        "-----原始郵件-----\n舊的內容",
        "寄件者: 客服 <a@example.com>\n寄件日期: 2026年11月20日\n收件者: 我\n主旨: RE: 時數\n\n舊的內容",
        "On Fri, Nov 20, 2026 at 9:00 AM Desk <a@example.com> wrote:\n舊的內容",
        "客服 <a@example.com> 於 2026年11月20日 週五 上午9:00寫道：\n\n舊的內容",
        "On Fri, Nov 20, 2026 at 9:00 AM A Very Long Name Of A Desk\n<a@example.com> wrote:\n> 舊的內容",
    ],
)
def test_an_earlier_mail_is_set_aside(quoted: str) -> None:
    assert own_words(f"{OWN}\n\n{quoted}") == OWN


@pytest.mark.parametrize(
    "signature",
    [
        "-- \n王小明\n某某局",
        "王小明 敬上\n電話 02-0000-0000",
        "=======\n某機關",
        "從我的 iPhone 傳送",
        "Best regards,\nMing",
    ],
)
def test_a_signature_is_set_aside(signature: str) -> None:
    assert own_words(f"{OWN}\n\n{signature}") == OWN


def test_of_a_forwarded_mail_without_own_words_the_forwarded_ones_count() -> None:
    body = (
        f"FYI\n\n---------- Forwarded message ---------\nFrom: 學員 <a@example.com>\nDate: 昨天\nSubject: 問\n\n{OWN}"
    )

    assert OWN in own_words(body)


def test_a_mail_of_a_closing_alone_keeps_its_words() -> None:
    assert own_words("敬上") == "敬上"
    assert own_words("") == ""


def test_marks_of_replies_go_from_the_subject() -> None:
    assert bare_subject("RE: Fw：回覆: 時數") == "時數"
    assert bare_subject("關於RE的課程") == "關於RE的課程"
