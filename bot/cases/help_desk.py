"""Everything that the help desk is to a conversation: its cases, the contact on its way, and the files sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.cases.contact import Contacts
from bot.cases.conversation_files import ConversationFiles
from bot.cases.records import Case, NewFile
from bot.cases.store import Cases
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock, now_in_taipei


@dataclass(frozen=True)
class HelpDesk:
    """What channels and actions share."""

    cases: Cases
    contacts: Contacts
    sent: ConversationFiles
    clock: Clock

    @classmethod
    def on(
        cls,
        engine: Engine,
        knowledge: LiveKnowledge,
        secret: str,
        files: Path,
        clock: Clock = now_in_taipei,
    ) -> HelpDesk:
        """The help desk of a database and the folder of the files that people sent; `secret` seals contacts."""
        cases = Cases(engine, knowledge, clock)
        return cls(cases, Contacts(engine, secret, clock), ConversationFiles(engine, files), clock)

    def files(self, sender_id: str) -> list[NewFile]:
        """The files of a conversation that no case has yet."""
        return self.sent.recent(sender_id, self.clock(), self.cases.sources(sender_id))

    def count_files(self, sender_id: str) -> int:
        """How many those are."""
        return self.sent.count(sender_id, self.clock(), self.cases.sources(sender_id))

    def awaits_files(self, sender_id: str) -> bool:
        """Whether a file without words says enough: a form asks for files, or an agent has the conversation."""
        return self.contacts.awaits_files(sender_id) or self.cases.in_hand(sender_id) is not None

    def pass_on(self, case: Case, text: str) -> bool:
        """Give the agent what the person says, with the files sent; whether it is the first since the agent came."""
        return self.cases.said(case.id, text, self.files(case.conversation))
