from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.staff.accounts import Accounts
from bot.staff.sessions import Sessions, csrf_of
from bot.staff.tables import StaffSessionRow


@pytest.fixture
def sessions(engine: Engine, accounts: Accounts, clock) -> Sessions:
    accounts.add("lin.mh", "林美華", ["agent"], "correct horse 42")
    return Sessions(engine, clock)


def test_a_token_tells_who_somebody_is_until_they_sign_out(sessions: Sessions) -> None:
    token = sessions.begin("lin.mh")
    found = sessions.of(token)
    assert found is not None and found.staff.login == "lin.mh"

    sessions.end(token)

    assert sessions.of(token) is None


@pytest.mark.parametrize("token", ["", "x", "林" * 10, "\ud800"])
def test_a_made_up_token_is_nobody(sessions: Sessions, token: str) -> None:
    assert sessions.of(token) is None


def test_the_database_holds_no_token(sessions: Sessions, engine: Engine) -> None:
    token = sessions.begin("lin.mh")

    with engine.connect() as connection:
        row = connection.execute(select(StaffSessionRow.__table__)).one()

    assert token not in str(tuple(row)) and csrf_of(token) not in str(tuple(row))


def test_an_hour_without_use_ends_it_and_use_keeps_it(sessions: Sessions, clock) -> None:
    token = sessions.begin("lin.mh")
    for _ in range(3):
        clock.go_on(minutes=50)
        assert sessions.of(token) is not None

    clock.go_on(minutes=60)

    assert sessions.of(token) is None


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(sessions: Sessions, clock) -> None:
    token = sessions.begin("lin.mh")
    for _ in range(59):
        clock.go_on(minutes=1)
        assert sessions.of(token, used=False) is not None

    clock.go_on(minutes=1)

    assert sessions.of(token) is None


def test_after_twelve_hours_it_ends_however_much_it_is_used(sessions: Sessions, clock) -> None:
    token = sessions.begin("lin.mh")
    for _ in range(23):
        clock.go_on(minutes=30)
        assert sessions.of(token) is not None

    clock.go_on(minutes=30)

    assert sessions.of(token) is None


def test_the_account_is_as_it_is_now_and_gone_with_its_owner(sessions: Sessions, accounts: Accounts) -> None:
    token = sessions.begin("lin.mh")

    accounts.remove("lin.mh")

    assert sessions.of(token) is None


def test_each_session_has_a_csrf_token_of_its_own(sessions: Sessions) -> None:
    one, two = sessions.of(sessions.begin("lin.mh")), sessions.of(sessions.begin("lin.mh"))

    assert one is not None and two is not None and one.csrf != two.csrf
