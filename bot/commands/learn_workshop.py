"""What the console's page of learning patches needs of the commands: the patch that waits, a trial, the export."""

from __future__ import annotations

import subprocess
import threading
from datetime import datetime

from bot.commands.learn_export import ExportError, export, known_questions, new_folder
from bot.commands.learn_trial_run import start
from bot.console.tools import CannotExport
from bot.knowledge.models import Knowledge
from bot.learning.patch import Patch, patch_of
from bot.learning.verdicts import Verdicts
from bot.settings import Settings


class LearnWorkshop:
    """The commands' own functions; every method blocks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._trial: subprocess.Popen[bytes] | None = None

    def waiting(self, verdicts: Verdicts) -> Patch:
        """What an export would write."""
        return patch_of(verdicts.accepted(), known_questions(self._settings.project))

    def start_trial(self, by: str, now: datetime) -> None:
        """Begin a trial of it; raises TrialBusy."""
        self._trial = start(self._settings, by, now)

    def export(self, verdicts: Verdicts, knowledge: Knowledge) -> str:
        """Write the patch as `epark learn export` does; the name of its folder, empty where nothing was new."""
        folder = new_folder(self._settings)
        # Of two who export at once the second finds nothing left.
        with self._lock:
            try:
                patch = export(verdicts, knowledge, self._settings, folder, apply=False)
            except (ExportError, ValueError) as error:
                raise CannotExport(str(error)) from error
        return "" if patch.empty else folder.name
