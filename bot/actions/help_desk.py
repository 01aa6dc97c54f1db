"""The help desk as actions reach it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.actions.record import engine_of, knowledge
from bot.cases.help_desk import HelpDesk
from bot.cases.rules import LiveRules, Rules
from bot.settings import Settings


@lru_cache(maxsize=4)
def _desk(url: str, secret: str, files: Path) -> HelpDesk:
    return HelpDesk.on(engine_of(url), knowledge(), secret, files)


def help_desk() -> HelpDesk:
    """The help desk of the settings; one a process and database."""
    settings = Settings.from_env()
    return _desk(settings.database_url, settings.token_key, settings.var_dir / "attachments")


def case_rules() -> Rules:
    """The rules of kb/ as they stand now."""
    return LiveRules.shared(Settings.from_env().kb_dir).get(knowledge().get())
