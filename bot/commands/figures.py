"""`epark figures`: how the bot and the help desk did, as a table, JSON or CSV."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from typing import Any

from bot.learners.clock import Clock, now_in_taipei
from bot.settings import Settings

DONE = 0
DAYS = 30


def add_parser(commands: Any) -> None:
    """Add the command to the console script."""
    figures = commands.add_parser("figures", help="how the bot and the help desk did, in numbers")
    figures.add_argument("--from", dest="first", metavar="DATE", type=_day, help=f"first day (default: {DAYS} days)")
    figures.add_argument("--to", dest="last", metavar="DATE", type=_day, help="last day (default: today)")
    shape = figures.add_mutually_exclusive_group()
    shape.add_argument("--csv", action="store_true", help="a row for each figure")
    shape.add_argument("--json", action="store_true", help="all of them as one object")
    figures.set_defaults(run=run, usage_error=figures.error)


def run(options: argparse.Namespace, settings: Settings, clock: Clock = now_in_taipei) -> int:
    """Print the figures of the days asked for."""
    # The database and the libraries behind it take a second to import: only here, where they are needed.
    from bot.commands.figures_output import as_text, write_csv
    from bot.figures.report import figures_of
    from bot.figures.span import Span, SpanError
    from bot.journal.journal import Journal
    from bot.knowledge.help_desk import LiveHelpDesk
    from bot.knowledge.load import load
    from bot.learners.database import migrate, open_database

    now = clock()
    last = options.last or (now.date() if options.first is None or options.first <= now.date() else options.first)
    first = options.first or last - datetime.timedelta(days=DAYS - 1)
    try:
        span = Span(first, last)
    except SpanError as error:
        options.usage_error(str(error))
    knowledge = load(settings.kb_dir)
    help_desk = LiveHelpDesk(settings.kb_dir, knowledge).get(knowledge).desk
    engine = open_database(settings.database_url)
    migrate(engine)
    journal = Journal(engine, settings.token_key, lambda: now)
    figures = figures_of(engine, journal, knowledge, help_desk, span, now)
    if options.csv:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        write_csv(figures, sys.stdout)
    elif options.json:
        print(json.dumps(figures.as_dict(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_text(figures)))
    return DONE


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-11-25") from error
