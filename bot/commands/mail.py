"""`epark mail`: the letters that could not be delivered."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bot.settings import Settings


def add_parser(commands: Any) -> None:
    """Add the command and its parts."""
    mail = commands.add_parser("mail", help="e-mails to the desks").add_subparsers(required=True, metavar="COMMAND")
    dead = mail.add_parser("dead", help="the e-mails that could not be delivered, and why")
    dead.add_argument("--json", action="store_true", help="a JSON array")
    dead.set_defaults(run=_dead)
    again = mail.add_parser("again", help="send one of them again")
    again.add_argument("id", metavar="ID", type=int, help="as epark mail dead lists it")
    again.set_defaults(run=_again)


def _dead(options: argparse.Namespace, settings: Settings) -> int:
    found = [
        {
            "id": one.id,
            "to": one.person,
            "attempts": one.attempts,
            "created_at": one.created_at.isoformat(),
            "why": one.why,
        }
        for one in _outbox(settings).dead("email")
    ]
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for one in found:
        print(f"{one['id']:>6}  {one['to']}  {one['created_at'][:16]}  {one['attempts']} attempts  {one['why']}")
    print(f"{len(found)} dead letters.", file=sys.stderr)
    return 0


def _again(options: argparse.Namespace, settings: Settings) -> int:
    if not _outbox(settings).revive(options.id):
        print(f"epark: there is no dead letter {options.id}; epark mail dead lists them", file=sys.stderr)
        return 1
    print(f"Letter {options.id} is in the outbox again.", file=sys.stderr)
    return 0


def _outbox(settings: Settings) -> Any:
    from bot.learners.database import migrate, open_database
    from bot.queues.outbox import Outbox

    engine = open_database(settings.database_url)
    migrate(engine)
    return Outbox(engine)
