"""Cases on both databases, with a clock that the tests turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from case_drafts import Clock, Said
from sqlalchemy.engine import Engine

from bot.cases.store import Cases
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import migrate, open_database
from bot.queues.outbox import Outbox


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def live(kb_dir: Path) -> LiveKnowledge:
    return LiveKnowledge.shared(kb_dir)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


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
