"""What every page of the console works with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Engine

from bot.cases.store import Cases
from bot.knowledge.help_desk import LiveHelpDesk
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock
from bot.queues.outbox import Outbox
from bot.settings import Settings
from bot.staff.accounts import Accounts
from bot.staff.attempts import Attempts
from bot.staff.audit import Audit
from bot.staff.passwords import Passwords
from bot.staff.presence import Presence
from bot.staff.sessions import Sessions


@dataclass(frozen=True)
class House:
    """The database, the knowledge, and who works here."""

    settings: Settings
    engine: Engine
    knowledge: LiveKnowledge
    help_desk: LiveHelpDesk
    cases: Cases
    outbox: Outbox
    clock: Clock
    accounts: Accounts
    attempts: Attempts
    sessions: Sessions
    audit: Audit
    presence: Presence


def open_house(settings: Settings, engine: Engine, clock: Clock, passwords: Passwords | None = None) -> House:
    """The house on this database; raises KnowledgeError where kb/ cannot be used."""
    knowledge = LiveKnowledge.shared(settings.kb_dir)
    return House(
        settings=settings,
        engine=engine,
        knowledge=knowledge,
        help_desk=LiveHelpDesk(settings.kb_dir, knowledge.get()),
        cases=Cases(engine, knowledge, clock),
        outbox=Outbox(engine, clock),
        clock=clock,
        accounts=Accounts(engine, passwords or Passwords(), clock),
        attempts=Attempts(engine, clock),
        sessions=Sessions(engine, clock),
        audit=Audit(engine, clock),
        presence=Presence(engine, clock),
    )
