"""What every test may ask for, and which tests are the quick ones."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from clock import Clock
from databases import empty_database
from line_platform import SECRET as LINE_SECRET
from line_platform import TOKEN as LINE_TOKEN
from rasa_process import Process
from sqlalchemy import event, inspect
from sqlalchemy.engine import Connection, Engine
from telegram_stand_in import SECRET as TELEGRAM_SECRET
from telegram_stand_in import TOKEN as TELEGRAM_TOKEN

from bot.commands.quiet import be_quiet
from bot.knowledge.load import load
from bot.knowledge.models import Knowledge
from bot.learners import database

be_quiet()

PROJECT = Path(__file__).parent.parent
SLOW_ROOMS = {"browser", "console", "conversations", "model", "serve", "channels/line", "channels/telegram"}
"""Folders of tests that need servers, a browser or a trained model."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(PROJECT / "tests").parent
        rooms = {one.as_posix() for one in (folder, *folder.parents)}
        if not rooms & SLOW_ROOMS and item.get_closest_marker("thorough") is None:
            item.add_marker(pytest.mark.unit)
    # The longest first: begun last, one of them would keep one process busy while the other has nothing left to do.
    items.sort(key=lambda item: item.path.parent.name != "serve")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI nothing may be skipped: a skip there is a failure that says what is missing."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("EPARK_TEST_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped although nothing may be skipped here: {report.longrepr}"


@pytest.fixture(scope="session", autouse=True)
def replayed_migrations() -> Iterator[None]:
    """Migrates a database of each kind truly once; each further empty one gets the same statements, far quicker.

    tests/learners/test_database.py is about the migrations themselves and takes the real ones.
    """
    real = database.command.upgrade
    known: dict[str, list[str]] = {}

    def upgrade(config: Any, revision: str) -> None:
        connection = config.attributes["connection"]
        kind = connection.dialect.name
        if inspect(connection).get_table_names():
            real(config, revision)
        elif kind in known:
            for statement in known[kind]:
                _execute(connection, statement)
        else:
            with _recorded(connection) as statements:
                real(config, revision)
            known[kind] = _schema(connection) if kind == "sqlite" else statements

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database.command, "upgrade", upgrade)
        yield


def _schema(connection: Connection) -> list[str]:
    """What SQLite says that makes the database as it is."""
    own = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    return [*connection.exec_driver_sql(own).scalars(), f"INSERT INTO alembic_version VALUES ('{at}')"]


@contextmanager
def _recorded(connection: Connection) -> Iterator[list[str]]:
    """Every statement that changes something, with its values in it."""
    statements: list[str] = []

    def keep(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            return
        # SQLite's are not kept in the end: it cannot put values into a statement.
        filled = cursor.mogrify(statement, parameters).decode() if parameters and hasattr(cursor, "mogrify") else None
        statements.append(filled or statement)

    event.listen(connection, "before_cursor_execute", keep)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", keep)


def _execute(connection: Connection, statement: str) -> None:
    """As it stands: a % in it is no place for a value."""
    cursor = connection.connection.cursor()
    cursor.execute(statement)
    cursor.close()


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def kb_dir(project: Path) -> Path:
    return project / "kb"


@pytest.fixture(scope="session")
def knowledge(kb_dir: Path) -> Knowledge:
    return load(kb_dir)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: SQLite always, PostgreSQL where there is one, in a schema of this test alone."""
    with empty_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with all tables, still without rows."""
    engine = database.open_database(database_url)
    database.migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for this module: while it runs, Playwright keeps an event loop that other tests would trip over."""
    path = os.environ.get("EPARK_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium found: install Debian's chromium, or name one in EPARK_TEST_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        # Root in a container has no user namespaces for Chromium's own sandbox.
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        yield browser
        browser.close()


@dataclass(frozen=True)
class Server:
    """A running `epark serve` with a knowledge folder of its own, which tests may edit."""

    base: str
    kb_dir: Path
    environment: dict[str, str]
    site_port: int
    """http://localhost with this port may embed the widget; a test may serve a site there."""
    actions_port: int
    console_port: int
    line_port: int
    """Where the bot expects LINE: nobody listens there until a test starts a stand-in."""
    telegram_port: int

    def learner_token(self, learner_id: str) -> str:
        command = [sys.executable, "-m", "bot.cli", "token", learner_id]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="session")
def platform_ports() -> Iterator[tuple[int, int]]:
    """Where LINE and Telegram stand: kept from everybody else, so that a stand-in finds them free at any time."""
    with socket.socket() as line, socket.socket() as telegram:
        for one in (line, telegram):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", 0))
        yield line.getsockname()[1], telegram.getsockname()[1]


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory,
    project: Path,
    unused_tcp_port_factory: Callable[[], int],
    platform_ports: tuple[int, int],
) -> Iterator[Server]:
    """The whole bot as a user starts it, on ports of its own; trains first where no model fits."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(project / "kb", folder / "kb")
    site_port = unused_tcp_port_factory()
    line_port, telegram_port = platform_ports
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("EPARK_") and name != "DATABASE_URL"
        },
        "EPARK_KB": str(folder / "kb"),
        "EPARK_VAR": str(folder / "var"),
        "EPARK_WEB_ORIGINS": f"http://localhost:{site_port},http://127.0.0.1:{site_port}",
        "EPARK_PUBLIC_URL": "https://epark.example.gov.tw",
        "EPARK_LINE_CHANNEL_SECRET": LINE_SECRET,
        "EPARK_LINE_CHANNEL_TOKEN": LINE_TOKEN,
        "EPARK_LINE_API": f"http://127.0.0.1:{line_port}",
        "EPARK_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "EPARK_TELEGRAM_SECRET": TELEGRAM_SECRET,
        "EPARK_TELEGRAM_API": f"http://127.0.0.1:{telegram_port}",
    }
    port, actions_port = unused_tcp_port_factory(), unused_tcp_port_factory()
    console_port = unused_tcp_port_factory()
    ports = ["--port", str(port), "--actions-port", str(actions_port), "--console-port", str(console_port)]
    command = [sys.executable, "-m", "bot.cli", "serve", *ports]
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=project, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 300
        while "Ctrl-C" not in log.read_text(encoding="utf-8"):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.2)
        yield Server(
            f"http://127.0.0.1:{port}",
            folder / "kb",
            environment,
            site_port,
            actions_port,
            console_port,
            line_port,
            telegram_port,
        )
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def process(server: Server, tmp_path: Path, unused_tcp_port_factory: Callable[[], int]) -> Iterator[Process]:
    """A Rasa server of this test alone, not started yet."""
    process = Process(server, tmp_path, unused_tcp_port_factory())
    yield process
    if process.runs:
        process.stop(signal.SIGKILL)
