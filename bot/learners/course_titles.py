"""The titles of the course list, read now and then: understanding a message never waits for a sound database."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.learners.store import SHORTEST_TITLE
from bot.learners.tables import CourseRow

REFRESH_SECONDS = 300.0
_CONNECT_SECONDS = 2
logger = logging.getLogger(__name__)


class CourseTitles:
    """The distinct titles of a database; where it cannot be read, those read before, at first none."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._titles: tuple[str, ...] = ()
        self._next = float("-inf")

    def get(self) -> tuple[str, ...]:
        """The titles in their order; the very same tuple for as long as they do not change."""
        if self._clock() >= self._next and self._lock.acquire(blocking=False):
            try:
                titles = self._read()
                if titles != self._titles:
                    self._titles = titles
            except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
                logger.debug("no course titles: %s", error)
            finally:
                self._next = self._clock() + REFRESH_SECONDS
                self._lock.release()
        return self._titles

    def _read(self) -> tuple[str, ...]:
        if self._engine is None:
            self._engine = _read_only(self._url)
        if self._engine is None:
            return ()
        title = CourseRow.__table__.c.title
        query = select(title).where(func.length(title) >= SHORTEST_TITLE).distinct().order_by(title)
        with self._engine.connect() as connection:
            return tuple(connection.scalars(query))


@lru_cache(maxsize=4)
def shared_titles(url: str) -> CourseTitles:
    """One CourseTitles a process and database, however many components ask for it."""
    return CourseTitles(url)


def _read_only(url: str) -> Engine | None:
    """An engine that changes nothing; None where there is no such file yet, which opening would make."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed,
            future=True,
            pool_pre_ping=True,
            pool_size=1,
            connect_args={"connect_timeout": _CONNECT_SECONDS},
            execution_options={"postgresql_readonly": True},
        )
    if not parsed.database or not Path(parsed.database).is_file():
        return None
    file = Path(parsed.database).resolve().as_uri()
    return create_engine(f"sqlite:///{file}?mode=ro&uri=true", future=True, connect_args={"timeout": _CONNECT_SECONDS})
