"""The people who work in the console."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Engine, Row
from sqlalchemy.exc import IntegrityError

from bot.learners.clock import Clock, now_in_taipei
from bot.staff.passwords import Passwords
from bot.staff.roles import RIGHTS, ROLES, Right, Role
from bot.staff.tables import StaffRow, StaffSessionRow

LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}\Z")
LONGEST_NAME = 60


class StaffError(Exception):
    """Raised where an account cannot be made or changed as asked; the message says why."""


@dataclass(frozen=True)
class Staff:
    """A member of staff."""

    login: str
    name: str
    roles: tuple[Role, ...]
    desks: tuple[str, ...] = ()
    """The desks whose cases they see; none named are all of them."""
    created_at: datetime.datetime | None = None

    def may(self, right: Right) -> bool:
        """Whether one of the roles gives the right."""
        return any(right in RIGHTS[role] for role in self.roles)

    def sees_desk(self, desk: str) -> bool:
        """Whether cases of this desk are theirs to see."""
        return self.may("cases_of_others") or (self.may("cases") and (not self.desks or desk in self.desks))


class Accounts:
    """Accounts in the database."""

    def __init__(self, engine: Engine, passwords: Passwords, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._passwords = passwords
        self._clock = clock

    def add(self, login: str, name: str, roles: Iterable[str], password: str, desks: Sequence[str] = ()) -> Staff:
        """Make an account. Raises StaffError and WeakPassword."""
        chosen = checked_roles(roles)
        name = name.strip() or login
        if not LOGIN.match(login):
            raise StaffError("a login has 2 to 32 signs: a small letter first, then small letters, digits and . _ -")
        if len(name) > LONGEST_NAME:
            raise StaffError(f"a name has at most {LONGEST_NAME} signs")
        row = {"login": login, "name": name, "roles": ",".join(chosen), "desks": ",".join(desks)}
        hashed, now = self._passwords.hash(password, login), self._clock()
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(StaffRow).values(**row, password_hash=hashed, created_at=now))
        except IntegrityError as error:
            raise StaffError(f"there is a member of staff with the login {login} already") from error
        return Staff(login, name, chosen, tuple(desks), now)

    def remove(self, login: str) -> None:
        """Delete an account; what was done by it stays in the audit trail. Raises StaffError."""
        with self._engine.begin() as connection:
            if not connection.execute(delete(StaffRow).where(StaffRow.login == login)).rowcount:
                raise StaffError(f"there is no member of staff with the login {login}")

    def set_password(self, login: str, password: str) -> None:
        """Change the password and end every session. Raises StaffError and WeakPassword."""
        self._change(login, password_hash=self._passwords.hash(password, login))

    def set_roles(self, login: str, roles: Iterable[str], desks: Sequence[str]) -> None:
        """Change what somebody may do; holds from their next click, so their sessions end. Raises StaffError."""
        self._change(login, roles=",".join(checked_roles(roles)), desks=",".join(desks))

    def _change(self, login: str, **values: str) -> None:
        with self._engine.begin() as connection:
            changed = update(StaffRow).where(StaffRow.login == login).values(**values)
            if not connection.execute(changed).rowcount:
                raise StaffError(f"there is no member of staff with the login {login}")
            connection.execute(delete(StaffSessionRow).where(StaffSessionRow.login == login))

    def get(self, login: str) -> Staff | None:
        """The member of staff, or None."""
        return next(iter(self._read(StaffRow.login == login)), None)

    def all(self) -> list[Staff]:
        """Everybody, by login."""
        return self._read()

    def _read(self, *conditions: object) -> list[Staff]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(StaffRow.__table__).where(*conditions).order_by(StaffRow.login)).all()
        return [staff_of(row) for row in rows]

    def proved(self, login: str, password: str) -> Staff | None:
        """The member of staff whose login and password these are; takes as long where there is no such login."""
        with self._engine.connect() as connection:
            row = connection.execute(select(StaffRow.__table__).where(StaffRow.login == login)).first()
        if not self._passwords.right(row.password_hash if row else None, password) or row is None:
            return None
        if self._passwords.outdated(row.password_hash):
            with self._engine.begin() as connection:
                renewed = {"password_hash": self._passwords.hash(password, login)}
                connection.execute(update(StaffRow).where(StaffRow.login == login).values(**renewed))
        return staff_of(row)


def checked_roles(roles: Iterable[str]) -> tuple[Role, ...]:
    """The roles in their own order, each once. Raises StaffError."""
    wanted = set(roles)
    if not wanted or wanted - set(ROLES):
        raise StaffError(f"a role is one of {', '.join(ROLES)}; give at least one")
    return tuple(role for role in ROLES if role in wanted)


def staff_of(row: Row) -> Staff:
    """A row of the staff table as the rest of the program knows it."""
    roles = tuple(role for role in ROLES if role in row.roles.split(","))
    return Staff(row.login, row.name, roles, tuple(one for one in row.desks.split(",") if one), row.created_at)
