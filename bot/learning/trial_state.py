"""The trial training that somebody started: one at a time, what became of it, and honestly so after a crash."""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

RUNNING, DONE, FAILED, INTERRUPTED = "running", "done", "failed", "interrupted"
NAME = "learning_trial"


class TrialBusy(Exception):
    """Raised where a trial runs already."""


@dataclass(frozen=True)
class TrialState:
    """The last trial."""

    state: str
    """running, done, failed or interrupted."""
    by: str
    at: datetime.datetime
    step: int = 0
    """Of a running one: how many of its two trainings have begun."""
    ended_at: datetime.datetime | None = None
    keys: tuple[str, ...] = ()
    """The accepted messages that it learnt from."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """As `epark learn trial --json` writes them; empty until it is done."""
    error: str = ""
    """Of a failed one: what went wrong, or empty where nothing was there to learn."""


class TrialFolder:
    """Where a trial keeps its state; the process that trains holds the lock as long as it lives.

    A state of running that nobody holds the lock of was cut short.
    """

    def __init__(self, var_dir: Path) -> None:
        self.path = var_dir / NAME
        self._file = self.path / "state.json"
        self._lock = self.path / "lock"

    @property
    def patch(self) -> Path:
        """The folder of the patch that is tried."""
        return self.path / "patch"

    def read(self) -> TrialState | None:
        """The last trial; None where there was none."""
        held = self._is_held()
        try:
            given = json.loads(self._file.read_text(encoding="utf-8"))
            moments = {one: given[one] and datetime.datetime.fromisoformat(given[one]) for one in ("at", "ended_at")}
            found = TrialState(**{**given, **moments, "keys": tuple(given["keys"])})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            # A file that another version wrote: nothing of it can be told.
            return None
        # The lock was looked at first: a trial that ended in between is done, not cut short.
        return replace(found, state=INTERRUPTED) if found.state == RUNNING and not held else found

    def write(self, state: TrialState) -> None:
        """Keep the state, whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(state), ensure_ascii=False, default=datetime.datetime.isoformat)
        descriptor, partial = tempfile.mkstemp(dir=self.path, prefix=".state.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(partial, self._file)

    def take(self) -> int:
        """The lock as a descriptor, to be handed to the process that trains. Raises TrialBusy where it is held."""
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise TrialBusy from error
        return descriptor

    def _is_held(self) -> bool:
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _open(self) -> int:
        self.path.mkdir(parents=True, exist_ok=True)
        return os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
