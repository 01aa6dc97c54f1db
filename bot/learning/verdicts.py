"""What editors said of messages: which topic it was, out of scope, a new topic, or nothing to learn."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from bot.learners.clock import Clock, now_in_taipei
from bot.learning.inbox import Item
from bot.learning.tables import LearningVerdictRow

TOPIC, OUT_OF_SCOPE, NEW_TOPIC, IGNORE = "topic", "out_of_scope", "new_topic", "ignore"
VERDICTS = (TOPIC, OUT_OF_SCOPE, NEW_TOPIC, IGNORE)
EXPORTED_KEPT = datetime.timedelta(days=30)
"""How long the words of an exported message stay beside the files that hold them then."""
LONGEST_NOTE = 200
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class VerdictError(ValueError):
    """Raised for a verdict that cannot be, with what is wrong."""


@dataclass(frozen=True)
class Accepted:
    """A message that was given a topic, is out of scope, or wants a new topic."""

    key: str
    cluster: str
    verdict: str
    topic: str | None
    note: str
    text: str


class Verdicts:
    """The verdicts of a database; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, clock: Clock = now_in_taipei) -> None:
        self._engine = engine
        self._clock = clock

    def treated(self) -> frozenset[str]:
        """The names of all messages that were treated."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(LearningVerdictRow.key)).scalars())

    def treat(self, items: Iterable[Item], verdict: str, staff: str, topic: str | None = None, note: str = "") -> int:
        """Keep what somebody said of messages; how many nobody had treated before. Raises VerdictError.

        A topic needs its id, a new topic a note that says what it should be; whether the id exists, the caller knows.
        """
        if verdict not in VERDICTS:
            raise VerdictError(f"{verdict!r} is no verdict; use {', '.join(VERDICTS)}")
        if (verdict == TOPIC) != bool(topic):
            raise VerdictError("a verdict of topic names the topic, any other one does not")
        if verdict == NEW_TOPIC and not note.strip():
            raise VerdictError("say what the new topic should be about")
        treated = 0
        those = list(items)
        with self._engine.begin() as connection:
            for item in those:
                row = {
                    "key": item.key,
                    "cluster": those[0].key,
                    "verdict": verdict,
                    "topic": topic,
                    "note": note.strip()[:LONGEST_NOTE],
                    "text": None if verdict == IGNORE else item.text,
                    "staff": staff,
                    "at": self._clock(),
                }
                insert = _INSERT[connection.dialect.name](LearningVerdictRow).values(**row)
                treated += connection.execute(insert.on_conflict_do_nothing()).rowcount
        return treated

    def accepted(self, exported: bool = False) -> list[Accepted]:
        """What is to be learnt and has not been exported (or what has), oldest first."""
        table = LearningVerdictRow
        when = table.exported_at.is_not(None) if exported else table.exported_at.is_(None)
        wanted = select(table.__table__).where(table.text.is_not(None), when).order_by(table.at, table.key)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return [Accepted(row.key, row.cluster, row.verdict, row.topic, row.note, row.text) for row in rows]

    def mark_exported(self, keys: Iterable[str]) -> None:
        """These stand in files now; the words of what was exported long ago go."""
        table, now = LearningVerdictRow, self._clock()
        with self._engine.begin() as connection:
            chosen = update(table).where(table.key.in_(list(keys))).values(exported_at=now)
            connection.execute(chosen.execution_options(synchronize_session=False))
            old = update(table).where(table.exported_at < now - EXPORTED_KEPT).values(text=None)
            connection.execute(old.execution_options(synchronize_session=False))
