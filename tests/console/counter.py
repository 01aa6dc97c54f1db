"""The console's counter in a test: its address, its database, and visitors who are signed in."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from bot.cases.records import REPORT, Draft
from bot.cases.store import Cases
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import now_in_taipei
from bot.learners.database import migrate, open_database
from bot.learners.demo import demo_learners
from bot.learners.store import replace_learners
from bot.staff.accounts import Accounts
from bot.staff.audit import Audit
from bot.staff.passwords import Passwords

PASSWORD = "correct horse 42"
PEOPLE: dict[str, dict[str, Any]] = {
    "lin.mh": {"name": "林美華", "roles": ["agent"]},
    "chen.zm": {"name": "陳志明", "roles": ["agent"]},
    "egov.only": {"name": "黃小芳", "roles": ["agent"], "desks": ["egov"]},
    "wang.sv": {"name": "王督導", "roles": ["supervisor"]},
    "li.ed": {"name": "李編輯", "roles": ["editor"]},
    "zhang.ad": {"name": "張管理", "roles": ["admin"]},
}
HTML = {"Accept": "text/html"}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\xa9\xa8\xe1\xb5\x00\x00\x00\x00IEND\xaeB`\x82"
)


def cheap() -> Passwords:
    """Hashes that cost next to nothing: what is tested is not argon2."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def draft(**changes: Any) -> Draft:
    """A report to the platform from LINE."""
    values: dict[str, Any] = {
        "kind": REPORT,
        "desk": "platform",
        "channel": "line",
        "conversation": "line-U1",
        "subject": "時數沒有上傳",
        "topic": "hours_not_uploaded_lifelong",
        "fields": {"course": "公務倫理", "question": "上完三個禮拜了，終身學習入口網還是沒有"},
        "contact": "0900-000-000",
        "transcript": [{"who": "person", "text": "我的時數沒上傳"}, {"who": "bot", "text": "請先確認條件。"}],
    }
    return Draft(**{**values, **changes})


class Visitor(requests.Session):
    """A browser without scripts: it keeps cookies and knows the token of its pages."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.csrf = ""
        self.headers.update(HTML)

    def see(self, path: str, **more: Any) -> requests.Response:
        return self.get(self.base + path, timeout=30, **more)

    def sign_in(self, login: str, password: str = PASSWORD) -> requests.Response:
        ticket = re.search(r'name="ticket" value="([^"]+)"', self.see("/sign-in").text)
        assert ticket is not None
        form = {"ticket": ticket.group(1), "login": login, "password": password, "next": "/"}
        answer = self.post(f"{self.base}/sign-in", form, timeout=30)
        token = re.search(r'<meta name="csrf" content="([^"]+)"', answer.text)
        self.csrf = token.group(1) if token else ""
        return answer

    def fill(self, path: str, **form: str) -> requests.Response:
        """A form of the console; not followed anywhere."""
        return self.post(self.base + path, {"csrf": self.csrf, **form}, timeout=30, allow_redirects=False)

    def step(self, case_id: int, name: str, **form: str) -> requests.Response:
        """A form of a case's page, sent as from a page that was just loaded."""
        seen = re.search(r'name="seen" value="(\d+)"', self.see(f"/cases/{case_id}").text)
        return self.fill(f"/cases/{case_id}/{name}", **{"seen": seen.group(1) if seen else "", **form})


@dataclass
class Counter:
    """A console: its process and its database."""

    port: int
    engine: Engine
    cases: Cases
    accounts: Accounts
    audit: Audit
    log: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process and wait until it answers."""
        command = [sys.executable, "-m", "bot.commands.console_server", "--port", str(self.port)]
        home = self.environment["EPARK_HOME"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, env=self.environment, cwd=home, stdout=output, stderr=output)
        deadline = time.monotonic() + 120
        while not self.answers():
            said = self.log.read_text(encoding="utf-8")
            assert self.process.poll() is None and time.monotonic() < deadline, said
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.base}/health", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def visitor(self, login: str = "") -> Visitor:
        one = Visitor(self.base)
        if login:
            assert one.sign_in(login).status_code in (200, 403, 404)
            assert one.csrf
        return one

    def cases_at(self, moment: datetime.datetime) -> Cases:
        """The cases as they would be worked on at this moment."""
        return Cases(self.engine, LiveKnowledge.shared(Path(self.environment["EPARK_HOME"]) / "kb"), lambda: moment)


@contextmanager
def opened_counter(url: str, folder: Path, project: Path, port: int) -> Iterator[Counter]:
    """A console on an empty database, with people of all roles and the demo learners."""
    engine = open_database(url)
    migrate(engine)
    with engine.begin() as connection:
        replace_learners(connection, list(demo_learners(now_in_taipei().date())))
    accounts = Accounts(engine, cheap())
    for login, values in PEOPLE.items():
        accounts.add(login, values["name"], values["roles"], PASSWORD, values.get("desks", ()))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EPARK_")}
    environment = {**clean, "DATABASE_URL": url, "EPARK_VAR": str(folder), "EPARK_HOME": str(project)}
    # A kb/ of its own: pages edit it.
    shutil.copytree(project / "kb", folder / "kb")
    environment["EPARK_KB"] = str(folder / "kb")
    cases = Cases(engine, LiveKnowledge.shared(project / "kb"))
    place = Counter(port, engine, cases, accounts, Audit(engine), folder / "console.log", environment)
    try:
        place.start()
        yield place
    finally:
        place.stop()
        engine.dispose()
