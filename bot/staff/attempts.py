"""How often somebody may try to sign in: by account and by address, over restarts and processes."""

from __future__ import annotations

import datetime
import hashlib
import math

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.staff.tables import StaffAttemptRow

WINDOW = datetime.timedelta(minutes=15)
MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 30
"""Higher: an agency's people may share one address."""


class Attempts:
    """Counts what did not succeed within the last quarter of an hour."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, login: str, address: str) -> int | None:
        """Count an attempt before it is checked; the seconds to wait where there were too many, or None.

        Counted first and in a transaction of its own: a thousand attempts at once see each other. One that is
        refused is not counted, so that nobody is kept out for longer by somebody else's trying.
        """
        table, now = StaffAttemptRow, self._clock()
        account = _hash(login)
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.at <= now - WINDOW))
            kept = connection.execute(insert(table).values(account=account, address=address, at=now))
            number = kept.inserted_primary_key[0]
        waits: list[float] = []
        with self._engine.connect() as connection:
            for column, value, most in (
                (table.account, account, MOST_PER_ACCOUNT),
                (table.address, address, MOST_PER_ADDRESS),
            ):
                found = select(func.count(), func.min(table.at)).where(column == value, table.id != number)
                count, oldest = connection.execute(found).one()
                if count >= most:
                    waits.append((oldest + WINDOW - now).total_seconds())
        if not waits:
            return None
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.id == number))
        return max(1, math.ceil(max(waits)))

    def succeeded(self, login: str) -> None:
        """Forget what was tried at an account whose owner has come."""
        with self._engine.begin() as connection:
            connection.execute(delete(StaffAttemptRow).where(StaffAttemptRow.account == _hash(login)))


def _hash(login: str) -> str:
    return hashlib.sha256(login.encode("utf-8", "replace")).hexdigest()
