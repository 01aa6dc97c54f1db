"""`epark staff`: who works in the console."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from bot.settings import Settings

DONE, FAILED = 0, 1


def add_parser(commands: Any) -> None:
    """Add `epark staff` with its commands."""
    from bot.staff.roles import ROLES

    staff = commands.add_parser("staff", help="who works in the console")
    inner = staff.add_subparsers(required=True, metavar="COMMAND")
    add = inner.add_parser("add", help="make an account; asks for a password")
    add.add_argument("login", metavar="LOGIN", help="what the person signs in with, such as wang.xm")
    add.add_argument("--name", default="", help="the name as people read it (default: the login)")
    add.add_argument("--role", action="append", required=True, choices=ROLES, help="may be given several times")
    add.add_argument("--desk", action="append", default=[], help="a desk whose cases they see (default: all)")
    remove = inner.add_parser("remove", help="delete an account; the audit trail keeps what it did")
    remove.add_argument("login", metavar="LOGIN")
    password = inner.add_parser("password", help="set a new password and end every session")
    password.add_argument("login", metavar="LOGIN")
    for one in (add, password):
        one.add_argument("--password-stdin", action="store_true", help="read it from standard input, for scripts")
    listing = inner.add_parser("list", help="every account")
    for name, one in (("add", add), ("remove", remove), ("password", password), ("list", listing)):
        one.set_defaults(run=run, staff_command=name)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Do it; exit status 1 where it cannot be done, with the reason on stderr."""
    from bot.knowledge.live import LiveKnowledge
    from bot.learners.database import migrate, open_database
    from bot.staff.accounts import Accounts, StaffError
    from bot.staff.audit import Audit
    from bot.staff.passwords import Passwords, WeakPassword

    engine = open_database(settings.database_url)
    migrate(engine)
    accounts, audit = Accounts(engine, Passwords()), Audit(engine)
    command = options.staff_command
    try:
        if command == "list":
            for one in accounts.all():
                print(f"{one.login}\t{one.name}\t{','.join(one.roles)}\t{','.join(one.desks) or 'all desks'}")
            return DONE
        if command == "add":
            desks = LiveKnowledge.shared(settings.kb_dir).get().desks
            unknown = [desk for desk in options.desk if desk not in desks]
            if unknown:
                raise StaffError(f"there is no desk {unknown[0]}; kb/desks.yml has {', '.join(desks)}")
            accounts.add(options.login, options.name, options.role, _password(options), options.desk)
        elif command == "password":
            if accounts.get(options.login) is None:
                raise StaffError(f"there is no member of staff with the login {options.login}")
            accounts.set_password(options.login, _password(options))
        else:
            accounts.remove(options.login)
    except (StaffError, WeakPassword) as error:
        print(f"epark: {error}", file=sys.stderr)
        return FAILED
    audit.record("", f"staff_{command}", options.login, {"by": "epark staff"})
    print(f"{options.login}: done.", file=sys.stderr)
    return DONE


def _password(options: argparse.Namespace) -> str:
    """The password from standard input, or typed twice; never an argument, which others could read in a list."""
    from bot.staff.accounts import StaffError

    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise StaffError("there is no terminal to ask for a password; give it with --password-stdin")
    first = getpass.getpass("Password (at least 12 signs): ")
    if first != getpass.getpass("Once more: "):
        raise StaffError("the two passwords differ; nothing is changed")
    return first
