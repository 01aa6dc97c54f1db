"""Cases on both databases, with a clock that the tests turn."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_drafts import Said
from clock import Clock
from sqlalchemy.engine import Engine

from bot.cases.store import Cases
from bot.knowledge.live import LiveKnowledge
from bot.queues.outbox import Outbox


@pytest.fixture(scope="session")
def live(kb_dir: Path) -> LiveKnowledge:
    return LiveKnowledge.shared(kb_dir)


@pytest.fixture
def cases(engine: Engine, live: LiveKnowledge, clock: Clock) -> Cases:
    return Cases(engine, live, clock)


@pytest.fixture
def outbox(engine: Engine, clock: Clock) -> Outbox:
    return Outbox(engine, clock)


@pytest.fixture
def heard(outbox: Outbox) -> Said:
    """What a channel has to tell people, each text once."""

    def texts(channel: str) -> list[str]:
        found: list[str] = []
        while due := outbox.claim(channel):
            for one in due:
                found += [message["text"] for message in one.data.get("messages", [])]
                outbox.sent(one.id)
        return found

    return texts
