from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from bot.staff.attempts import MOST_PER_ACCOUNT, MOST_PER_ADDRESS, Attempts

pytestmark = pytest.mark.thorough


def test_after_so_many_failures_an_account_waits_from_wherever_somebody_tries(engine: Engine, clock) -> None:
    attempts = Attempts(engine, clock)
    for number in range(MOST_PER_ACCOUNT):
        assert attempts.begin("lin.mh", f"192.0.2.{number}") is None

    assert attempts.begin("lin.mh", "192.0.2.99") == 15 * 60
    assert attempts.begin("chen.zm", "192.0.2.99") is None


def test_trying_while_it_waits_makes_nobody_wait_longer(engine: Engine, clock) -> None:
    attempts = Attempts(engine, clock)
    for _ in range(MOST_PER_ACCOUNT):
        attempts.begin("lin.mh", "192.0.2.1")
    clock.go_on(minutes=10)
    for _ in range(50):
        assert attempts.begin("lin.mh", "192.0.2.1") == 5 * 60

    clock.go_on(minutes=5)

    assert attempts.begin("lin.mh", "192.0.2.1") is None


def test_an_address_that_tries_many_accounts_waits(engine: Engine, clock) -> None:
    attempts = Attempts(engine, clock)
    for number in range(MOST_PER_ADDRESS):
        assert attempts.begin(f"somebody{number}", "192.0.2.1") is None

    assert attempts.begin("lin.mh", "192.0.2.1") is not None
    assert attempts.begin("lin.mh", "192.0.2.2") is None


def test_who_signs_in_begins_anew(engine: Engine, clock) -> None:
    attempts = Attempts(engine, clock)
    for _ in range(MOST_PER_ACCOUNT - 1):
        attempts.begin("lin.mh", "192.0.2.1")

    attempts.begin("lin.mh", "192.0.2.1")
    attempts.succeeded("lin.mh")

    assert attempts.begin("lin.mh", "192.0.2.1") is None


def test_many_at_once_do_not_slip_through(engine: Engine, clock) -> None:
    attempts = Attempts(engine, clock)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: attempts.begin("lin.mh", "192.0.2.1"), range(24)))

    assert answers.count(None) <= MOST_PER_ACCOUNT
