"""A stand-in for Telegram on this machine: as strict as the real one, and as unreliable as a test wants it."""

from __future__ import annotations

import asyncio
import html
import itertools
import json
import os
import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from aiohttp import web

TOKEN = "123456:TEST-token"
SECRET = "a-secret-of-the-test"
BOT = {"id": 123456, "is_bot": True, "first_name": "epark", "username": "epark_test_bot"}
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
REQUIRED = {
    "sendMessage": {"chat_id": int, "text": str},
    "sendChatAction": {"chat_id": int, "action": str},
    "answerCallbackQuery": {"callback_query_id": str},
    "getFile": {"file_id": str},
    "setWebhook": {"url": str},
    "setMyCommands": {"commands": list},
    "getUpdates": {},
    "deleteWebhook": {},
    "getMe": {},
    "setMyDescription": {},
    "setMyShortDescription": {},
}
"""What each method cannot do without: checked everywhere, the whole description where EPARK_SPECS is set."""


class Wrong(Exception):
    """What Telegram would refuse as a bad request."""


@dataclass
class Fault:
    """What goes wrong with the next call of a method."""

    status: int = 0
    """Refuse with this; 0 for what is no refusal."""
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    done: bool = False
    """Do what was asked all the same, and cut the connection instead of saying so."""
    silent: bool = False
    """Do nothing and never answer."""


@dataclass
class Sent:
    """A message as it stands in a chat."""

    chat_id: int
    text: str
    """As a person reads it."""
    raw: str
    rows: list[list[dict[str, Any]]]
    thread: int | None
    message_id: int

    def button(self, title: str) -> dict[str, Any]:
        return next(one for row in self.rows for one in row if one["text"] == title)


class Telegram:
    """The server; `sent` is what reached people, in order."""

    def __init__(self, port: int = 0) -> None:
        """`port`: where to listen; 0 for any free port."""
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.wrong: list[str] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.files: dict[str, bytes] = {}
        self.updates: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] | None = None
        self.news = asyncio.Event()
        self._numbers = itertools.count(1000)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = port
        self._spec = _spec()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/bot{token}/{method}", self._called)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.come_back()

    async def come_back(self) -> None:
        """Listen, at the same place as before."""
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self._port = self._site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def go_away(self) -> None:
        """Listen no more: connections are refused."""
        assert self._site is not None
        await self._site.stop()
        for connection in list(self._runner.server.connections):  # type: ignore[union-attr]
            connection.force_close()
            if connection.transport is not None:
                connection.transport.abort()

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def fail(self, method: str, *faults: Fault) -> None:
        self.faults.setdefault(method, deque()).extend(faults)

    def of(self, method: str) -> list[dict[str, Any]]:
        """The parameters of all calls of a method."""
        return [parameters for name, parameters in self.calls if name == method]

    def texts(self, chat_id: int | None = None) -> list[str]:
        return [one.text for one in self.sent if chat_id in (None, one.chat_id)]

    async def until(self, true: Any, seconds: float = 60) -> None:
        """Wait until something holds of what arrived here."""

        async def wait() -> None:
            while not true():
                self.news.clear()
                try:
                    await asyncio.wait_for(self.news.wait(), 0.05)
                except asyncio.TimeoutError:
                    pass

        await asyncio.wait_for(wait(), seconds)

    async def until_sent(self, count: int, seconds: float = 60) -> list[Sent]:
        """Wait for so many messages; the newest of them are of the most interest."""
        try:
            await self.until(lambda: len(self.sent) >= count, seconds)
        except asyncio.TimeoutError:
            raise AssertionError(f"only {len(self.sent)} of {count} messages: {self.texts()}") from None
        return self.sent

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["path"].removeprefix("files/"))
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _answer(401, "Unauthorized")
        parameters = json.loads(await request.read() or b"{}")
        self.calls.append((method, parameters))
        waiting = self.faults.get(method)
        fault = waiting.popleft() if waiting else None
        self.news.set()
        if fault is not None and fault.silent:
            await asyncio.sleep(3600)
        if fault is not None and fault.status:
            if fault.status in (502, 504):
                return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
            return _answer(fault.status, fault.description, fault.parameters)
        try:
            check(method, parameters, self._spec)
            result = await self._do(method, parameters)
        except Wrong as wrong:
            self.wrong.append(f"{method}: {wrong}")
            return _answer(400, f"Bad Request: {wrong}")
        self.news.set()
        if fault is not None and fault.done and request.transport is not None:
            request.transport.abort()
        return web.json_response({"ok": True, "result": result})

    async def _do(self, method: str, parameters: dict[str, Any]) -> Any:
        if method == "getMe":
            return BOT
        if method == "sendMessage":
            raw = parameters["text"]
            text = visible(raw) if parameters.get("parse_mode") == "HTML" else raw
            rows = (parameters.get("reply_markup") or {}).get("inline_keyboard") or []
            number = next(self._numbers)
            thread = parameters.get("message_thread_id")
            self.sent.append(Sent(parameters["chat_id"], text, raw, rows, thread, number))
            return {"message_id": number, "date": 0, "chat": {"id": parameters["chat_id"], "type": "private"}}
        if method == "getFile":
            if parameters["file_id"] not in self.files:
                raise Wrong("wrong file_id or the file is temporarily unavailable")
            return {
                "file_id": parameters["file_id"],
                "file_unique_id": "u",
                "file_path": f"files/{parameters['file_id']}",
            }
        if method == "setWebhook":
            self.webhook = parameters
        if method == "deleteWebhook":
            self.webhook = None
        if method == "getUpdates":
            if self.webhook is not None:
                raise Wrong("conflict: can't use getUpdates method while webhook is active")
            offset = parameters.get("offset", 0)
            self.updates = [one for one in self.updates if one["update_id"] >= offset]
            for _ in range(int(parameters.get("timeout", 0) * 50)):
                if self.updates:
                    break
                await asyncio.sleep(0.02)
            return self.updates[: parameters.get("limit", 100)]
        return True


def _answer(status: int, description: str, parameters: dict[str, Any] | None = None) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description}
    return web.json_response({**body, **({"parameters": parameters} if parameters else {})}, status=status)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def visible(raw: str) -> str:
    """What Telegram makes of HTML. Raises Wrong as it does where entities cannot be parsed."""
    if ENTITY.search(raw):
        raise Wrong("can't parse entities: unknown entity")
    reader = _Reader()
    reader.feed(raw)
    reader.close()
    if reader.open:
        raise Wrong(f"can't parse entities: can't find end tag of {reader.open[-1]}")
    if re.search(r"<(?!/?[a-z])", raw) or re.search(r"<[^>]*\Z", raw):
        raise Wrong("can't parse entities: unsupported start tag")
    return "".join(reader.words)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise Wrong(f"can't parse entities: unsupported start tag {tag}")
        allowed = {"a": {"href"}, "blockquote": {"expandable"}}.get(tag, set())
        if {name for name, _ in attributes} - allowed or (tag == "blockquote" and "blockquote" in self.open):
            raise Wrong(f"can't parse entities: wrong use of {tag}")
        if tag == "a" and not re.match(r"(https?|tg|mailto)://?\S+\Z", dict(attributes).get("href") or ""):
            raise Wrong("can't parse entities: a link without an address")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Wrong(f"can't parse entities: unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_entityref(self, name: str) -> None:
        self.words.append(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.words.append(html.unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        raise Wrong("can't parse entities: unsupported start tag")


def check(method: str, parameters: dict[str, Any], spec: dict[str, Any] | None) -> None:
    """Refuse what Telegram would refuse. Raises Wrong."""
    if method not in REQUIRED:
        raise Wrong(f"no method {method} is known here")
    for name, kind in REQUIRED[method].items():
        if not isinstance(parameters.get(name), kind) or isinstance(parameters[name], bool):
            raise Wrong(f"{name} is missing or no {kind.__name__}")
    if spec is not None:
        _fits(parameters, spec["methods"][method].get("fields") or [], method, spec)
    if method == "sendMessage":
        _check_message(parameters)
    if method == "setWebhook" and not re.match(r"[A-Za-z0-9_-]{1,256}\Z", parameters.get("secret_token", "x")):
        raise Wrong("secret token contains unallowed characters")
    if method == "setMyCommands":
        for one in parameters["commands"]:
            if not re.match(r"[a-z0-9_]{1,32}\Z", one["command"]) or not 1 <= len(one["description"]) <= 256:
                raise Wrong("BOT_COMMAND_INVALID")
    for name, most in {"description": 512, "short_description": 120}.items():
        if method.startswith("setMy") and len(parameters.get(name, "")) > most:
            raise Wrong(f"{name} is too long")


def _check_message(parameters: dict[str, Any]) -> None:
    mode = parameters.get("parse_mode")
    if mode not in (None, "HTML"):
        raise Wrong("only HTML is spoken here")
    text = visible(parameters["text"]) if mode else parameters["text"]
    if not text.strip():
        raise Wrong("message text is empty")
    if units(text) > 4096:
        raise Wrong("message is too long")
    rows = (parameters.get("reply_markup") or {}).get("inline_keyboard")
    if rows is None:
        return
    if not rows or any(not row or len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise Wrong("reply markup is empty or too long")
    for one in (one for row in rows for one in row):
        if not one.get("text") or len({"url", "callback_data"} & set(one)) != 1:
            raise Wrong("text buttons are unallowed in the inline keyboard")
        if "callback_data" in one and not 1 <= len(one["callback_data"].encode()) <= 64:
            raise Wrong("BUTTON_DATA_INVALID")
        if "url" in one and not re.match(r"https?://(?!localhost)[^\s/]+\.[^\s]+", one["url"]):
            raise Wrong("inline keyboard button URL is invalid: wrong HTTP URL")


def _spec() -> dict[str, Any] | None:
    folder = os.environ.get("EPARK_SPECS")
    if not folder:
        return None
    found: dict[str, Any] = json.loads((Path(folder) / "telegram-bot-api.json").read_text(encoding="utf-8"))
    return found


def _fits(value: dict[str, Any], fields: list[dict[str, Any]], where: str, spec: dict[str, Any]) -> None:
    """Every field known, of one of its types, and none missing that is required."""
    known = {one["name"]: one for one in fields}
    for name in value:
        if name not in known:
            raise Wrong(f"{where} has no field {name}")
    for name, one in known.items():
        if name not in value:
            if one["required"]:
                raise Wrong(f"{where}.{name} is missing")
        elif not any(_is(value[name], kind, f"{where}.{name}", spec) for kind in one["types"]):
            raise Wrong(f"{where}.{name} is none of {one['types']}")


def _is(value: Any, kind: str, where: str, spec: dict[str, Any]) -> bool:
    if kind.startswith("Array of "):
        return isinstance(value, list) and all(_is(one, kind[len("Array of ") :], where, spec) for one in value)
    simple = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}
    if kind in simple:
        return isinstance(value, simple[kind]) and (kind == "Boolean" or not isinstance(value, bool))
    if not isinstance(value, dict):
        return False
    of_kind = spec["types"][kind]
    if subtypes := of_kind.get("subtypes"):
        return any(_is(value, one, where, spec) for one in subtypes)
    try:
        _fits(value, of_kind.get("fields") or [], f"{where}({kind})", spec)
    except Wrong:
        return False
    return True
