"""A bot server with the Telegram channel, and people with phones who write to it."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from serving import serve, stop_serving
from telegram_stand_in import BOT, SECRET, Telegram

from bot.channels.telegram import TelegramChannel, Times
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import open_database
from bot.learners.links import Links
from bot.queues.chats import Chats
from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.settings import Settings
from bot.stores.web import WebStore

TIMES = Times(quiet=0.02, hold=3.0, delivery_hold=3.0, look=0.1, delivery_look=0.05, call=5.0, poll=1)
PATIENT = replace(TIMES, quiet=1.5)
"""For tests of what is written in a row: longer than this machine takes to say it."""
_UPDATES = itertools.count(50_000)
_MESSAGES = itertools.count(1)


class Bot:
    """One process of the bot: a server with the channel, and a Rasa that echoes."""

    def __init__(self, settings: Settings, telegram: Telegram, times: Times = TIMES) -> None:
        self.settings = settings
        self.telegram = telegram
        self.engine = open_database(settings.database_url)
        self.store = WebStore(self.engine, settings.var_dir / "attachments")
        self.store.stay_open()
        self.channel = TelegramChannel(settings, LiveKnowledge.shared(settings.kb_dir), self.store, self.engine, times)
        self.heard: list[UserMessage] = []
        self.says: Callable[[UserMessage], list[dict[str, Any]]] = lambda message: [{"text": f"聽到：{message.text}"}]
        self.go = asyncio.Event()
        self.go.set()
        self.http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self.inbox, self.outbox = Inbox(self.engine), Outbox(self.engine)
        self.links, self.chats = Links(self.engine), Chats(self.engine)
        self.phrases = LiveKnowledge.shared(settings.kb_dir).get().phrases
        self.base = ""
        self._server: Any = None

    async def rasa(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.go.wait()
        for one in self.says(message):
            await message.output_channel.send_response(message.sender_id, dict(one))

    async def start(self) -> Bot:
        app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        app.blueprint(self.channel.blueprint(self.rasa), url_prefix="/webhooks/telegram")
        self._server, self.base = await serve(app)
        return self

    async def stop(self) -> None:
        """As a restart does: what runs may end."""
        await self.channel.stop()
        await self._close()

    async def kill(self) -> None:
        """As if the power went: what runs is dropped where it stands, and nothing is written down any more."""
        running = self.channel._running
        self.channel._running = None
        if running is not None:
            running.persons._write = running.delivery._note = _never  # type: ignore[method-assign]
            running.persons._stopping = running.delivery._stopping = True
            left = {*running.tasks, *running.persons._running.values(), *running.delivery._running}
            while left:
                # Once is not enough: in Python 3.10 asyncio.wait_for may swallow it.
                for task in left:
                    task.cancel()
                _, left = await asyncio.wait(left, timeout=0.2)
            await running.api.close()
        await self._close()

    async def _close(self) -> None:
        if self._server is not None:
            stop_serving(self._server)
            self._server = None
            await asyncio.sleep(0)
        await self.http.close()

    async def post(self, update: Any, secret: str | None = SECRET, raw: bytes | None = None) -> tuple[int, bytes]:
        """Status and body of one webhook call."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        body = {"data": raw} if raw is not None else {"json": update}
        async with self.http.post(f"{self.base}/webhooks/telegram/webhook", headers=headers, **body) as answer:
            return answer.status, await answer.read()

    async def get(self, update: dict[str, Any]) -> dict[str, Any]:
        """An update that must be taken in."""
        assert await self.post(update) == (200, b"")
        return update

    async def idle(self) -> None:
        """Wait until nothing is left to do."""
        while (
            self.inbox.waiting("telegram") or self.channel._running.persons._running or self.outbox.waiting("telegram")
        ):
            await asyncio.sleep(0.02)


async def _never(*_values: object) -> None:
    raise asyncio.CancelledError


class Phone:
    """One person, in a private chat or in a group."""

    def __init__(self, id: int, group: int | None = None, thread: int | None = None) -> None:
        self.id = id
        self.chat = {"id": group, "type": "supergroup"} if group else {"id": id, "type": "private"}
        self.thread = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        self.user = {"id": id, "is_bot": False, "first_name": "測試"}

    def message(self, **content: Any) -> dict[str, Any]:
        """An update with a message."""
        head = {"message_id": next(_MESSAGES), "from": self.user, "chat": self.chat, "date": 1790000000}
        return {"update_id": next(_UPDATES), "message": {**head, **self.thread, **content}}

    def text(self, text: str, **more: Any) -> dict[str, Any]:
        return self.message(text=text, **more)

    def edit(self, update: dict[str, Any], text: str) -> dict[str, Any]:
        """The same message with other words."""
        message = {**update["message"], "text": text, "edit_date": 1790000001}
        return {"update_id": next(_UPDATES), "edited_message": message}

    def mention(self, words: str) -> dict[str, Any]:
        """A message that begins with the bot's name."""
        name = f"@{BOT['username']}"
        return self.text(f"{name} {words}", entities=[{"type": "mention", "offset": 0, "length": len(name)}])

    def press(self, sent: Any, title: str) -> dict[str, Any]:
        """A press on a button of a message that was sent."""
        return self.press_raw(sent.button(title)["callback_data"], title, sent.rows)

    def press_raw(self, data: str, title: str = "", rows: Any = ()) -> dict[str, Any]:
        message = {"message_id": next(_MESSAGES), "chat": self.chat, "date": 1790000000, **self.thread}
        message["reply_markup"] = {"inline_keyboard": list(rows)}
        press = {"id": uuid.uuid4().hex, "from": self.user, "message": message, "chat_instance": "1", "data": data}
        return {"update_id": next(_UPDATES), "callback_query": press}

    def member(self, before: str, after: str) -> dict[str, Any]:
        """The bot's membership changed."""
        who = {"user": BOT}
        change = {"chat": self.chat, "from": self.user, "date": 1790000000}
        more = {"kicked": {"until_date": 0}}
        for when, status in (("old", before), ("new", after)):
            change[f"{when}_chat_member"] = {**who, "status": status, **more.get(status, {})}
        return {"update_id": next(_UPDATES), "my_chat_member": change}


OpenBot = Callable[..., Awaitable[Bot]]
