"""Rasa's REST channel behind our front door, as a machine talks to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.front_door import FrontDoor
from bot.channels.rest import LONGEST_SENDER, RestChannel
from bot.knowledge.live import LiveKnowledge
from bot.learners.token import TokenCheck, issue_token
from bot.settings import Settings

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
LEARNER = "T5602110801"
WEBHOOK = "/webhooks/rest/webhook"
Open = Callable[[RestChannel], Awaitable[Any]]


def channel(tmp_path: Path, **environ: str) -> RestChannel:
    """The channel as the settings of this environment make it."""
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_KEY": KEY, **environ})
    door = FrontDoor(LiveKnowledge.shared(settings.kb_dir), TokenCheck(settings.token_key))
    return RestChannel(settings, door)


async def test_a_message_gets_rasas_list_of_messages_for_the_sender_it_named(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.post(WEBHOOK, {"sender": "someone", "message": "忘記密碼"})

    assert answer.status == 200
    assert answer.json() == [{"recipient_id": "someone", "text": "聽到：忘記密碼"}]


async def test_what_rasa_keeps_of_a_sender_cannot_be_another_channels_session(
    open_client: Open, tmp_path: Path
) -> None:
    client = await open_client(channel(tmp_path))

    await client.post(WEBHOOK, {"sender": "web-abc", "message": "你好"})

    assert client.heard[0].sender_id == "rest-web-abc"


async def test_a_message_without_a_sender_begins_a_conversation_of_its_own(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answers = [await client.post(WEBHOOK, {"message": "你好"}) for _ in range(2)]

    senders = {answer.json()[0]["recipient_id"] for answer in answers}
    assert len(senders) == 2
    assert len({heard.sender_id for heard in client.heard}) == 2


async def test_the_token_belongs_to_its_message_and_never_reaches_rasa(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))
    token = issue_token(LEARNER, KEY, 60)

    await client.post(WEBHOOK, {"sender": "a", "message": "我的時數", "metadata": {"token": token, "more": 1}})
    await client.post(WEBHOOK, {"sender": "a", "message": "我的時數"})
    await client.post(WEBHOOK, {"sender": "a", "message": "我的時數", "metadata": {"learner_id": LEARNER}})

    assert [heard.metadata for heard in client.heard] == [{"learner_id": LEARNER}, {}, {}]
    assert token not in repr([vars(heard) for heard in client.heard])


@pytest.mark.parametrize(
    "token",
    ["nonsense", 5, None, {}, [], issue_token(LEARNER, "another key " * 4, 60)],
    ids=["nonsense", "number", "none", "object", "list", "of another key"],
)
async def test_a_token_that_proves_nothing_is_as_none(token: object, open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.post(WEBHOOK, {"message": "我的時數", "metadata": {"token": token}})

    assert answer.status == 200
    assert client.heard[0].metadata == {}


@pytest.mark.parametrize(
    ("text", "status"), [("", 200), ("😀", 200), ("問" * 5000, 200), ("/restart", 200), ("A123456789 忘記密碼", 200)]
)
async def test_whatever_a_person_writes_gets_a_sentence(
    text: str, status: int, open_client: Open, tmp_path: Path
) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.post(WEBHOOK, {"sender": "a", "message": text})

    assert answer.status == status
    assert any(one.get("text") for one in answer.json())
    assert "A123456789" not in answer.body.decode()
    assert all(not heard.text.startswith("/") for heard in client.heard)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"message": null}',
        b'{"message": 5}',
        b'{"message": ["x"]}',
        b'{"message": "x", "sender": 5}',
        b'{"message": "x", "sender": ""}',
        b'{"message": "x", "metadata": []}'.replace(b"[]", b"[1]"),
        b'{"message": "x", "metadata": "token"}',
        b"[" * 100_000,
        b'{"message": "x", "sender": "' + b"s" * (LONGEST_SENDER + 1) + b'"}',
    ],
)
async def test_a_body_that_is_none_is_refused_with_what_is_wrong(
    body: bytes, open_client: Open, tmp_path: Path
) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.request("POST", WEBHOOK, body)

    assert answer.status == 400
    assert list(answer.json()) == ["error"]
    assert client.heard == []


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "secret",
        "bearer secret",
        "Bearer secret2",
        "Basic secret",
        b"Bearer \xff\xfe",
    ],
)
async def test_where_a_rest_token_is_set_nobody_gets_in_without_it(
    authorization: str | bytes | None, open_client: Open, tmp_path: Path
) -> None:
    client = await open_client(channel(tmp_path, EPARK_MODE="production", EPARK_REST_TOKEN="secret"))
    headers = {} if authorization is None else {"authorization": authorization}

    answer = await client.post(WEBHOOK, {"message": "你好"}, headers)

    assert answer.status == 401
    assert client.heard == []


@pytest.mark.parametrize("mode", ["demo", "production"])
async def test_with_the_rest_token_one_gets_in(mode: str, open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path, EPARK_MODE=mode, EPARK_REST_TOKEN="secret"))

    answer = await client.post(WEBHOOK, {"message": "你好"}, {"authorization": "Bearer secret"})

    assert answer.status == 200


async def test_a_rest_token_closes_the_demo_too(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path, EPARK_REST_TOKEN="secret"))

    assert (await client.post(WEBHOOK, {"message": "你好"})).status == 401


@pytest.mark.parametrize("authorization", [None, "Bearer ", "Bearer"])
async def test_production_without_a_rest_token_lets_nobody_in(
    authorization: str | None, open_client: Open, tmp_path: Path
) -> None:
    client = await open_client(channel(tmp_path, EPARK_MODE="production"))
    headers = {} if authorization is None else {"authorization": authorization}

    assert (await client.post(WEBHOOK, {"message": "你好"}, headers)).status == 401


async def test_the_health_of_the_channel_can_be_asked_for(open_client: Open, tmp_path: Path) -> None:
    client = await open_client(channel(tmp_path))

    answer = await client.request("GET", "/webhooks/rest/")

    assert (answer.status, answer.json()) == (200, {"status": "ok"})


async def test_what_only_the_chat_page_draws_is_left_out(open_client: Open, tmp_path: Path) -> None:
    rest = channel(tmp_path)
    custom = {"type": "answer", "topic": "forgot_password", "view": {"short": "好"}}
    blueprint = rest.blueprint

    def speaking(_rasa: Any) -> Any:
        async def rasa(message: Any) -> None:
            await message.output_channel.send_response(message.sender_id, {"text": "好", "custom": custom})

        return blueprint(rasa)

    rest.blueprint = speaking  # type: ignore[method-assign]
    client = await open_client(rest)

    answer = await client.post(WEBHOOK, {"sender": "a", "message": "忘記密碼"})

    assert answer.json() == [
        {"recipient_id": "a", "text": "好"},
        {"recipient_id": "a", "custom": {"type": "answer", "topic": "forgot_password"}},
    ]
    assert "view" in custom
