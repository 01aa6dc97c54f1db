"""The Rasa server alone, to be killed and started again on the same port and database."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from bot.commands.model_file import model_path
from bot.learners.database import migrate, open_database
from bot.settings import Settings


class Process:
    """One Rasa server; its actions are those of the whole bot that runs beside it."""

    def __init__(self, server: Any, folder: Path, port: int, **environ: str) -> None:
        self.port = port
        environment = {**server.environment, "EPARK_VAR": str(folder), **environ}
        settings = Settings.from_env(environment)
        migrate(open_database(settings.database_url))
        self._command = [sys.executable, "-m", "bot.commands.rasa_server", "--model", str(model_path(settings))]
        self._command += ["--port", str(port), "--actions-port", str(server.actions_port)]
        # Nothing of os.environ: a DATABASE_URL there, as tests of other folders set it, would be the server's.
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self.log = folder / "rasa.log"

    def start(self) -> str:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
        base = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(base + "/", timeout=2).close()
                return base
            except OSError:
                assert self._process.poll() is None and time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.2)

    @property
    def runs(self) -> bool:
        """Whether it was started and did not end."""
        return self._process is not None and self._process.poll() is None

    def stop(self, how: signal.Signals) -> float:
        """End the process; the seconds that it took."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.send_signal(how)
        self._process.wait(30)
        return time.monotonic() - begun
