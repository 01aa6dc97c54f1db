"""A stand-in for LINE on loopback: it checks every request as LINE would, and fails as LINE does."""

from __future__ import annotations

import asyncio
import base64
import datetime
import hashlib
import hmac
import itertools
import json
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from line_spec import spec

SECRET, TOKEN = "a channel secret", "a channel access token"
ANN, BEN = "U" + "a" * 32, "U" + "b" * 32
GROUP = "C" + "c" * 32
BOT = "U" + "0" * 32
BASE_TIME = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def shuffled(events: list[Any]) -> list[Any]:
    """The events in another order, the same in every run."""
    return random.Random(7).sample(events, len(events))


class Clock:
    """A clock that a test moves; it goes on by itself as real time does."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._moved = 0.0

    def __call__(self) -> datetime.datetime:
        return BASE_TIME + datetime.timedelta(seconds=time.monotonic() - self._begun + self._moved)

    def move(self, seconds: float) -> None:
        self._moved += seconds


@dataclass
class Token:
    person: str
    until: datetime.datetime
    used: bool = False


@dataclass
class Delivered:
    """A call that reached a person."""

    person: str
    how: str
    """reply or push."""
    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """All that can be read."""
        return "\n".join(readable(message) for message in self.messages)

    @property
    def quick(self) -> dict[str, str]:
        """Label to postback data of the quick replies."""
        items = self.messages[-1].get("quickReply", {}).get("items", [])
        return {one["action"]["displayText"]: one["action"]["data"] for one in items}


@dataclass
class LinePlatform:
    """Begins with everything well; a test sets what goes wrong."""

    clock: Clock
    token_seconds: float = 60.0
    faults: list[str] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)
    """What happens to the next messages: 429, 500, lost (accepted, unanswered), silent (not accepted, unanswered)."""
    down: bool = False
    """Everything is answered with 503."""
    refuse_flex: bool = False
    no_link_token: bool = False
    limit: int | None = None
    used: int = 0
    contents: dict[str, bytes | int] = field(default_factory=dict)
    """By message id: the file, or a status."""
    blocked: set[str] = field(default_factory=set)
    menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    base: str = ""
    port: int = 0
    """Where to listen; 0 for any free port."""
    endpoint: str = ""
    default_menu: str = ""

    def __post_init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._keys: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self.news = asyncio.Event()
        self.loading: list[str] = []

    async def start(self) -> None:
        app = web.Application(client_max_size=20_000_000)
        app.router.add_post("/v2/bot/message/reply", self._reply)
        app.router.add_post("/v2/bot/message/push", self._push)
        app.router.add_post("/v2/bot/chat/loading/start", self._loading)
        app.router.add_get("/v2/bot/message/quota", self._quota)
        app.router.add_get("/v2/bot/message/quota/consumption", self._consumption)
        app.router.add_post("/v2/bot/user/{person}/linkToken", self._link_token)
        app.router.add_get("/v2/bot/message/{id}/content", self._content)
        app.router.add_put("/v2/bot/channel/webhook/endpoint", self._set_endpoint)
        app.router.add_post("/v2/bot/channel/webhook/test", self._test_endpoint)
        app.router.add_get("/v2/bot/richmenu/list", self._list_menus)
        app.router.add_post("/v2/bot/richmenu/validate", self._validate_menu)
        app.router.add_post("/v2/bot/richmenu", self._make_menu)
        app.router.add_post("/v2/bot/richmenu/{id}/content", self._menu_picture)
        app.router.add_post("/v2/bot/user/all/richmenu/{id}", self._default_menu)
        app.router.add_delete("/v2/bot/richmenu/{id}", self._drop_menu)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    # What LINE sends.

    def event(self, kind: str, person: str, **parts: Any) -> dict[str, Any]:
        """An event with all that the webhook's description asks for; groups begin with C, rooms with R."""
        number = next(self._numbers)
        where = {"C": ("group", "groupId"), "R": ("room", "roomId")}.get(person[0], ("user", "userId"))
        source = {"type": where[0], where[1]: person}
        if where[0] != "user":
            source["userId"] = "U" + "9" * 32
        event = {
            "type": kind,
            "source": source,
            "timestamp": int(self.clock().timestamp() * 1000),
            "mode": "active",
            "webhookEventId": f"01H{number:023d}",
            "deliveryContext": {"isRedelivery": False},
            **parts,
        }
        if kind not in ("unsend", "unfollow", "leave") and parts.get("link", {}).get("result") != "failed":
            event["replyToken"] = f"token{number}"
            until = self.clock() + datetime.timedelta(seconds=self.token_seconds)
            self._tokens[event["replyToken"]] = Token(person, until)
        return event

    def text(self, person: str, text: str, **more: Any) -> dict[str, Any]:
        message = {"type": "text", "id": str(next(self._numbers)), "text": text, "quoteToken": "q", **more}
        return self.event("message", person, message=message)

    def message(self, person: str, kind: str, **more: Any) -> dict[str, Any]:
        message = {"type": kind, "id": str(next(self._numbers)), **more}
        if kind in ("image", "video", "sticker"):
            message["quoteToken"] = "q"
        if kind in ("image", "video", "audio"):
            message.setdefault("contentProvider", {"type": "line"})
        return self.event("message", person, message=message)

    def tap(self, person: str, data: str) -> dict[str, Any]:
        return self.event("postback", person, postback={"data": data})

    async def send(
        self, http: aiohttp.ClientSession, url: str, *events: dict[str, Any], signature: str | None = None
    ) -> int:
        """Deliver a webhook; the status of the answer."""
        data = {"destination": BOT, "events": list(events)}
        known = spec("webhook")
        assert known is None or known.faults("CallbackRequest", data) == []
        body = json.dumps(data, ensure_ascii=False).encode()
        signed = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
        headers = {"x-line-signature": signed if signature is None else signature, "content-type": "application/json"}
        async with http.post(url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def until(self, ready: Any, seconds: float = 60.0) -> None:
        """Wait until something holds of what was delivered."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not ready():
            assert asyncio.get_running_loop().time() < deadline, (self.faults, [one.text for one in self.delivered])
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), 0.05)
            except asyncio.TimeoutError:
                pass

    async def told(self, count: int = 1) -> list[Delivered]:
        """The first calls that reached people, once there are so many."""
        await self.until(lambda: len(self.delivered) >= count)
        return self.delivered

    # What LINE is asked for.

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        body = await self._body(request, "reply", "ReplyMessageRequest")
        self._check_messages(body["messages"])
        if self.refuse_flex and any(one["type"] == "flex" for one in body["messages"]):
            return _error(400, "A message (messages[0]) in the request body is invalid")
        trouble = await self._troubled(request)
        if trouble is not None:
            return trouble
        token = self._tokens.get(body["replyToken"])
        if token is None or token.used or self.clock() >= token.until:
            return _error(400, "Invalid reply token")
        token.used = True
        return await self._deliver(request, Delivered(token.person, "reply", body["messages"]))

    async def _push(self, request: web.Request) -> web.StreamResponse:
        body = await self._body(request, "push", "PushMessageRequest")
        self._check_messages(body["messages"])
        key = request.headers.get("X-Line-Retry-Key", "")
        if str(uuid.UUID(key)) != key:
            self.faults.append(f"retry key {key!r}")
        trouble = await self._troubled(request)
        if trouble is not None:
            return trouble
        if key in self._keys:
            if self._keys[key] != json.dumps(body):
                self.faults.append("a push was repeated with another body")
            return _error(409, "The retry key is already accepted")
        if self.limit is not None and self.used >= self.limit:
            return _error(429, "You have reached your monthly limit.")
        self._keys[key] = json.dumps(body)
        self.used += 1
        return await self._deliver(request, Delivered(body["to"], "push", body["messages"]))

    async def _deliver(self, request: web.Request, delivered: Delivered) -> web.StreamResponse:
        if delivered.person not in self.blocked:
            self.delivered.append(delivered)
            self.news.set()
        if self.trouble and self.trouble[0] == "lost":
            self.trouble.pop(0)
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"sentMessages": [{"id": str(next(self._numbers))} for _ in delivered.messages]})

    async def _troubled(self, request: web.Request) -> web.StreamResponse | None:
        if self.down:
            return _error(503, "down")
        if not self.trouble or self.trouble[0] == "lost":
            return None
        kind = self.trouble.pop(0)
        if kind == "silent":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        response = _error(int(kind), "The API rate limit has been exceeded." if kind == "429" else "error")
        if kind == "429":
            response.headers["Retry-After"] = "0"
        return response

    async def _loading(self, request: web.Request) -> web.StreamResponse:
        body = await self._body(request, "loading", "ShowLoadingAnimationRequest")
        seconds = body.get("loadingSeconds", 20)
        if not body["chatId"].startswith("U") or seconds % 5 or not 5 <= seconds <= 60:
            self.faults.append(f"loading animation {body}")
        self.loading.append(body["chatId"])
        return web.json_response({}, status=202)

    async def _quota(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "quota")
        return web.json_response({"type": "none"} if self.limit is None else {"type": "limited", "value": self.limit})

    async def _consumption(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "consumption")
        return web.json_response({"totalUsage": self.used})

    async def _link_token(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "linkToken")
        if self.down or self.no_link_token:
            return _error(503, "down")
        return web.json_response({"linkToken": f"link-{request.match_info['person'][:6]}"})

    async def _content(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "content")
        found = self.contents.get(request.match_info["id"], 404)
        if isinstance(found, int):
            return _error(found, "no content")
        return web.Response(body=found, content_type="image/png")

    async def _set_endpoint(self, request: web.Request) -> web.StreamResponse:
        body = await self._body(request, "endpoint", "SetWebhookEndpointRequest")
        self.endpoint = body["endpoint"]
        return web.json_response({})

    async def _test_endpoint(self, request: web.Request) -> web.StreamResponse:
        await self._body(request, "test", "TestWebhookEndpointRequest")
        told = {"timestamp": "2026-11-23T02:00:00Z", "statusCode": 0, "reason": "COULD_NOT_CONNECT", "detail": "-"}
        return web.json_response({"success": False, **told})

    async def _list_menus(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "list")
        return web.json_response({"richmenus": [{"richMenuId": id, **menu} for id, menu in self.menus.items()]})

    async def _validate_menu(self, request: web.Request) -> web.StreamResponse:
        self._check_menu(await self._body(request, "validate", "RichMenuRequest"))
        return web.json_response({})

    async def _make_menu(self, request: web.Request) -> web.StreamResponse:
        body = await self._body(request, "richmenu", "RichMenuRequest")
        self._check_menu(body)
        id = f"richmenu-{next(self._numbers)}"
        self.menus[id] = body
        return web.json_response({"richMenuId": id})

    async def _menu_picture(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "picture")
        content = await request.read()
        if request.content_type != "image/png" or len(content) > 1_000_000 or not content.startswith(b"\x89PNG"):
            self.faults.append("a picture that LINE does not take")
        return web.json_response({})

    async def _default_menu(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "default")
        self.default_menu = request.match_info["id"]
        return web.json_response({}) if self.default_menu in self.menus else _error(404, "not found")

    async def _drop_menu(self, request: web.Request) -> web.StreamResponse:
        self._authorised(request, "drop")
        del self.menus[request.match_info["id"]]
        return web.json_response({})

    def _check_menu(self, menu: dict[str, Any]) -> None:
        size = menu["size"]
        if not 800 <= size["width"] <= 2500 or size["height"] < 250 or size["width"] / size["height"] < 1.45:
            self.faults.append(f"a rich menu of {size}")
        if not 1 <= len(menu["areas"]) <= 20:
            self.faults.append(f"{len(menu['areas'])} areas")
        self.faults += [f for one in menu["areas"] for f in _long("label", one["action"]["label"], 20)]

    async def _body(self, request: web.Request, name: str, schema: str) -> dict[str, Any]:
        self._authorised(request, name)
        if request.content_type != "application/json":
            self.faults.append(f"{name}: content type {request.content_type}")
        body: dict[str, Any] = await request.json()
        known = spec("api")
        self.faults += [f"{name}: {fault}" for fault in known.faults(schema, body)] if known else []
        return body

    def _authorised(self, request: web.Request, name: str) -> None:
        self.requests[name] += 1
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.faults.append(f"{name}: not authorised")

    def _check_messages(self, messages: list[dict[str, Any]]) -> None:
        self.faults += faults_of(messages)


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


def faults_of(messages: Any) -> list[str]:
    """What LINE would not take, by the limits that its documentation names."""
    faults = []
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        return [f"{len(messages)} messages"]
    for at, message in enumerate(messages):
        if message["type"] == "text":
            faults += _long("text", message["text"], 5000)
        elif message["type"] == "flex":
            faults += _long("altText", message["altText"], 400) + _flex_faults(message["contents"])
        else:
            faults.append(f"unexpected type {message['type']}")
        if "sender" in message:
            faults += _long("sender", message["sender"]["name"], 20)
        items = message.get("quickReply", {}).get("items")
        if items is not None:
            if at != len(messages) - 1:
                faults.append("quick replies before the last message are never seen")
            if not 1 <= len(items) <= 13:
                faults.append(f"{len(items)} quick replies")
            labels = [one["action"]["label"] for one in items]
            if len(set(labels)) < len(labels):
                faults.append(f"quick replies that look the same: {labels}")
            for one in items:
                faults += _action_faults(one["action"], 20)
    return faults


def _flex_faults(contents: dict[str, Any]) -> list[str]:
    bubbles = contents["contents"] if contents["type"] == "carousel" else [contents]
    faults = [] if 1 <= len(bubbles) <= 12 else [f"{len(bubbles)} bubbles"]
    if contents["type"] == "carousel" and _size(contents) > 50 * 1024:
        faults.append("a carousel over 50 KB")
    faults += ["a bubble over 30 KB" for one in bubbles if _size(one) > 30 * 1024]
    for part in _parts(contents):
        if part.get("type") == "text":
            faults += _long("flex text", part["text"], 5000)
        if "action" in part:
            faults += _action_faults(part["action"], 40)
    return faults


def _action_faults(action: dict[str, Any], longest_label: int) -> list[str]:
    faults = _long("label", action["label"], longest_label)
    if action["type"] == "uri":
        faults += _long("uri", action["uri"], 1000)
        if not action["uri"].startswith(("https://", "http://", "tel:", "line:")) or " " in action["uri"]:
            faults.append(f"uri {action['uri']}")
    elif action["type"] == "postback":
        faults += _long("data", action["data"], 300) + _long("displayText", action["displayText"], 300)
    elif action["type"] == "clipboard":
        faults += _long("clipboardText", action["clipboardText"], 1000)
    else:
        faults.append(f"unexpected action {action['type']}")
    return faults


def _long(what: str, text: Any, most: int) -> list[str]:
    length = len(text.encode("utf-16-le")) // 2
    return [] if text.strip() and length <= most else [f"{what} of {length} units"]


def _size(part: Any) -> int:
    return len(json.dumps(part, ensure_ascii=False).encode())


def _parts(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        return [part, *(inner for value in part.values() for inner in _parts(value))]
    return [inner for value in part for inner in _parts(value)] if isinstance(part, list) else []


def readable(message: dict[str, Any]) -> str:
    """What a person can read of a message."""
    if message["type"] == "text":
        return str(message["text"])
    return "\n".join(str(part["text"]) for part in _parts(message["contents"]) if part.get("type") == "text")
