"""The web chat: its page, its files, its messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.front_door import FrontDoor
from bot.channels.web import COOKIE, WebChannel
from bot.knowledge.live import LiveKnowledge
from bot.learners.token import TokenCheck, issue_token
from bot.settings import Settings

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
LEARNER = "T5602110801"
MESSAGES = "/webhooks/web/messages"
Open = Callable[[WebChannel], Awaitable[Any]]


def channel(tmp_path: Path, **environ: str) -> WebChannel:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_KEY": KEY, **environ})
    return WebChannel(settings, FrontDoor(LiveKnowledge.shared(settings.kb_dir), TokenCheck(settings.token_key)))


def ticket_of(answer: Any) -> str:
    """The cookie that a first answer set."""
    return answer.header("set-cookie").split(";")[0].split("=", 1)[1]


async def test_a_first_message_gets_an_answer_and_a_signed_session(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.post(MESSAGES, {"message": "忘記密碼"})

    assert (answer.status, answer.json()) == (200, {"messages": [{"text": "聽到：忘記密碼"}]})
    cookie = answer.header("set-cookie")
    assert cookie.startswith(f"{COOKIE}=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert answer.header("cache-control") == "no-store"


async def test_in_production_the_cookie_travels_over_https_alone(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path, EPARK_MODE="production"))

    answer = await client.post(MESSAGES, {"message": "你好"})

    assert "Secure" in answer.header("set-cookie")


async def test_the_session_holds_and_no_second_cookie_is_set(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))
    ticket = ticket_of(await client.post(MESSAGES, {"message": "你好"}))

    again = await client.post(MESSAGES, {"message": "再見"}, {"cookie": f"{COOKIE}={ticket}"})

    assert again.header("set-cookie") is None
    assert client.heard[0].sender_id == client.heard[1].sender_id
    assert client.heard[0].sender_id.startswith("web-")


@pytest.mark.parametrize("forged", ["abc", "abc.def", ".", b"\xff\xfe.x", "someone.0" + "0" * 63])
async def test_a_forged_ticket_begins_a_session_of_its_own(
    forged: str | bytes, open_client: Open, tmp_path: Path
) -> None:
    client = await open_client(channel(tmp_path))
    value = forged if isinstance(forged, bytes) else forged.encode()

    answer = await client.post(MESSAGES, {"message": "你好"}, {"cookie": f"{COOKIE}=".encode() + value})

    assert answer.status == 200
    assert answer.header("set-cookie") is not None
    assert "someone" not in client.heard[0].sender_id


async def test_the_token_proves_the_learner_and_goes_no_further(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))
    token = issue_token(LEARNER, KEY, 60)

    await client.post(MESSAGES, {"message": "我的時數", "token": token})

    assert client.heard[0].metadata == {"learner_id": LEARNER}
    assert token not in repr(vars(client.heard[0]))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"message": 5}', b"\xff", b"[" * 100_000])
async def test_a_body_that_is_none_is_refused(body: bytes, open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.request("POST", MESSAGES, body)

    assert answer.status == 400
    assert client.heard == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_form_of_another_site_cannot_speak(content_type: str, open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.post(MESSAGES, {"message": "你好"}, {"content-type": content_type})

    assert answer.status == 415
    assert client.heard == []


async def test_the_page_stands_at_the_root_and_allows_no_foreign_script(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    page = await client.request("GET", "/")

    assert page.status == 200
    assert page.header("content-type") == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.header("content-security-policy")
    assert b"<html" in page.body


@pytest.mark.parametrize("name", ["chat.js", "chat.css", "icon.svg"])
async def test_the_files_of_the_page_are_served(name: str, open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.request("GET", f"/webhooks/web/static/{name}")

    assert answer.status == 200
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.body


@pytest.mark.parametrize(
    "name", ["nothing.js", "..%2fsettings.py", "%2e%2e%2fcli.py", ".env", "chat.py", "..", "%00.js"]
)
async def test_no_other_file_is_served(name: str, open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.request("GET", f"/webhooks/web/static/{name}")

    assert answer.status in (400, 404)
    assert b"import" not in answer.body
