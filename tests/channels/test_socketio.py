"""Rasa's socketio channel behind our front door, as an existing Rasa widget talks to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from socketio import AsyncClient

from bot.channels.front_door import FrontDoor
from bot.channels.socketio import SocketChannel
from bot.knowledge.live import LiveKnowledge
from bot.learners.token import TokenCheck, issue_token
from bot.settings import Settings

pytestmark = pytest.mark.thorough

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
LEARNER = "T5602110801"
Open = Callable[..., Awaitable[str]]


class Rasa:
    """Echoes; keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        buttons = [{"title": "都不是", "payload": "都不是"}]
        reply = {"text": f"聽到：{message.text}", "buttons": buttons, "custom": {"type": "suggest"}}
        await message.output_channel.send_response(message.sender_id, reply)


class Widget:
    """A widget that polls; what it was told, in order."""

    def __init__(self) -> None:
        self.socket = AsyncClient()
        self.told: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.socket.on("session_confirm", lambda data: self.told.put_nowait(("confirm", data)))
        self.socket.on("bot_uttered", lambda data: self.told.put_nowait(("bot", data)))

    async def connect(self, base: str, origin: str | None = None) -> None:
        headers = {"Origin": origin} if origin else {}
        await self.socket.connect(base, transports=["polling"], headers=headers)

    async def session(self, session_id: Any = None) -> str:
        await self.socket.emit("session_request", {"session_id": session_id})
        kind, ticket = await self.next()
        assert kind == "confirm"
        return str(ticket)

    async def say(self, message: Any, session_id: Any = None, **more: Any) -> None:
        await self.socket.emit("user_uttered", {"message": message, "session_id": session_id, **more})

    async def next(self) -> tuple[str, Any]:
        return await asyncio.wait_for(self.told.get(), 10)


def channel(tmp_path: Path, **environ: str) -> SocketChannel:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_KEY": KEY, "EPARK_SOCKETIO": "1", **environ})
    return SocketChannel(settings, FrontDoor(LiveKnowledge.shared(settings.kb_dir), TokenCheck(settings.token_key)))


async def test_a_widget_that_polls_gets_its_replies(open_socket_server: Open, tmp_path: Path) -> None:
    rasa, widget = Rasa(), Widget()
    await widget.connect(await open_socket_server(channel(tmp_path), rasa))

    ticket = await widget.session()
    await widget.say("忘記密碼", ticket)
    told = await widget.next()
    await widget.socket.disconnect()

    replies = [{"content_type": "text", "title": "都不是", "payload": "都不是"}]
    assert told == ("bot", {"text": "聽到：忘記密碼", "quick_replies": replies})
    assert rasa.heard[0].sender_id == f"socketio-{ticket.split('.')[0]}"
    assert rasa.heard[0].input_channel == "socketio"


async def test_a_widget_with_a_web_socket_gets_its_replies(open_socket_server: Open, tmp_path: Path) -> None:
    base = await open_socket_server(channel(tmp_path), Rasa())

    async with aiohttp.ClientSession() as http, http.ws_connect(f"{base}/socket.io/?EIO=4&transport=websocket") as ws:
        opened = await ws.receive_str(timeout=10)
        await ws.send_str("40")
        connected = await ws.receive_str(timeout=10)
        await ws.send_str('42["session_request",{}]')
        confirm = json.loads((await ws.receive_str(timeout=10))[2:])
        await ws.send_str("42" + json.dumps(["user_uttered", {"message": "你好", "session_id": confirm[1]}]))
        told = json.loads((await ws.receive_str(timeout=10))[2:])

    assert opened[0] == "0" and connected[:2] == "40" and confirm[0] == "session_confirm"
    assert told[0] == "bot_uttered" and told[1]["text"] == "聽到：你好"


async def test_two_tabs_of_a_session_get_the_reply_and_a_session_outlives_its_socket(
    open_socket_server: Open, tmp_path: Path
) -> None:
    rasa, first, second, third = Rasa(), Widget(), Widget(), Widget()
    base = await open_socket_server(channel(tmp_path), rasa)
    for widget in (first, second, third):
        await widget.connect(base)
    ticket = await first.session()
    kept = await second.session(ticket)

    await first.say("一", ticket)
    told = [await widget.next() for widget in (first, second)]
    await first.socket.disconnect()
    await third.say("二", ticket)
    later = await third.next()
    for widget in (second, third):
        await widget.socket.disconnect()

    assert kept == ticket and told[0] == told[1]
    assert later[1]["text"] == "聽到：二"
    assert len({heard.sender_id for heard in rasa.heard}) == 1


async def test_nobody_joins_a_conversation_by_naming_it(open_socket_server: Open, tmp_path: Path) -> None:
    rasa, mine, yours = Rasa(), Widget(), Widget()
    base = await open_socket_server(channel(tmp_path), rasa)
    await mine.connect(base)
    await yours.connect(base)
    ticket = await mine.session()
    session = ticket.split(".")[0]

    for guess in (session, f"{session}.{'0' * 64}", "someone", 5, {"a": 1}, mine.socket.sid):
        assert session not in await yours.session(guess)
        await yours.say("偷聽", guess)
        assert (await yours.next())[0] == "bot"
    nothing = mine.told.empty()
    await mine.say("我的", ticket)
    heard_by_me = await mine.next()
    heard_by_you = yours.told.empty()
    for widget in (mine, yours):
        await widget.socket.disconnect()

    assert nothing and heard_by_you and heard_by_me[1]["text"] == "聽到：我的"
    assert [one.text for one in rasa.heard if one.sender_id == f"socketio-{session}"] == ["我的"]


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        ("/affirm", "／affirm"),
        ("我的身分證是A123456789", "我的身分證是[身分證字號]"),
        ("\u202e怎麼退選", "怎麼退選"),
    ],
)
async def test_messages_pass_the_front_door(message: str, heard: str, open_socket_server: Open, tmp_path: Path) -> None:
    rasa, widget = Rasa(), Widget()
    await widget.connect(await open_socket_server(channel(tmp_path), rasa))

    await widget.say(message)
    await widget.next()
    await widget.socket.disconnect()

    assert rasa.heard[0].text == heard


async def test_a_learner_is_proven_by_a_token_and_by_nothing_else(open_socket_server: Open, tmp_path: Path) -> None:
    rasa, widget = Rasa(), Widget()
    await widget.connect(await open_socket_server(channel(tmp_path), rasa))
    token = issue_token(LEARNER, KEY, 60)

    for more in (
        {"metadata": {"token": token}},
        {"customData": {"token": token}},
        {"metadata": json.dumps({"token": token})},
        {"metadata": {"learner_id": LEARNER}},
        {"metadata": "{{"},
        {"metadata": [token]},
        {"metadata": {"token": token[:-4] + "AAAA"}},
    ):
        await widget.say("我的時數", **more)
        await widget.next()
    await widget.socket.disconnect()

    assert [one.metadata for one in rasa.heard] == [{"learner_id": LEARNER}] * 3 + [{}] * 4
    assert token not in repr([vars(one) for one in rasa.heard])


async def test_odd_data_gets_a_sentence_and_the_service_goes_on(open_socket_server: Open, tmp_path: Path) -> None:
    rasa, widget = Rasa(), Widget()
    await widget.connect(await open_socket_server(channel(tmp_path), rasa))

    for data in (None, 5, "x", [], {}, {"message": [1]}, {"message": "長" * 10_000}):
        await widget.socket.emit("user_uttered", data)
        kind, told = await widget.next()
        assert kind == "bot" and told["text"]
    heard_nothing = not rasa.heard
    await widget.say("你好")
    told = await widget.next()
    await widget.socket.disconnect()

    assert heard_nothing and told[1]["text"] == "聽到：你好"


async def test_only_pages_of_the_settings_may_connect(open_socket_server: Open, tmp_path: Path) -> None:
    site = channel(tmp_path, EPARK_WEB_ORIGINS="https://elearn.example.gov.tw")
    base = await open_socket_server(site, Rasa())

    async with aiohttp.ClientSession() as http:
        statuses = {}
        for origin in (None, base, "https://elearn.example.gov.tw", "https://evil.example", "null"):
            headers = {"Origin": origin} if origin else {}
            async with http.get(f"{base}/socket.io/?EIO=4&transport=polling", headers=headers) as answer:
                statuses[origin] = (answer.status, answer.headers.get("Access-Control-Allow-Origin"))

    assert statuses.pop(None) == (200, None)
    assert statuses == {
        base: (200, base),
        "https://elearn.example.gov.tw": (200, "https://elearn.example.gov.tw"),
        "https://evil.example": (400, None),
        "null": (400, None),
    }


async def test_it_is_off_by_default(open_socket_server: Open, tmp_path: Path) -> None:
    base = await open_socket_server(channel(tmp_path, EPARK_SOCKETIO=""), Rasa())

    async with aiohttp.ClientSession() as http:
        for path in ("/socket.io/?EIO=4&transport=polling", "/webhooks/socketio/"):
            async with http.get(base + path) as answer:
                assert answer.status == 404
