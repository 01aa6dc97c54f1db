"""Who is signed in at the console: sessions in the database, their tokens in browsers alone."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.staff.accounts import Staff, staff_of
from bot.staff.tables import StaffRow, StaffSessionRow

IDLE = datetime.timedelta(minutes=60)
LONGEST = datetime.timedelta(hours=12)
NOTED_EVERY = datetime.timedelta(seconds=30)


@dataclass(frozen=True)
class Session:
    """A sign-in that holds."""

    staff: Staff
    """As the account is now."""
    csrf: str
    """What every form of this session carries."""
    ends_at: datetime.datetime


class Sessions:
    """Sessions end by signing out, after an hour without use, and after twelve hours in any case."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, login: str) -> str:
        """A new session; its token."""
        token, now, table = secrets.token_urlsafe(32), self._clock(), StaffSessionRow
        with self._engine.begin() as connection:
            connection.execute(delete(table).where((table.used_at <= now - IDLE) | (table.begun_at <= now - LONGEST)))
            row = {"token_hash": _hash(token), "login": login, "begun_at": now, "used_at": now}
            connection.execute(insert(table).values(**row))
        return token

    def of(self, token: str, used: bool = True) -> Session | None:
        """The session of a token; `used` is False for what a page asks by itself, which keeps nobody signed in."""
        table, now = StaffSessionRow, self._clock()
        query = (
            select(StaffRow.__table__, table.begun_at, table.used_at)
            .join(table, table.login == StaffRow.login)
            .where(table.token_hash == _hash(token))
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None or now >= row.begun_at + LONGEST or now >= row.used_at + IDLE:
            return None
        if used and now - row.used_at >= NOTED_EVERY:
            with self._engine.begin() as connection:
                connection.execute(update(table).where(table.token_hash == _hash(token)).values(used_at=now))
        return Session(staff_of(row), csrf_of(token), row.begun_at + LONGEST)

    def end(self, token: str) -> None:
        """Sign out."""
        with self._engine.begin() as connection:
            connection.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == _hash(token)))


def csrf_of(token: str) -> str:
    """What only a page of the token's own session can know."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
