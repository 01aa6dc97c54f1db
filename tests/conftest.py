"""What every test may ask for, and which tests are the quick ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.commands.quiet import be_quiet
from bot.knowledge.load import load
from bot.knowledge.models import Knowledge

be_quiet()

PROJECT = Path(__file__).parent.parent
SLOW_ROOMS = {"browser", "conversations", "model", "serve"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        room = item.path.relative_to(PROJECT / "tests").parts[0]
        if room not in SLOW_ROOMS and item.get_closest_marker("thorough") is None:
            item.add_marker(pytest.mark.unit)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI nothing may be skipped: a skip there is a failure that says what is missing."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("EPARK_TEST_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped although nothing may be skipped here: {report.longrepr}"


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
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'epark.db'}"
        return
    server = os.environ.get("EPARK_TEST_POSTGRESQL")
    if not server:
        pytest.skip("EPARK_TEST_POSTGRESQL is not set: give it the URL of an empty PostgreSQL database")
    schema = f"test_{uuid.uuid4().hex}"
    admin = create_engine(server, future=True)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@dataclass(frozen=True)
class Server:
    """A running `epark serve` with a knowledge folder of its own, which tests may edit."""

    base: str
    kb_dir: Path
    environment: dict[str, str]
    site_port: int
    """http://localhost with this port may embed the widget; a test may serve a site there."""

    def learner_token(self, learner_id: str) -> str:
        command = [sys.executable, "-m", "bot.cli", "token", learner_id]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, project: Path, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[Server]:
    """The whole bot as a user starts it, on ports of its own; trains first where no model fits."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(project / "kb", folder / "kb")
    site_port = unused_tcp_port_factory()
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("EPARK_") and name != "DATABASE_URL"
        },
        "EPARK_KB": str(folder / "kb"),
        "EPARK_VAR": str(folder / "var"),
        "EPARK_WEB_ORIGINS": f"http://localhost:{site_port},http://127.0.0.1:{site_port}",
    }
    port, actions_port = unused_tcp_port_factory(), unused_tcp_port_factory()
    command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(port), "--actions-port", str(actions_port)]
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=project, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 300
        while "Ctrl-C" not in log.read_text(encoding="utf-8"):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.2)
        yield Server(f"http://127.0.0.1:{port}", folder / "kb", environment, site_port)
    finally:
        process.terminate()
        process.wait(30)
