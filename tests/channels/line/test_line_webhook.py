"""LINE's webhook: only what LINE signed is taken in, once, and before it is confirmed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from line_platform import ANN, BEN, SECRET, Clock, shuffled
from sqlalchemy import text

from bot.channels.front_door import FrontDoor
from bot.channels.line import LARGEST_WEBHOOK, LineChannel
from bot.channels.line_events import events_in, inbound, signed
from bot.channels.line_turns import Pace
from bot.knowledge.live import LiveKnowledge
from bot.learners.token import TokenCheck
from bot.settings import Settings


def signature_of(body: bytes) -> str:
    return base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()


async def test_a_message_is_answered_on_its_reply_token(line: Any, platform: Any) -> None:
    answer = await line.ask(ANN, "忘記密碼")

    assert (answer.person, answer.how, answer.text) == (ANN, "reply", "聽到：忘記密碼")
    assert line.heard[0].sender_id == f"line-{ANN}"
    assert line.heard[0].metadata == {}
    assert platform.loading == [ANN]


@pytest.mark.parametrize("signature", ["", "nonsense", "\xe9\xff", signature_of(b"another body")])
async def test_a_forged_webhook_is_refused_without_a_word_and_without_work(
    signature: str, line: Any, platform: Any, http: Any
) -> None:
    body = json.dumps({"destination": "U", "events": [platform.text(ANN, "忘記密碼")]}).encode()
    headers = {"x-line-signature": signature, "content-type": "application/json"}

    async with http.post(f"{line.base}/webhooks/line/webhook", data=body, headers=headers) as answer:
        told = (answer.status, await answer.read())

    assert told == (401, b"")
    assert line.channel.works.inbox.waiting("line") == []
    assert not platform.requests


async def test_a_webhook_without_a_signature_is_refused(line: Any, http: Any) -> None:
    async with http.post(f"{line.base}/webhooks/line/webhook", data=b"{}") as answer:
        assert (answer.status, await answer.read()) == (401, b"")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"null", b'{"events": 5}', b"[" * 100_000])
async def test_what_is_signed_but_malformed_is_refused_without_work(body: bytes, line: Any, http: Any) -> None:
    headers = {"x-line-signature": signature_of(body)}

    async with http.post(f"{line.base}/webhooks/line/webhook", data=body, headers=headers) as answer:
        assert (answer.status, await answer.read()) == (400, b"")


async def test_a_body_beyond_all_measure_is_refused_before_it_is_read(line: Any, http: Any) -> None:
    body = b" " * (LARGEST_WEBHOOK + 1)

    async with http.post(
        f"{line.base}/webhooks/line/webhook", data=body, headers={"x-line-signature": signature_of(body)}
    ) as answer:
        assert answer.status == 413


async def test_line_may_ask_whether_anybody_is_there(line: Any, http: Any) -> None:
    assert await line.send() == 200
    async with http.get(f"{line.base}/webhooks/line/") as answer:
        assert await answer.json() == {"status": "ok"}


async def test_a_replayed_or_redelivered_event_is_answered_once(line: Any, platform: Any) -> None:
    event = platform.text(ANN, "忘記密碼")
    again = {**event, "deliveryContext": {"isRedelivery": True}}

    assert [await line.send(one) for one in (event, event, again)] == [200, 200, 200]
    await line.idle()
    assert await line.send(again) == 200
    await line.idle()

    assert [one.text for one in platform.delivered] == ["聽到：忘記密碼"]


async def test_an_event_that_cannot_be_kept_is_not_confirmed_so_that_line_sends_it_again(
    line: Any, platform: Any
) -> None:
    with line.engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbound RENAME TO elsewhere"))
    event = platform.text(ANN, "忘記密碼")

    refused = await line.send(event)
    with line.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO inbound"))
    accepted = await line.send(event)
    await platform.told()

    assert (refused, accepted) == (503, 200)


async def test_events_that_another_module_answers_are_left_alone(line: Any, platform: Any) -> None:
    await line.send({**platform.text(ANN, "忘記密碼"), "mode": "standby"})
    await line.ask(BEN, "怎麼退選")

    assert [heard.sender_id for heard in line.heard] == [f"line-{BEN}"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": "message"},
        {"type": "message", "webhookEventId": "x", "mode": "active", "source": 5, "message": []},
        {"type": "message", "webhookEventId": "x", "mode": "active", "source": {"type": ["user"], "userId": "U1"}},
        {"type": "message", "webhookEventId": "../x", "mode": "active", "source": {"type": "user", "userId": "U1"}},
        {"type": "beacon", "webhookEventId": "x", "mode": "active", "source": {"type": "user", "userId": "U1"}},
        {
            "type": "message",
            "webhookEventId": "x",
            "mode": "active",
            "source": {"type": "user", "userId": "U1"},
            "message": {"id": "1", "type": "text", "text": None, "mention": 5, "emojis": [5, {"index": "a"}]},
        },
    ],
)
def test_no_event_whatever_it_holds_breaks_the_reading(event: Any, kb_dir: Path) -> None:
    door = FrontDoor(LiveKnowledge.shared(kb_dir), TokenCheck("x" * 32))

    found = inbound(event, door, Clock()())

    assert found is None or found.data["refusal"] == "ask_words"


async def test_nothing_personal_reaches_the_queues(line: Any, platform: Any) -> None:
    line.go.clear()
    await line.say(ANN, "我是 A123456789，電話 0912345678，密碼是 hunter2")
    await platform.until(lambda: line.heard)

    with line.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM inbound")).all())
    assert "A123456789" not in kept and "0912345678" not in kept and "hunter2" not in kept
    line.go.set()
    answer = (await platform.told())[0]
    assert "A123456789" not in answer.text


async def test_a_typed_command_is_no_command(line: Any, platform: Any) -> None:
    await line.ask(ANN, '/restart{"slot": 1}')

    assert not line.heard[0].text.startswith("/")


def test_a_signature_is_checked_over_the_very_bytes() -> None:
    body = b'{"events": []}'

    assert signed(body, signature_of(body), SECRET)
    assert not signed(body + b" ", signature_of(body), SECRET)
    assert not signed(body, None, SECRET)
    assert events_in(body) == []


async def test_without_its_secrets_the_channel_is_off_and_says_so_once(
    open_client: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPARK_VAR", str(tmp_path))
    monkeypatch.delenv("EPARK_LINE_CHANNEL_SECRET", raising=False)
    monkeypatch.setenv("EPARK_LINE_CHANNEL_TOKEN", "a token alone")
    channel = LineChannel.from_credentials({"store": "bot.stores.web.WebStore"})

    client = await open_client(channel)

    assert (await client.request("GET", "/webhooks/line/")).json() == {"status": "off"}
    assert (await client.request("POST", "/webhooks/line/webhook")).status == 404
    lines = [one.getMessage() for one in caplog.records if "LINE" in one.getMessage()]
    assert lines == ["LINE is off: set EPARK_LINE_CHANNEL_SECRET and EPARK_LINE_CHANNEL_TOKEN"]


def test_the_secrets_do_not_show_where_settings_are_printed(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {"EPARK_VAR": str(tmp_path), "EPARK_LINE_CHANNEL_SECRET": "hush", "EPARK_LINE_CHANNEL_TOKEN": "hush2"}
    )

    assert "hush" not in repr(settings)


def answered(platform: Any) -> int:
    return sum(one.text.count("第") for one in platform.delivered)


@pytest.mark.thorough
async def test_a_thousand_events_with_duplicates_out_of_order_over_two_restarts_are_each_answered_once(
    open_line: Any, platform: Any
) -> None:
    pace = Pace(token=3000, slow=2900, quiet=0.0, hold=42)
    platform.token_seconds = 3600
    people = [f"U{number:032x}" for number in range(125)]
    events = [platform.text(people[number % 125], f"第{number}題") for number in range(1000)]
    sent = shuffled(events + shuffled(events)[:300])
    site = await open_line(pace)
    for part, stop_at in ((sent[:450], 150), (sent[450:900], 500), (sent[900:], None)):
        for start in range(0, len(part), 50):
            assert await site.send(*part[start : start + 50]) == 200
        if stop_at is None:
            break
        await platform.until(lambda at=stop_at: answered(platform) >= at)
        await site.kill()
        platform.clock.move(45)
        site = await open_line(pace)
        await site.idle(300)
    await site.idle(300)

    told = "\n".join(one.text for one in platform.delivered)
    missing = [number for number in range(1000) if told.count(f"第{number}題") != 1]
    assert missing == []
    for one in platform.delivered:
        assert one.how == "reply"


async def test_with_its_secrets_the_channel_runs_as_the_credentials_file_names_it(
    platform: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"VAR": str(tmp_path), "LINE_CHANNEL_SECRET": SECRET, "LINE_CHANNEL_TOKEN": "t"}
    for name, value in environ.items():
        monkeypatch.setenv(f"EPARK_{name}", value)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    channel = LineChannel.from_credentials({"store": "bot.stores.web.WebStore"})

    async def rasa(_message: Any) -> None: ...

    routes = channel.blueprint(rasa)

    assert channel.works is not None and channel.works.quota.left is None
    assert len(routes._future_routes) == 4
