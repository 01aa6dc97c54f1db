"""Calling Telegram's Bot API: what went well, what was refused, and what nobody can know."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

CALL_SECONDS = 20
"""Several calls of one message together must end before the outbox lets somebody else have it."""
CONNECT_SECONDS = 10
KEEP_ALIVE_SECONDS = 15
"""Shorter than Telegram's own: a connection that the other side has closed would swallow a message unseen."""


class Refused(Exception):
    """Telegram answered that it will not do this; the message is Telegram's description, which names no person."""

    def __init__(self, method: str, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{method}: {code} {description}")
        self.code = code
        self.description = description
        more = parameters or {}
        self.retry_after: int | None = _whole(more.get("retry_after"))
        """Seconds to wait, where there were too many calls."""
        self.moved_to: int | None = _whole(more.get("migrate_to_chat_id"))
        """The chat's new id, where a group became a supergroup."""


class Away(Exception):
    """Telegram was not reached, or said that it is out of order: surely nothing was done."""


class Uncertain(Exception):
    """The call went out and no answer came: it may have been done."""


class TooLarge(Exception):
    """A file is larger than wanted."""


class TelegramApi:
    """The Bot API of one bot; the token stands in addresses alone, therefore no error shows an address."""

    def __init__(self, base: str, token: str, call_seconds: float = CALL_SECONDS) -> None:
        self._base = base.rstrip("/")
        self._token = token
        self._seconds = call_seconds
        self._http: aiohttp.ClientSession | None = None

    @property
    def bot_id(self) -> int:
        """The bot's own user id, which every token begins with."""
        return int(self._token.split(":")[0])

    async def call(self, method: str, parameters: Mapping[str, Any] | None = None, seconds: float | None = None) -> Any:
        """The result of a method. Raises Refused, Away or Uncertain."""
        timeout = aiohttp.ClientTimeout(total=seconds or self._seconds, connect=CONNECT_SECONDS)
        address = f"{self._base}/bot{self._token}/{method}"
        body = json.dumps(parameters or {}, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"}
        try:
            async with self._session().post(address, data=body, headers=headers, timeout=timeout) as answer:
                status, told = answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError) as error:
            raise Away(f"{method}: {type(error).__name__}") from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Uncertain(f"{method}: {type(error).__name__}") from None
        return _result(method, status, told)

    async def download(self, path: str, most: int) -> bytes:
        """A file by the path that getFile gave. Raises TooLarge, Refused, Away or Uncertain."""
        timeout = aiohttp.ClientTimeout(total=self._seconds * 2, connect=CONNECT_SECONDS)
        content = bytearray()
        try:
            async with self._session().get(f"{self._base}/file/bot{self._token}/{path}", timeout=timeout) as answer:
                if answer.status != 200:
                    raise Refused("file", answer.status, "the file cannot be had")
                async for part in answer.content.iter_chunked(65536):
                    content += part
                    if len(content) > most:
                        raise TooLarge
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Uncertain(f"file: {type(error).__name__}") from None
        return bytes(content)

    async def close(self) -> None:
        """Let the connections go."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None or self._http.closed:
            connector = aiohttp.TCPConnector(limit=50, keepalive_timeout=KEEP_ALIVE_SECONDS)
            self._http = aiohttp.ClientSession(connector=connector)
        return self._http


def _result(method: str, status: int, told: bytes) -> Any:
    try:
        answer = json.loads(told)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        # A proxy on the way speaks no JSON; Telegram's own refusals do.
        raise Away(f"{method}: status {status}")
    if answer.get("ok") is True:
        return answer.get("result")
    code = _whole(answer.get("error_code")) or status
    if code >= 500:
        raise Away(f"{method}: status {code}")
    description = str(answer.get("description") or "")
    parameters = answer.get("parameters")
    raise Refused(method, code, description, parameters if isinstance(parameters, dict) else None)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
