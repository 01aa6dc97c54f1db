"""`epark staff`: accounts from the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.cli import main
from bot.learners.database import open_database
from bot.staff.accounts import Accounts
from bot.staff.audit import Audit, AuditFilter
from bot.staff.passwords import Passwords

pytestmark = pytest.mark.thorough

PASSWORD = "correct horse 42"


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("EPARK_MODE", "EPARK_HOME", "EPARK_KB", "EPARK_CONSOLE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EPARK_VAR", str(tmp_path))
    monkeypatch.setenv("EPARK_TOKEN_KEY", "k")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'epark.db'}")
    return f"sqlite:///{tmp_path / 'epark.db'}"


def staff(monkeypatch: pytest.MonkeyPatch, *arguments: str, stdin: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    return main(["staff", *arguments])


def test_an_account_from_adding_to_removing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    roles = ["--role", "agent", "--role", "editor", "--desk", "egov"]
    assert staff(monkeypatch, "add", "lin.mh", "--name", "林美華", *roles, "--password-stdin", stdin=PASSWORD) == 0
    assert staff(monkeypatch, "list") == 0
    assert capsys.readouterr().out == "lin.mh\t林美華\tagent,editor\tegov\n"

    assert staff(monkeypatch, "password", "lin.mh", "--password-stdin", stdin="another horse 43\n") == 0
    accounts = Accounts(open_database(url), Passwords())
    assert accounts.proved("lin.mh", PASSWORD) is None
    assert accounts.proved("lin.mh", "another horse 43") is not None

    assert staff(monkeypatch, "remove", "lin.mh") == 0
    assert accounts.all() == []
    trail = Audit(open_database(url)).find(AuditFilter(subject="lin.mh"))
    assert [one.action for one in trail] == ["staff_remove", "staff_password", "staff_add"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "lin.mh", "--role", "agent", "--password-stdin"], "at least 12"),
        (["add", "Lin MH", "--role", "agent", "--password-stdin"], "login"),
        (["add", "lin.mh", "--role", "agent", "--desk", "moon", "--password-stdin"], "desks.yml"),
        (["add", "lin.mh", "--role", "agent"], "--password-stdin"),
        (["remove", "nobody"], "no member of staff"),
        (["password", "nobody", "--password-stdin"], "no member of staff"),
    ],
)
def test_what_cannot_be_done_says_why_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    stdin = "short\n" if says == "at least 12" else PASSWORD

    assert staff(monkeypatch, *arguments, stdin=stdin) == 1

    assert says in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["add", "lin.mh"], ["add", "lin.mh", "--role", "king"], [], ["add"]])
def test_wrong_usage_ends_with_status_2(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        staff(monkeypatch, *arguments)

    assert ended.value.code == 2
