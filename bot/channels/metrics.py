"""Figures of the running server at /metrics, in Prometheus' text format; numbers alone, nothing of any person."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.line_quota import Quota
from bot.channels.turn import OnNewMessage
from bot.channels.turn_journal import TURNS
from bot.channels.web_requests import in_thread
from bot.learners.database import open_database
from bot.queues.gauges import queue_sizes
from bot.settings import Settings

logger = logging.getLogger(__name__)

PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PLATFORMS = ("line", "telegram")
WRITTEN = (*PLATFORMS, "web", "email")
"""Whatever the outbox sends to."""
QUOTA_SECONDS = 3.0
"""How long LINE may take to tell its quota before what is known already is shown."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""What a proxy adds: behind one every request comes from this machine, whoever sent it."""
Labels = tuple[tuple[str, str], ...]


class Metrics(InputChannel):  # type: ignore[misc]
    """No channel for people: GET /metrics, for this machine alone or with EPARK_METRICS_TOKEN."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._token = settings.metrics_token
        self._engine = engine

    @classmethod
    def name(cls) -> str:
        """The name in routes."""
        return "metrics"

    @classmethod
    def from_credentials(cls, _credentials: dict[str, Any] | None) -> Metrics:
        """Built from the settings."""
        settings = Settings.from_env()
        return cls(settings, open_database(settings.database_url))

    def blueprint(self, _on_new_message: OnNewMessage) -> Blueprint:
        """No route of its own: the place at the top is taken by a middleware, as the chat page takes its own."""
        routes = Blueprint("epark_metrics")

        @routes.listener("before_server_start")  # type: ignore[misc]
        async def take_the_place(app: Sanic, _loop: Any) -> None:
            app.register_middleware(shown, "request")

        async def shown(request: Request) -> HTTPResponse | None:
            if request.path != PATH or request.method not in ("GET", "HEAD"):
                return None
            if not self._allowed(request):
                return response.text("only for this machine, or with EPARK_METRICS_TOKEN as Bearer\n", status=403)
            try:
                body = await self._text(getattr(request.app.ctx, "epark_line_quota", None))
            except (SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
                logger.error("the queues cannot be counted: %s", type(error).__name__)
                return response.text("the database is away\n", status=503)
            headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
            return response.raw(body.encode(), content_type=CONTENT_TYPE, headers=headers)

        return routes

    def _allowed(self, request: Request) -> bool:
        if self._token:
            given = request.headers.get("authorization", "").encode("utf-8", "surrogatepass")
            return hmac.compare_digest(given, f"Bearer {self._token}".encode())
        if any(request.headers.get(name) for name in FORWARDED):
            return False
        try:
            return ipaddress.ip_address(request.ip).is_loopback
        except ValueError:
            return False

    async def _text(self, quota: Quota | None) -> str:
        sizes = await in_thread(queue_sizes, self._engine)
        lines = [
            *_by_channel("epark_inbox_waiting", "Events that are not answered yet.", sizes.inbox_waiting, PLATFORMS),
            *_by_channel("epark_outbox_waiting", "Messages that are still to be sent.", sizes.outbox_waiting, WRITTEN),
            *_by_channel("epark_outbox_dead", "Messages that were given up.", sizes.outbox_dead, WRITTEN),
            *_metric(
                "epark_turns_total",
                "counter",
                "Turns of this process since it began.",
                ((_labels(channel=channel, outcome=outcome), count) for (channel, outcome), count in TURNS.counted()),
            ),
        ]
        if quota is not None:
            await asyncio.wait({asyncio.ensure_future(quota.look())}, timeout=QUOTA_SECONDS)
            used = "Messages that LINE pushed for us this month."
            lines += _metric("epark_line_quota_used", "gauge", used, [((), quota.used)])
            if quota.limit is not None and quota.left is not None:
                limit, left = "Messages that LINE pushes in a month.", "Messages that may still be pushed this month."
                lines += _metric("epark_line_quota_limit", "gauge", limit, [((), quota.limit)])
                lines += _metric("epark_line_quota_left", "gauge", left, [((), quota.left)])
        return "\n".join(lines) + "\n"


def _by_channel(name: str, what: str, counts: Mapping[str, int], always: Sequence[str]) -> list[str]:
    """A channel with nothing is a zero, not a gap."""
    known = dict.fromkeys(always, 0) | dict(counts)
    return _metric(name, "gauge", what, ((_labels(channel=channel), count) for channel, count in known.items()))


def _metric(name: str, kind: str, what: str, values: Iterable[tuple[Labels, int]]) -> list[str]:
    lines = [f"# HELP {name} {what}", f"# TYPE {name} {kind}"]
    for labels, value in values:
        shown = ",".join(f'{key}="{_escaped(one)}"' for key, one in labels)
        lines.append(f"{name}{{{shown}}} {value}" if shown else f"{name} {value}")
    return lines


def _labels(**values: str) -> Labels:
    return tuple(values.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
