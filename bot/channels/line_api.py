"""LINE's Messaging API: the few requests that the bot makes, and what their refusals mean."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

API = "https://api.line.me"
DATA_API = "https://api-data.line.me"
SECONDS = 10.0
"""Longest wait for an answer; the loading animation's is shorter, since nothing hangs on it."""
CONTENT_SECONDS = 30.0


class Refused(Exception):
    """LINE answered with an error."""

    def __init__(self, status: int, message: str, retry_after: float | None = None) -> None:
        """`message` is LINE's own: it names the fault in our request, nothing that people wrote."""
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.retry_after = retry_after


class Unheard(Exception):
    """The request never reached LINE."""


class Unsure(Exception):
    """No answer came, or one that leaves open whether LINE did what was asked."""


class TooLarge(Exception):
    """Raised where a file is larger than allowed."""


class LineApi:
    """The requests, over one session that the channel opens and closes."""

    def __init__(self, token: str, base: str = "", seconds: float = SECONDS) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self._base = base or API
        self._data_base = base or DATA_API
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session; only within a running event loop."""
        self._session = aiohttp.ClientSession(headers=self._headers)

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def reply(self, reply_token: str, messages: Sequence[Mapping[str, Any]]) -> None:
        """Answer an event, for free; raises Refused, Unheard or Unsure."""
        await self._ask("POST", "/v2/bot/message/reply", {"replyToken": reply_token, "messages": list(messages)})

    async def push(self, to: str, messages: Sequence[Mapping[str, Any]], retry_key: str) -> None:
        """Send a message, out of the monthly quota; the same key again sends nothing again. Raises as `reply`."""
        try:
            body = {"to": to, "messages": list(messages)}
            await self._ask("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key})
        except Refused as refused:
            if refused.status != 409:
                raise

    async def start_loading(self, person: str, seconds: int) -> None:
        """Show that an answer is being prepared; seconds are a multiple of 5, at most 60."""
        body = {"chatId": person, "loadingSeconds": seconds}
        await self._ask("POST", "/v2/bot/chat/loading/start", body, seconds=3)

    async def quota(self) -> tuple[int | None, int]:
        """This month's limit (None: no limit) and how much of it is used."""
        limit = await self._ask("GET", "/v2/bot/message/quota", seconds=4)
        used = await self._ask("GET", "/v2/bot/message/quota/consumption", seconds=4)
        value = limit.get("value")
        limited = limit.get("type") == "limited" and isinstance(value, int)
        return (value if limited else None), int(used.get("totalUsage") or 0)

    async def link_token(self, person: str) -> str:
        """A token, good for ten minutes and once, to begin to link a person's account."""
        answer = await self._ask("POST", f"/v2/bot/user/{person}/linkToken")
        token = answer.get("linkToken")
        if not isinstance(token, str) or not token:
            raise Unsure("the answer holds no linkToken")
        return token

    async def content(self, message: str, largest: int) -> bytes:
        """The file of a message; raises TooLarge besides."""
        url = f"{self._data_base}/v2/bot/message/{message}/content"
        timeout = aiohttp.ClientTimeout(total=max(CONTENT_SECONDS, self._seconds))
        try:
            async with self._opened().get(url, timeout=timeout, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise Refused(answer.status, "no content")
                found = bytearray()
                async for part in answer.content.iter_chunked(65536):
                    found += part
                    if len(found) > largest:
                        raise TooLarge
                return bytes(found)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Unheard(type(error).__name__) from error

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=seconds or self._seconds)
        options: dict[str, Any] = {"headers": headers, "timeout": timeout, "allow_redirects": False}
        if body is not None:
            options["json"] = body
        try:
            async with self._opened().request(method, self._base + path, **options) as answer:
                told = await _json(answer)
                if 200 <= answer.status < 300:
                    return told
                raise Refused(answer.status, str(told.get("message", ""))[:200], _seconds_of(answer))
        except aiohttp.ClientConnectorError as error:
            raise Unheard(type(error).__name__) from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Unsure(type(error).__name__) from error

    def _opened(self) -> aiohttp.ClientSession:
        assert self._session is not None, "open() comes first"
        return self._session


async def _json(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        told = await answer.json(content_type=None)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds_of(answer: aiohttp.ClientResponse) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
