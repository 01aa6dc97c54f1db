"""The trial that the console starts: a process of its own, by the same function as `epark learn trial`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.commands.quiet import be_quiet, quiet_environment
from bot.learning.trial_state import DONE, FAILED, RUNNING, TrialFolder, TrialState
from bot.learning.verdicts import Verdicts
from bot.settings import Settings

NICER = 10
"""Whoever chats and whoever works at the console goes first."""


def start(settings: Settings, by: str, now: datetime) -> subprocess.Popen[bytes]:
    """Begin a trial in the background; raises TrialBusy where one runs, and OSError.

    It goes on as long as the process is kept: its input ends with it.
    """
    folder = TrialFolder(settings.var_dir)
    lock = folder.take()
    try:
        folder.write(TrialState(RUNNING, by, now))
        # The child has the lock from its first moment on.
        return subprocess.Popen(
            [sys.executable, "-m", "bot.commands.learn_trial_run", str(lock)],
            env=quiet_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[lock],
            start_new_session=True,
        )
    finally:
        os.close(lock)


def run(settings: Settings, verdicts: Verdicts, clock: Callable[[], datetime], **more: object) -> TrialState:
    """Try what was accepted and not exported, and keep what came out; `more` is for bot.commands.learn_trial.trial."""
    from bot.commands.learn_export import known_questions, write_patch
    from bot.commands.learn_trial import TrialError, trial
    from bot.knowledge.load import load
    from bot.learning.patch import patch_of

    folder = TrialFolder(settings.var_dir)
    state = folder.read() or TrialState(RUNNING, "", clock())
    state = replace(state, state=RUNNING)

    def say(_line: str) -> None:
        nonlocal state
        state = replace(state, step=state.step + 1)
        folder.write(state)

    try:
        patch = patch_of(verdicts.accepted(), known_questions(settings.project))
        state = replace(state, keys=tuple(patch.keys))
        shutil.rmtree(folder.patch, ignore_errors=True)
        write_patch(patch, load(settings.kb_dir), folder.patch)
        found = trial(settings, folder.patch, say, **more)  # type: ignore[arg-type]
        state = replace(state, state=DONE, figures=found.as_dict())
    except TrialError:
        state = replace(state, state=FAILED)
    except Exception as error:
        state = replace(state, state=FAILED, error=f"{type(error).__name__}: {error}")
    state = replace(state, ended_at=clock())
    folder.write(state)
    return state


def main() -> None:
    """Run, with the lock that was inherited; nothing that training starts may hold it longer."""
    os.set_inheritable(int(sys.argv[1]), False)
    threading.Thread(target=_end_with_the_console, daemon=True).start()
    os.nice(NICER)
    be_quiet()
    from bot.learners.clock import now_in_taipei
    from bot.learners.database import open_database

    settings = Settings.from_env()
    run(settings, Verdicts(open_database(settings.database_url)), now_in_taipei)
    # At once: the thread that waits for the console's end would be waited for.
    os._exit(0)


def _end_with_the_console() -> None:
    """Whoever started it is gone where its input ends: nobody would look at what comes out."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
