"""What hostile and broken pages send: a clear refusal, and the service goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.thorough

JSON = {"Content-Type": "application/json"}


async def send(site: Any, ticket: str, body: bytes, **headers: str) -> tuple[int, Any]:
    answer = await site.call("POST", "messages", None, ticket, data=body, headers={**JSON, **headers})
    return int(answer[0]), answer[1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"5",
        b"{}",
        b'{"id":"m1"}',
        b'{"message":"x"}',
        b'{"id":5,"message":"x"}',
        b'{"id":"","message":"x"}',
        b'{"id":"a b","message":"x"}',
        b'{"id":"../x","message":"x"}',
        b'{"id":"m1\\n","message":"x"}',
        b'{"id":"%s","message":"x"}' % (b"a" * 65),
        b'{"id":"m1","message":5}',
        b'{"id":"m1","message":null}',
        b'{"id":"m1","message":["x"]}',
        b'{"id":"m1","message":"x","attachments":"a"}',
        b'{"id":"m1","message":"x","attachments":[5]}',
        b'{"id":"m1","message":"x","attachments":["../a"]}',
        b'{"id":"m1","message":"x","attachments":%s}' % json.dumps(["a"] * 9).encode(),
        b'{"id":"m1","message":"\xff\xfe"}',
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"id":"m1","message":' + b"1" * 5000 + b"}",
    ],
    ids=range(26),
)
async def test_a_body_that_is_no_message_is_refused(body: bytes, site: Any) -> None:
    status, told = await send(site, await site.ticket(), body)

    assert status == 400 and told["error"]
    assert site.heard == []


async def test_a_message_with_an_attachment_that_is_not_there_is_refused_and_not_kept(site: Any) -> None:
    ticket = await site.ticket()

    status, told = await site.say(ticket, "m1", "你好", attachments=["nothing"])
    again, _told = await site.say(ticket, "m1", "你好")

    assert (status, again) == (404, 202) and told["error"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_form_of_another_site_can_do_nothing(content_type: str, site: Any) -> None:
    ticket = await site.ticket()
    paths = ("session", "messages", "sign-in", "sign-out", "restart", "feedback")
    headers = {"Content-Type": content_type}

    answers = [await site.call("POST", path, None, ticket, data=b"{}", headers=headers) for path in paths]

    assert [status for status, _told in answers] == [415] * len(paths)


async def test_a_huge_body_is_refused_before_it_is_read_to_its_end(site: Any) -> None:
    ticket = await site.ticket()

    status, told = await send(site, ticket, b'{"id":"m1","message":"' + b"x" * 1_000_000 + b'"}')
    after, _told = await site.say(ticket, "m1", "你好")

    assert status == 413 and told["error"]
    assert after == 202


async def test_a_body_without_a_length_is_limited_too(site: Any) -> None:
    async def parts() -> Any:
        for _ in range(300):
            yield b"x" * 1000

    status, _told = await site.call("POST", "messages", None, await site.ticket(), data=parts(), headers=JSON)

    assert status == 413


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("", ""),
        ("   ", ""),
        ("\u200f\u202e\u200b", ""),
        ("\u202e怎麼退選\u202c", "怎麼退選"),
        ("/restart", "／restart"),
        ("😀😀", "😀😀"),
        ("a\x00b\x07", "ab"),
        ("\ud83d", ""),
        ("我的身分證是A123456789", "我的身分證是[身分證字號]"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ],
)
async def test_odd_messages_are_answered_and_shown_as_the_front_door_lets_them_in(
    message: str, shown: str, site: Any
) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)

    status, _told = await site.say(ticket, "m1", message)
    await tab.until("done")

    assert status == 202
    assert tab.events[0]["data"]["text"] == shown
    assert next(event["data"]["text"] for event in tab.events if event["event"] == "bot")


async def test_ten_thousand_signs_are_answered_and_the_history_shows_their_beginning_redacted(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)

    await site.say(ticket, "m1", "身分證A123456789" + "長" * 10_000)
    await tab.until("done")

    text = tab.events[0]["data"]["text"]
    assert text.startswith("身分證[身分證字號]長") and text.endswith("長…") and len(text) < 250
    bot = next(event["data"] for event in tab.events if event["event"] == "bot")
    assert bot["custom"] == {"type": "fallback"} and bot["text"]
    assert site.heard == []


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "1" * 10, "٣", "1 OR 1=1", "%00"])
async def test_events_are_asked_for_by_number_alone(after: str, site: Any) -> None:
    status, told = await site.call("GET", f"events?after={after}", None, await site.ticket())

    assert status == 400 and told["error"]


async def test_answers_are_kept_by_nobody_in_between(site: Any) -> None:
    ticket = await site.ticket()
    headers = {"Authorization": f"Bearer {ticket}"}

    async with site.http.post(site.url("session"), json={}) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    async with site.http.get(site.url("events"), headers=headers) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"].startswith("text/event-stream")
