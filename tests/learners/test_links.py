"""Account links and their one-time codes."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from clock import Clock
from sqlalchemy.engine import Engine

from bot.learners.links import Links


@pytest.fixture
def links(engine: Engine, clock: Clock) -> Links:
    return Links(engine, clock)


def test_a_person_is_whoever_they_linked_last_until_they_unlink(links: Links) -> None:
    links.link("line", "U1", "T0000000001")
    links.link("line", "U1", "T0000000002")

    assert links.learner("line", "U1") == "T0000000002"
    assert links.learner("telegram", "U1") is None
    assert links.unlink("line", "U1") and not links.unlink("line", "U1")
    assert links.learner("line", "U1") is None


def test_a_code_works_once_and_on_its_own_channel_alone(links: Links) -> None:
    nonce = links.issue("line", "U1", "T0000000001")

    assert links.redeem(nonce, "telegram") is None
    assert links.redeem(nonce, "line") == ("U1", "T0000000001")
    assert links.redeem(nonce, "line") is None
    assert links.redeem("made up", "line") is None


def test_an_old_code_does_not_work(links: Links, clock: Clock) -> None:
    nonce = links.issue("line", "U1", minutes=10)

    clock.now += datetime.timedelta(minutes=10)

    assert links.redeem(nonce, "line") is None


def test_a_code_used_twice_at_the_same_moment_works_once(links: Links) -> None:
    nonce = links.issue("line", "U1")

    with ThreadPoolExecutor(4) as pool:
        found: list[Any] = list(pool.map(lambda _n: links.redeem(nonce, "line"), range(8)))

    assert [one for one in found if one] == [("U1", None)]
