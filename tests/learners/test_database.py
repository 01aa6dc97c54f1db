"""Opening the learner database and bringing it up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.cases.tables import CaseRow
from bot.editing.tables import KbDraftRow
from bot.journal.tables import JournalRow
from bot.learners.database import migrate, open_database
from bot.learners.links import AccountLinkRow
from bot.learners.tables import Base
from bot.learning.tables import LearningVerdictRow
from bot.queues.buttons import ButtonRow
from bot.queues.chats import ChatRow
from bot.queues.held import HeldRow
from bot.queues.sent_files import SentFileRow
from bot.queues.tables import InboundRow
from bot.staff.tables import StaffAuditRow
from bot.stores.conversation_states import ConversationStateRow
from bot.stores.web_tables import WebSessionRow

REAL = command.upgrade
"""Taken while this module is collected, before anything takes its place."""
TABLES = (
    AccountLinkRow,
    ButtonRow,
    CaseRow,
    ChatRow,
    ConversationStateRow,
    HeldRow,
    InboundRow,
    JournalRow,
    KbDraftRow,
    LearningVerdictRow,
    SentFileRow,
    StaffAuditRow,
    WebSessionRow,
)
"""One of each module of tables: what is imported is known to `Base`."""


@pytest.fixture(autouse=True)
def real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere tests replay what the migrations made once."""
    monkeypatch.setattr(command, "upgrade", REAL)


def test_migrating_an_empty_database_makes_exactly_the_tables_of_the_code(database_url: str) -> None:
    engine = open_database(database_url)

    migrate(engine)

    assert {one.__tablename__ for one in TABLES} <= set(Base.metadata.tables)
    assert {*Base.metadata.tables, "alembic_version"} == set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    engine = open_database(database_url)
    migrate(engine)
    with engine.connect() as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()

    migrate(engine)

    with engine.connect() as connection:
        after = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    assert after == before and len(after) == 1
    engine.dispose()


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "epark.db"

    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()

    assert path.is_file()


def test_sqlite_enforces_foreign_keys_and_writes_ahead(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")

    with engine.connect() as connection:
        enforced = connection.execute(text("PRAGMA foreign_keys")).scalar_one()
        journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()

    assert (enforced, journal) == (1, "wal")
    engine.dispose()
