"""The mail process of `epark serve`, and the dead letters on the command line."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cases.records import Draft
from bot.cases.store import Cases
from bot.cli import main
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import migrate, open_database
from bot.queues.outbox import Outbox
from bot.settings import Settings

pytestmark = pytest.mark.thorough


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name in list(os.environ):
        if name.startswith("EPARK_") and not name.startswith("EPARK_TEST"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("EPARK_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'epark.db'}")
    return dict(os.environ)


@pytest.fixture
def cases(environment: dict[str, str], kb_dir: Path) -> Cases:
    engine = open_database(environment["DATABASE_URL"])
    migrate(engine)
    return Cases(engine, LiveKnowledge.shared(kb_dir))


def mail_states(cases: Cases, case_id: int) -> list[str]:
    return [str(event.data["state"]) for event in cases.events(case_id) if event.kind == "mail"]


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_the_worker_sends_what_waits_and_what_comes_after_it_was_killed(
    how: signal.Signals, cases: Cases, environment: dict[str, str], tmp_path: Path, project: Path
) -> None:
    first = cases.open(Draft("report", "egov", "web", "web-s1", "公務帳號"))

    async def through(case_id: int) -> int:
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.commands.mail_worker", env=environment, cwd=project
        )
        try:
            while mail_states(cases, case_id)[-1] != "sent":
                assert worker.returncode is None
                await asyncio.sleep(0.05)
        finally:
            worker.send_signal(how)
        return await worker.wait()

    status = await asyncio.wait_for(through(first.id), 120)
    second = cases.open(Draft("report", "ecpa", "web", "web-s1", "密碼"))
    await asyncio.wait_for(through(second.id), 120)

    assert how == signal.SIGKILL or status == 0
    assert sorted(path.name[:9] for path in (tmp_path / "mail").glob("*.eml")) == [first.number, second.number]


def test_a_mail_server_that_cannot_be_is_named(environment: dict[str, str], cases: Cases, project: Path) -> None:
    wrong = {**environment, "EPARK_SMTP_URL": "http://secret:word@mail", "EPARK_MAIL_CATCH_ALL": "demo@x.example"}

    done = subprocess.run(
        [sys.executable, "-m", "bot.commands.mail_worker"], env=wrong, cwd=project, capture_output=True, text=True
    )

    assert done.returncode == 2 and "EPARK_SMTP_URL" in done.stderr and "word" not in done.stderr


def test_dead_letters_are_listed_and_sent_again(
    environment: dict[str, str], cases: Cases, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = cases.open(Draft("report", "egov", "web", "web-s1", "公務帳號"))
    outbox = Outbox(open_database(Settings.from_env().database_url))
    (due,) = outbox.claim("email")
    outbox.give_up(due.id, "the mail server said 550")

    assert main(["mail", "dead"]) == 0
    listed = capsys.readouterr().out
    assert main(["mail", "again", str(due.id)]) == 0
    assert main(["mail", "again", str(due.id)]) == 1

    assert f"egov/{opened.number}" in listed and "550" in listed
    assert outbox.dead("email") == [] and outbox.waiting("email") == 1
