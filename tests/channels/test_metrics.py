"""Figures for whoever watches the service: right, in the form that Prometheus reads, and for nobody else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.channels.metrics import Metrics
from bot.learners.database import open_database
from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound
from bot.settings import Settings, SettingsError

Open = Callable[[Metrics], Awaitable[Any]]
TOKEN = "a-token-of-the-test"
LINE = re.compile(r'# (HELP|TYPE) \S+ .+|[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? \d+')


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Engine:
    shutil.copyfile(empty_database, tmp_path / "epark.db")
    return open_database(f"sqlite:///{tmp_path / 'epark.db'}")


def metrics(tmp_path: Path, engine: Engine, **environ: str) -> Metrics:
    return Metrics(Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_KEY": "k" * 32, **environ}), engine)


class FakeQuota:
    """LINE's quota, as the channel gauges it."""

    limit: int | None = 500
    used = 120
    left = 380

    async def look(self) -> None:
        self.used, self.left = 121, 379


async def test_what_waits_and_what_was_given_up_is_counted_by_channel(
    open_client: Open, tmp_path: Path, engine: Engine
) -> None:
    now = datetime(2026, 11, 23, 2, tzinfo=timezone.utc)
    Inbox(engine).take_in([Inbound("line", f"e{number}", "U1", {"text": "x"}, now) for number in range(3)])
    outbox = Outbox(engine)
    outbox.put([Outbound(f"k{number}", "telegram", str(number), {"messages": []}) for number in range(2)])
    outbox.put([Outbound("letter", "email", "egov", {})])
    (letter,) = outbox.claim("email")
    outbox.give_up(letter.id, "refused")
    client = await open_client(metrics(tmp_path, engine))

    answer = await client.request("GET", "/metrics")
    lines = answer.body.decode().splitlines()

    assert answer.status == 200 and answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8"
    assert all(LINE.fullmatch(line) for line in lines)
    assert 'epark_inbox_waiting{channel="line"} 3' in lines and 'epark_inbox_waiting{channel="telegram"} 0' in lines
    assert 'epark_outbox_waiting{channel="telegram"} 2' in lines
    assert 'epark_outbox_dead{channel="email"} 1' in lines and 'epark_outbox_waiting{channel="email"} 0' in lines
    assert not any("quota" in line for line in lines)


async def test_the_quota_of_line_is_a_gauge(open_client: Open, tmp_path: Path, engine: Engine) -> None:
    client = await open_client(metrics(tmp_path, engine))
    client.app.ctx.epark_line_quota = FakeQuota()

    limited = (await client.request("GET", "/metrics")).body.decode().splitlines()
    client.app.ctx.epark_line_quota = SimpleNamespace(limit=None, left=None, used=7, look=FakeQuota().look)
    unlimited = (await client.request("GET", "/metrics")).body.decode().splitlines()

    assert {"epark_line_quota_used 121", "epark_line_quota_limit 500", "epark_line_quota_left 379"} <= set(limited)
    assert "epark_line_quota_used 7" in unlimited and not any("quota_left" in line for line in unlimited)


@pytest.mark.parametrize(
    ("environ", "headers", "status"),
    [
        ({}, {}, 200),
        ({}, {"x-forwarded-for": "203.0.113.9"}, 403),
        ({}, {"forwarded": "for=203.0.113.9"}, 403),
        ({"EPARK_METRICS_TOKEN": TOKEN}, {}, 403),
        ({"EPARK_METRICS_TOKEN": TOKEN}, {"authorization": "Bearer wrong"}, 403),
        ({"EPARK_METRICS_TOKEN": TOKEN}, {"authorization": b"Bearer \xff"}, 403),
        ({"EPARK_METRICS_TOKEN": TOKEN}, {"authorization": f"Bearer {TOKEN}", "x-forwarded-for": "203.0.113.9"}, 200),
    ],
)
async def test_only_this_machine_or_who_has_the_token_may_look(
    environ: dict[str, str], headers: dict[str, Any], status: int, open_client: Open, tmp_path: Path, engine: Engine
) -> None:
    client = await open_client(metrics(tmp_path, engine, **environ))

    answer = await client.request("GET", "/metrics", headers=headers)

    assert answer.status == status
    assert (b"epark_" in answer.body) == (status == 200)


async def test_a_database_that_is_away_is_said_so(open_client: Open, tmp_path: Path) -> None:
    nothing = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    client = await open_client(metrics(tmp_path, nothing))

    assert (await client.request("GET", "/metrics")).status == 503


def test_a_token_that_anybody_could_guess_is_refused(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(SettingsError, match="EPARK_METRICS_TOKEN"):
        metrics(tmp_path, engine, EPARK_METRICS_TOKEN="short")
