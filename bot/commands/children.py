"""The servers of `epark serve` as processes: started, started again where one dies, stopped in order."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from bot.commands.quiet import quiet_environment

STOP_SECONDS = 15
MOST_DEATHS = 10
"""So many within DEATHS_SECONDS are no accident any more: whoever runs the service must look."""
DEATHS_SECONDS = 300.0
PATIENCE_SECONDS = 0.5
"""How much longer each further death makes the wait."""
_SIGNAL_AT_PARENTS_DEATH = 1


class Child:
    """One server; it keeps everything in the database, so a new process goes on where the old one ended."""

    def __init__(self, name: str, module: str, *arguments: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._command = [sys.executable, "-m", module, *arguments]
        self._clock = clock
        self._deaths: list[float] = []
        self._again_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process."""
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops the children in order.
        self._process = subprocess.Popen(
            self._command, env=quiet_environment(), start_new_session=True, preexec_fn=_end_with_the_supervisor
        )

    @property
    def status(self) -> int | None:
        """The exit status of a process that ended; None while it runs or waits to be started again."""
        return self._process.poll() if self._process is not None else None

    def mourn(self) -> bool:
        """Note that the process died, to be started again after a moment; False where it died too often."""
        now = self._clock()
        self._deaths = [*(one for one in self._deaths if now - one < DEATHS_SECONDS), now]
        self._again_at = now + PATIENCE_SECONDS * (len(self._deaths) - 1)
        self._process = None
        return len(self._deaths) < MOST_DEATHS

    def revive(self) -> None:
        """Start it again where it died and its moment has come."""
        if self._process is None and self._clock() >= self._again_at:
            self.start()

    def terminate(self) -> None:
        """Ask it to end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for its end; a process that takes longer is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _end_with_the_supervisor() -> None:
    """On Linux a server is told to stop where its supervisor was killed: left alone it would hold its port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGTERM)


def stop_all(children: list[Child]) -> None:
    """Stop them, the last one started first."""
    for child in reversed(children):
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(max(0.1, deadline - time.monotonic()))
