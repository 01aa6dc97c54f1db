from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.staff.accounts import Accounts, Staff, StaffError
from bot.staff.passwords import Passwords, WeakPassword
from bot.staff.sessions import Sessions
from bot.staff.tables import StaffRow

GOOD = "correct horse 42"


def test_who_is_added_can_prove_it_and_nobody_else(accounts: Accounts) -> None:
    accounts.add("lin.mh", "林美華", ["agent"], GOOD)

    assert accounts.proved("lin.mh", GOOD) == accounts.get("lin.mh")
    assert accounts.proved("lin.mh", GOOD + "!") is None
    assert accounts.proved("nobody", GOOD) is None


def test_the_password_itself_is_nowhere(accounts: Accounts, engine: Engine) -> None:
    accounts.add("lin.mh", "林美華", ["agent"], GOOD)

    with engine.connect() as connection:
        kept = connection.execute(select(StaffRow.password_hash)).scalar_one()

    assert kept.startswith("$argon2id$") and GOOD not in kept


@pytest.mark.parametrize(
    "password", ["", "short one", "aaaaaaaaaaaaaaa", "abababababababab", "x LIN.MH 2026 y!", "long " * 41]
)
def test_a_password_that_is_easily_guessed_or_endless_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(WeakPassword):
        accounts.add("lin.mh", "林美華", ["agent"], password)

    assert accounts.all() == []


def test_full_width_letters_are_the_same_password(accounts: Accounts) -> None:
    accounts.add("lin.mh", "林美華", ["agent"], GOOD)

    assert accounts.proved("lin.mh", "ｃorrect horse ４2") is not None


@pytest.mark.parametrize("login", ["", "A", "林", "9a", "a b", "a/../b", "a" * 33, "a\n", "UPPER"])
def test_a_login_is_made_of_plain_signs(accounts: Accounts, login: str) -> None:
    with pytest.raises(StaffError, match="login"):
        accounts.add(login, "名", ["agent"], GOOD)


def test_a_login_stands_once(accounts: Accounts) -> None:
    accounts.add("lin.mh", "林美華", ["agent"], GOOD)

    with pytest.raises(StaffError, match="already"):
        accounts.add("lin.mh", "別人", ["admin"], GOOD)

    assert [one.name for one in accounts.all()] == ["林美華"]


@pytest.mark.parametrize("roles", [[], ["king"], ["agent", "king"]])
def test_only_the_four_roles_exist(accounts: Accounts, roles: list[str]) -> None:
    with pytest.raises(StaffError, match="role"):
        accounts.add("lin.mh", "林美華", roles, GOOD)


def test_a_new_password_or_role_ends_the_sessions_of_that_account_alone(accounts: Accounts, engine: Engine) -> None:
    sessions = Sessions(engine, accounts._clock)
    for login in ("lin.mh", "chen.zm", "wang.sv"):
        accounts.add(login, login, ["agent"], GOOD)
    tokens = {login: sessions.begin(login) for login in ("lin.mh", "chen.zm", "wang.sv")}

    accounts.set_password("lin.mh", "another horse 43")
    accounts.set_roles("chen.zm", ["supervisor"], [])

    assert sessions.of(tokens["lin.mh"]) is None
    assert sessions.of(tokens["chen.zm"]) is None
    assert sessions.of(tokens["wang.sv"]) is not None
    assert accounts.proved("lin.mh", GOOD) is None
    assert accounts.proved("lin.mh", "another horse 43") is not None


@pytest.mark.parametrize("change", ["remove", "password", "roles"])
def test_who_is_not_there_cannot_be_changed(accounts: Accounts, change: str) -> None:
    changes = {
        "remove": lambda: accounts.remove("nobody"),
        "password": lambda: accounts.set_password("nobody", GOOD),
        "roles": lambda: accounts.set_roles("nobody", ["agent"], []),
    }

    with pytest.raises(StaffError, match="no member"):
        changes[change]()


def test_a_hash_of_older_costs_is_renewed_when_its_owner_comes(accounts: Accounts, engine: Engine) -> None:
    accounts.add("lin.mh", "林美華", ["agent"], GOOD)
    dearer = Accounts(engine, Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))

    assert dearer.proved("lin.mh", GOOD) is not None

    with engine.connect() as connection:
        assert "m=16,t=2" in connection.execute(select(StaffRow.password_hash)).scalar_one()
    assert dearer.proved("lin.mh", GOOD) is not None


def test_an_unknown_login_costs_the_same_check(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.add("lin.mh", "林美華", ["agent"], GOOD)
    checked: list[str] = []
    hasher = accounts._passwords._hasher
    costs = hasher.verify

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            checked.append(kept.rsplit("$", 2)[0])
            return bool(costs(kept, password))

    monkeypatch.setattr(accounts._passwords, "_hasher", Counting())
    accounts.proved("lin.mh", "wrong wrong wrong")
    accounts.proved("nobody", "wrong wrong wrong")

    assert len(checked) == 2 and checked[0] == checked[1]


@pytest.mark.parametrize(
    ("roles", "desks", "desk", "sees"),
    [
        (("agent",), (), "egov", True),
        (("agent",), ("egov",), "egov", True),
        (("agent",), ("egov",), "platform", False),
        (("supervisor",), ("egov",), "platform", True),
        (("editor",), (), "egov", False),
        (("admin",), (), "egov", False),
        (("admin", "agent"), ("egov",), "egov", True),
    ],
)
def test_a_role_and_desks_decide_whose_cases_are_seen(
    roles: tuple[str, ...], desks: tuple[str, ...], desk: str, sees: bool
) -> None:
    assert Staff("a", "A", roles, desks).sees_desk(desk) == sees  # type: ignore[arg-type]
