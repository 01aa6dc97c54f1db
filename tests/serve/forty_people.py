"""People who live through a script on the chat page, on LINE and on Telegram, and read what stands there."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import aiohttp
from line_platform import LinePlatform
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from telegram_people import Phone
from telegram_stand_in import BOT, SECRET, Sent, Telegram

from bot.queues.tables import WAITING, InboundRow, OutboundRow

PUBLIC = "https://epark.example.gov.tw"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
ANSWER_SECONDS = 60.0
LOOK_SECONDS = 0.05


@dataclass
class Heard:
    """What one turn brought to a screen."""

    text: str = ""
    buttons: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """What a tap opens: pages, numbers to call."""

    @property
    def all(self) -> str:
        """Everything that can be read or opened."""
        return "\n".join([self.text, *self.buttons, *self.addresses])


class Person(Protocol):
    """Somebody with a conversation in one channel."""

    sender_id: str
    """The conversation's name in the bot."""

    async def say(self, text: str) -> None: ...

    async def press(self, title: str) -> None:
        """Press the newest button of this name. Raises AssertionError where there is none."""

    async def send(self) -> None:
        """Send a screenshot."""

    async def link(self, learner_id: str) -> None:
        """Prove to be a learner, with all that the person has to do for it."""

    async def unlink(self) -> None: ...

    async def hear(self) -> Heard:
        """What was said since the last time, once nothing more is to come."""


class Queued:
    """Waiting until the queues have nothing left of a person."""

    def __init__(self, engine: Engine, channel: str, person: str) -> None:
        self._engine = engine
        self._inbound = select(func.count()).where(
            InboundRow.channel == channel, InboundRow.person == person, InboundRow.done_at.is_(None)
        )
        self._outbound = select(func.count()).where(
            OutboundRow.channel == channel, OutboundRow.person == person, OutboundRow.state == WAITING
        )

    async def empty(self) -> None:
        deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
        while await asyncio.to_thread(self._left):
            assert asyncio.get_running_loop().time() < deadline, "the queues are not worked off"
            await asyncio.sleep(LOOK_SECONDS)

    def _left(self) -> int:
        with self._engine.connect() as connection:
            return sum(int(connection.execute(one).scalar_one()) for one in (self._inbound, self._outbound))


class LinePerson:
    """Somebody who writes to the bot on LINE."""

    kind = "U"

    def __init__(self, base: str, http: aiohttp.ClientSession, platform: LinePlatform, engine: Engine) -> None:
        self._base, self._http, self._platform = base, http, platform
        self._id = f"{self.kind}{uuid.uuid4().hex}"
        self.sender_id = f"line-{self._id}"
        self._queued = Queued(engine, "line", self._id)
        self._read = 0
        self._buttons: dict[str, str] = {}

    async def say(self, text: str) -> None:
        await self._event(self._platform.text(self._id, text))

    async def press(self, title: str) -> None:
        assert title in self._buttons, list(self._buttons)
        await self._event(self._platform.tap(self._id, self._buttons[title]))

    async def send(self) -> None:
        event = self._platform.message(self._id, "image")
        self._platform.contents[event["message"]["id"]] = PNG
        await self._event(event)

    async def link(self, learner_id: str) -> None:
        await self.say("連結帳號")
        (page,) = [one for one in (await self.hear()).addresses if one.startswith(PUBLIC)]
        url = page.replace(PUBLIC, self._base)
        async with self._http.post(url, data={"learner": learner_id}, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            nonce = parse_qs(urlsplit(answer.headers["Location"]).query)["nonce"][0]
        await self._event(self._platform.event("accountLink", self._id, link={"result": "ok", "nonce": nonce}))

    async def unlink(self) -> None:
        await self.say("解除連結")

    async def hear(self) -> Heard:
        await self._queued.empty()
        mine = [one for one in self._platform.delivered if one.person == self._id]
        heard = Heard()
        for one in mine[self._read :]:
            heard.text += one.text + "\n"
            self._buttons = one.quick
            heard.buttons = list(one.quick)
            for action in _actions(one.messages):
                heard.addresses += [str(action.get(key)) for key in ("uri", "clipboardText") if key in action]
        self._read = len(mine)
        return heard

    async def again(self) -> None:
        """LINE sends the newest event once more."""
        context = {"isRedelivery": True}
        await self._event({**self._newest, "deliveryContext": context})

    async def _event(self, event: dict[str, Any]) -> None:
        self._newest = event
        assert await self._platform.send(self._http, f"{self._base}/webhooks/line/webhook", event) == 200


class LineGroup(LinePerson):
    """A group on LINE, whose members mention the bot in all they say."""

    kind = "C"

    async def say(self, text: str) -> None:
        me = {"index": 0, "length": 4, "type": "user", "userId": "U" + "0" * 32, "isSelf": True}
        await self._event(self._platform.text(self._id, f"@小幫手 {text}", mention={"mentionees": [me]}))


class TelegramPerson:
    """Somebody who writes to the bot on Telegram."""

    def __init__(self, base: str, http: aiohttp.ClientSession, telegram: Telegram, engine: Engine) -> None:
        self._base, self._http, self._telegram = base, http, telegram
        self._phone = self._new_phone(uuid.uuid4().int % 1_000_000_000 + 1_000_000)
        self._id = int(self._phone.chat["id"])
        self.sender_id = f"telegram-{self._id}"
        self._queued = Queued(engine, "telegram", str(self._id))
        self._read = 0
        self._buttons: dict[str, Sent] = {}
        """The newest message with a button of this name; older ones stay where they are in a chat."""

    async def say(self, text: str) -> None:
        await self._update(self._phone.text(text))

    async def press(self, title: str) -> None:
        assert title in self._buttons, list(self._buttons)
        await self._update(self._phone.press(self._buttons[title], title))

    async def send(self) -> None:
        self._telegram.files["screenshot"] = PNG
        size = {"file_id": "screenshot", "file_unique_id": "u", "width": 90, "height": 60, "file_size": len(PNG)}
        await self._update(self._phone.message(photo=[size]))

    async def link(self, learner_id: str) -> None:
        await self.say("連結帳號")
        (page,) = [one for one in (await self.hear()).addresses if one.startswith(PUBLIC)]
        url = page.replace(PUBLIC, self._base)
        form = {"code": url.split("code=")[1], "learner_id": learner_id}
        async with self._http.post(url.split("?")[0], data=form) as answer:
            # The page has a button as well, once the bot knows its name; the line to send is there from the start.
            back = re.search(r"/start link_[\w-]+", await answer.text())
            assert back is not None
        await self.say(back.group())

    async def unlink(self) -> None:
        await self.say("解除連結")

    async def hear(self) -> Heard:
        await self._queued.empty()
        mine = [one for one in self._telegram.sent if one.chat_id == self._id]
        heard = Heard()
        for one in mine[self._read :]:
            heard.text += one.text + "\n"
            self._buttons |= {title: one for title in _titles(one)}
            heard.buttons += _titles(one)
            heard.addresses += re.findall(r'href="([^"]+)"', one.raw)
            heard.addresses += [button["url"] for row in one.rows for button in row if "url" in button]
        self._read = len(mine)
        return heard

    def _new_phone(self, number: int) -> Phone:
        return Phone(number)

    async def again(self) -> None:
        """Telegram sends the newest update once more."""
        await self._update(self._newest)

    async def _update(self, update: dict[str, Any]) -> None:
        self._newest = update
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with self._http.post(f"{self._base}/webhooks/telegram/webhook", json=update, headers=headers) as answer:
            assert answer.status == 200


class TelegramGroup(TelegramPerson):
    """A group on Telegram, where the bot is spoken to with a command or an answer to it."""

    async def say(self, text: str) -> None:
        await self._update(self._phone.text(text, reply_to_message={"message_id": 1, "from": BOT, "chat": {}}))

    def _new_phone(self, number: int) -> Phone:
        return Phone(5, group=-number)


class PageVisitor:
    """Somebody on the chat page."""

    def __init__(
        self, base: str, http: aiohttp.ClientSession, token_of: Callable[[str], str], ticket: str, engine: Engine
    ) -> None:
        self._base, self._http, self._token_of = base, http, token_of
        self._headers = {"Authorization": f"Bearer {ticket}"}
        session = ticket.rpartition(".")[0]
        self.sender_id = f"web-{session}"
        self._queued = Queued(engine, "web", session)
        self._turn: str | None = None
        self._seen = 0
        self._buttons: dict[str, str] = {}

    @classmethod
    async def come(
        cls, base: str, http: aiohttp.ClientSession, token_of: Callable[[str], str], engine: Engine
    ) -> PageVisitor:
        async with http.post(f"{base}/webhooks/web/session", json={}) as answer:
            return cls(base, http, token_of, (await answer.json())["ticket"], engine)

    async def say(self, text: str, *attachments: str) -> None:
        self._turn = uuid.uuid4().hex
        await self._post("messages", {"id": self._turn, "message": text, "attachments": list(attachments)}, 202)

    async def press(self, title: str) -> None:
        assert title in self._buttons, list(self._buttons)
        await self.say(self._buttons[title])

    async def send(self) -> None:
        headers = {**self._headers, "Content-Type": "image/png"}
        async with self._http.post(f"{self._base}/webhooks/web/attachments", data=PNG, headers=headers) as answer:
            assert answer.status == 201
            kept = await answer.json()
        await self.say("", kept["id"])

    async def link(self, learner_id: str) -> None:
        token = await asyncio.to_thread(self._token_of, learner_id)
        await self._post("sign-in", {"token": token}, 200)

    async def unlink(self) -> None:
        await self._post("sign-out", {}, 200)

    async def hear(self) -> Heard:
        await self._queued.empty()
        heard = Heard()
        # Whatever is stored comes before the stream says that it is live.
        async for kind, data in self._events():
            if kind == "bot":
                heard.text += data["text"] + "\n"
                self._buttons |= {one["title"]: one["payload"] for one in data["buttons"]}
                heard.buttons += [one["title"] for one in data["buttons"]]
                # The page draws a line above what a person of the help desk says.
                heard.text += "客服人員\n" if data["custom"].get("type") == "agent" else ""
        self._turn = None
        return heard

    async def _events(self) -> Any:
        """The events that were not seen yet, up to the end of the turn that was begun."""
        url = f"{self._base}/webhooks/web/events?after={self._seen}"
        over = self._turn is None
        kind, number = "", 0
        async with self._http.get(url, headers=self._headers) as answer:
            async for raw in answer.content:
                line = raw.decode().rstrip("\n")
                name, _, value = line.partition(": ")
                if name == "id":
                    number = int(value)
                elif name == "event":
                    kind = value
                elif name == "data":
                    data = json.loads(value)
                    if kind != "typing":
                        self._seen = number
                    yield kind, data
                    over = over or (kind == "done" and data["turn"] == self._turn)
                    if over and self._turn is not None:
                        return
                elif line == ": live" and over:
                    return

    async def _post(self, path: str, body: dict[str, Any], status: int) -> None:
        async with self._http.post(f"{self._base}/webhooks/web/{path}", json=body, headers=self._headers) as answer:
            assert answer.status == status, await answer.text()


def _titles(sent: Sent) -> list[str]:
    return [button["text"] for row in sent.rows for button in row]


def _actions(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        own = [part["action"]] if isinstance(part.get("action"), dict) else []
        return own + [action for value in part.values() for action in _actions(value)]
    return [action for one in part for action in _actions(one)] if isinstance(part, list) else []
