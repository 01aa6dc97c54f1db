"""Files on the chat page: told by their content, the session's alone, harmless when shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.channels.web_attachments import ENDINGS, LARGEST, name_of, type_of

pytestmark = pytest.mark.thorough

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
GIF = b"GIF89a" + b"\0" * 10
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
PDF = b"%PDF-1.7\n"


async def upload(site: Any, ticket: str, content: bytes, name: str = "", content_type: str = "image/png") -> Any:
    headers = {"Content-Type": content_type, **({"X-Filename": quote(name)} if name else {})}
    return await site.call("POST", "attachments", None, ticket, data=content, headers=headers)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (GIF.replace(b"9", b"7"), "image/gif"),
        (WEBP, "image/webp"),
        (PDF, "application/pdf"),
        # Polyglots are what they begin as, and are served as that alone.
        (b"GIF89a/*<script>alert(1)</script>*/=1;", "image/gif"),
        (PNG + b"<html><script>alert(1)</script>", "image/png"),
        (PDF + b"PK\x03\x04", "application/pdf"),
    ],
)
def test_a_file_is_what_its_content_begins_as(content: bytes, kind: str) -> None:
    assert type_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG",
        b"\x89PNG\r\n\x1a\nhello",
        b"<html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"#!/bin/sh",
        b"\n" + PDF,
        b"<!--" + PDF,
        b"%PDF-evil",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"GIF90a",
        b"\xff\xd8\xff",
        b"\xef\xbb\xbf" + PNG,
        b"\x00\x00\x00\x20ftypheic",
    ],
    ids=range(16),
)
async def test_whatever_else_is_refused_however_it_is_called(content: bytes, site: Any, tmp_path: Path) -> None:
    status, told = await upload(site, await site.ticket(), content, "picture.png", "image/png")

    assert status == 415 and told["error"]
    assert not (tmp_path / "attachments").exists()


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("證書.png", "image/png", "證書.png"),
        ("a%20b.PNG", "image/png", "a b.PNG"),
        ("%E8%AD%89.jpeg", "image/jpeg", "證.jpeg"),
        ("virus.exe", "image/png", "virus.exe.png"),
        ("page.html", "application/pdf", "page.html.pdf"),
        ("../../etc/passwd", "image/png", "passwd.png"),
        ("C:\\Users\\me\\x.gif", "image/gif", "x.gif"),
        ("gpj.\u202egnp.exe", "image/png", "gpj.gnp.exe.png"),
        ("a\r\nSet-Cookie: x.png", "image/png", "aSet-Cookie: x.png"),
        ("", "image/webp", "file.webp"),
        ("...", "image/webp", "file.webp"),
        ("%FF%FE.pdf", "application/pdf", "\ufffd\ufffd.pdf"),
        ("A123456789的證書.pdf", "application/pdf", "[身分證字號]的證書.pdf"),
        ("字" * 500 + ".png", "image/png", "字" * 100 + ".png"),
    ],
)
def test_a_name_is_cleaned_and_tells_the_truth(given: str, kind: str, name: str) -> None:
    assert name_of(given, kind, []) == name


async def test_a_file_comes_back_as_it_was_and_can_do_nothing_in_a_browser(site: Any) -> None:
    ticket = await site.ticket()
    status, told = await upload(site, ticket, PNG, "證書.exe", "text/html")
    headers = {"Authorization": f"Bearer {ticket}"}

    async with site.http.get(site.url(f"attachments/{told['id']}"), headers=headers) as answer:
        content = await answer.read()

    assert status == 201 and told == {"id": told["id"], "name": "證書.exe.png", "type": "image/png", "size": len(PNG)}
    assert content == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('證書.exe.png')}"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_file_is_the_sessions_alone(site: Any) -> None:
    mine, yours = await site.ticket(), await site.ticket()
    _status, told = await upload(site, mine, PDF)
    path = f"attachments/{told['id']}"

    foreign = [
        (await site.call("GET", path, None, yours))[0],
        (await site.call("DELETE", path, None, yours))[0],
        (await site.say(yours, "m1", "檔案", attachments=[told["id"]]))[0],
    ]

    assert foreign == [404, 404, 404]
    assert (await site.call("GET", path, None, mine))[0] == 200


async def test_a_message_takes_its_files_along(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    _status, told = await upload(site, ticket, JPEG, "畫面.jpg")

    await site.say(ticket, "m1", "畫面如附件", attachments=[told["id"]])
    user = await tab.until("user")

    assert user["data"]["attachments"] == [told]


async def test_a_file_that_is_deleted_is_gone(site: Any, tmp_path: Path) -> None:
    ticket = await site.ticket()
    _status, told = await upload(site, ticket, PNG)
    path = f"attachments/{told['id']}"

    first = (await site.call("DELETE", path, None, ticket))[0]
    second = (await site.call("DELETE", path, None, ticket))[0]

    assert (first, second) == (200, 404)
    assert (await site.call("GET", path, None, ticket))[0] == 404
    assert list((tmp_path / "attachments").iterdir()) == []


async def test_ten_megabytes_are_taken_and_not_one_byte_more(site: Any) -> None:
    ticket = await site.ticket()

    just = await upload(site, ticket, PNG.ljust(LARGEST, b"\0"))
    more = await upload(site, ticket, PNG.ljust(LARGEST + 1, b"\0"))

    assert (just[0], just[1]["size"]) == (201, LARGEST)
    assert more[0] == 413 and more[1]["error"]


async def test_eight_files_wait_and_the_ninth_has_to_wait_for_a_message(site: Any) -> None:
    ticket = await site.ticket()
    kept = [await upload(site, ticket, GIF) for _ in range(8)]

    ninth = await upload(site, ticket, GIF)
    await site.say(ticket, "m1", "檔案", attachments=[told["id"] for _status, told in kept])
    later = await upload(site, ticket, GIF)

    assert (ninth[0], later[0]) == (409, 201)


@pytest.mark.parametrize("form", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
async def test_a_form_of_another_site_sends_no_file(form: str, site: Any) -> None:
    status, _told = await upload(site, await site.ticket(), PNG, content_type=form)

    assert status == 415


@pytest.mark.parametrize("name", ["..%2f..%2fepark.db", "%2e%2e", "a%00b", ".", "epark.db"])
async def test_no_other_file_is_read(name: str, site: Any) -> None:
    status, told = await site.call("GET", f"attachments/{name}", None, await site.ticket())

    assert status in (400, 404) and b"SQLite" not in repr(told).encode()


def test_every_type_has_its_ending() -> None:
    assert {type_of(one) for one in (PNG, JPEG, GIF, WEBP, PDF)} == set(ENDINGS)
