"""What other rooms lend the console's pages; whoever starts the console hands it over."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.knowledge.models import Answer, Knowledge
from bot.learning.box import Rank


@dataclass(frozen=True)
class Shown:
    """An answer as one channel shows it."""

    channel: str
    """page, text, line or telegram."""
    messages: tuple[str, ...]
    """One text for each message; empty where `view` is drawn instead."""
    view: dict[str, Any] | None = None


Preview = Callable[[Answer, Knowledge, datetime.datetime], Sequence[Shown]]


def _rank_nothing(texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    return [[] for _text in texts]


def _show_nothing(answer: Answer, knowledge: Knowledge, now: datetime.datetime) -> Sequence[Shown]:
    return ()


@dataclass(frozen=True)
class Tools:
    """The trained model's best topics for texts, and what each channel makes of an answer."""

    rank: Rank = _rank_nothing
    preview: Preview = _show_nothing


NO_TOOLS = Tools()
"""For a console that is started without them: no topics are proposed, and no channel is previewed."""
