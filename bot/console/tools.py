"""What other rooms lend the console's pages; whoever starts the console hands it over."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.knowledge.models import Answer, Knowledge
from bot.learning.box import Rank
from bot.learning.patch import Patch
from bot.learning.verdicts import Verdicts


@dataclass(frozen=True)
class Shown:
    """An answer as one channel shows it."""

    channel: str
    """page, text, line or telegram."""
    messages: tuple[str, ...]
    """One text for each message; empty where `view` is drawn instead."""
    view: dict[str, Any] | None = None


Preview = Callable[[Answer, Knowledge, datetime.datetime], Sequence[Shown]]


class CannotExport(Exception):
    """Raised where a patch cannot be written, with what is wrong."""


class Workshop(Protocol):
    """Where learning patches are made; every method blocks."""

    def waiting(self, verdicts: Verdicts) -> Patch:
        """What an export would write."""

    def start_trial(self, by: str, now: datetime.datetime) -> None:
        """Begin a trial training in the background; raises TrialBusy where one runs."""

    def export(self, verdicts: Verdicts, knowledge: Knowledge) -> str:
        """Write the patch; the name of its folder, empty where nothing was new. Raises CannotExport."""


def _rank_nothing(texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    return [[] for _text in texts]


def _show_nothing(answer: Answer, knowledge: Knowledge, now: datetime.datetime) -> Sequence[Shown]:
    return ()


@dataclass(frozen=True)
class Tools:
    """The trained model's best topics for texts, what each channel makes of an answer, and learning patches."""

    rank: Rank = _rank_nothing
    preview: Preview = _show_nothing
    workshop: Workshop | None = None


NO_TOOLS = Tools()
"""For a console that is started without them: nothing is proposed, previewed, tried or exported."""
