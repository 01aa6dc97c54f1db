"""Mails as programs in Taiwan send them."""

from __future__ import annotations

import base64
from email.header import Header
from email.message import EmailMessage
from email.mime.text import MIMEText

from bot.triage.mail_file import read_mail

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40_000)


def test_an_encoded_subject_and_a_plain_body_are_read() -> None:
    mail = MIMEText("環教時數沒進來", "plain", "utf-8")
    mail["Subject"] = Header("時數問題，請協助查詢，謝謝您的幫忙與回覆", "utf-8")
    mail["From"] = "someone@example.com"

    found = read_mail(mail.as_bytes(), "one")

    assert (found.id, found.subject, found.body, found.sender, found.error) == (
        "one",
        "時數問題，請協助查詢，謝謝您的幫忙與回覆",
        "環教時數沒進來",
        True,
        "",
    )


def test_big5_is_read_also_where_it_is_really_cp950() -> None:
    head = b"Subject: =?big5?B?" + base64.b64encode("碁峰資訊".encode("cp950")) + b"?=\r\n"
    body = "碁的時數".encode("cp950")

    found = read_mail(
        head + b"Content-Type: text/plain; charset=big5\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body, "x"
    )

    assert (found.subject, found.body) == ("碁峰資訊", "碁的時數")


def test_raw_bytes_in_a_header_are_read() -> None:
    assert read_mail("Subject: 時數問題\r\n\r\n內容在此".encode(), "x").subject == "時數問題"
    assert read_mail("Subject: 時數問題\r\n\r\n內容在此".encode("cp950"), "x").subject == "時數問題"


def test_html_alone_becomes_lines_and_a_quotation_is_marked() -> None:
    mail = MIMEText(
        "<html><head><style>p{}</style></head><body><p>時數&nbsp;沒進來</p><div>請幫忙<br>謝謝</div>"
        '<blockquote class="gmail_quote"><p>客服您好：舊信</p></blockquote></body></html>',
        "html",
        "utf-8",
    )
    mail["Subject"] = "x"

    lines = [line for line in read_mail(mail.as_bytes(), "x").body.splitlines() if line]

    assert lines == ["時數 沒進來", "請幫忙", "謝謝", "> 客服您好：舊信"]


def test_of_plain_text_and_html_the_plain_text_counts_and_a_picture_is_seen() -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("純文字")
    mail.add_alternative("<p>網頁</p>", subtype="html")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="a.png")

    found = read_mail(mail.as_bytes(), "x")

    assert (found.body, found.pictures) == ("純文字", True)


def test_a_logo_in_the_signature_is_no_screenshot() -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("純文字")
    mail.add_related(PNG[:900], maintype="image", subtype="png", cid="<logo>")

    assert not read_mail(mail.as_bytes(), "x").pictures


def test_an_unknown_or_wrong_charset_costs_nothing() -> None:
    for charset in ("x-nonsense", "us-ascii", "utf-8"):
        head = f"Subject: x\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
        assert read_mail(head + "時數沒有上傳".encode("cp950"), "x").body == "時數沒有上傳"


def test_what_is_no_mail_is_named() -> None:
    assert "empty" in read_mail(b"  \n", "x").error
    assert "headers" in read_mail("只是一段文字\n第二行".encode(), "x").error
    assert "neither" in read_mail(b"From: a@example.com\r\n\r\n", "x").error
