"""From the outbox to the mail server: which letter, to whom, and what the case says of it."""

from __future__ import annotations

import asyncio
import datetime
import logging
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.cases.letters import Envelope, draw_letter
from bot.cases.mail import FolderTransport, SmtpTransport, Transport
from bot.cases.records import Case, NoSuchCase
from bot.cases.rules import LiveRules
from bot.cases.store import Cases
from bot.cases.work import mailbox_of
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock
from bot.queues.delivery import GiveUp, TryAgain
from bot.queues.records import Due

logger = logging.getLogger(__name__)
PATIENCE = datetime.timedelta(days=1)
"""A letter that could not leave for so long goes to the dead letters, where somebody sees it."""
DEMO_MAILBOX = "demo@localhost"


@dataclass(frozen=True)
class MailRoom:
    """How letters leave."""

    transport: Transport
    sender: str
    reply_to: str | None
    catch_all: str | None
    to_desks: bool
    """Whether desks are really written to; otherwise everything goes to the mailbox that catches all."""

    @classmethod
    def of(
        cls,
        smtp_url: str | None,
        folder: Path,
        sender: str,
        reply_to: str | None,
        catch_all: str | None,
        to_desks: bool,
    ) -> MailRoom:
        """The mail room of the settings: without a server, or without a mailbox to write to, a folder."""
        transport: Transport = FolderTransport(folder)
        if smtp_url and (to_desks or catch_all):
            transport = SmtpTransport.at(smtp_url)
        return cls(transport, sender, reply_to, catch_all, to_desks)

    def recipient(self, mailbox: str) -> str:
        """Who gets a letter to this mailbox."""
        return mailbox if self.to_desks else self.catch_all or DEMO_MAILBOX


class CaseLetters:
    """Sends the letters of cases; what the outbox hands over is done once `send` returns."""

    def __init__(
        self,
        cases: Cases,
        knowledge: LiveKnowledge,
        rules: LiveRules,
        room: MailRoom,
        clock: Clock,
    ) -> None:
        self._cases = cases
        self._knowledge = knowledge
        self._rules = rules
        self._room = room
        self._clock = clock

    async def send(self, due: Due) -> None:
        """Send one letter; raises TryAgain or GiveUp, and the case says how it went."""
        case_id, desk = int(due.data["case"]), str(due.data["desk"])
        try:
            case = await asyncio.to_thread(self._cases.get, case_id)
        except NoSuchCase:
            # Deleted meanwhile, contact and all: there is nothing to say any more.
            return
        try:
            await self._send(due, case, desk)
        except GiveUp as problem:
            await self._note(case_id, desk, "failed", str(problem))
            raise
        except TryAgain as problem:
            if self._clock() - due.created_at > PATIENCE:
                await self._note(case_id, desk, "failed", str(problem))
                raise GiveUp(f"it could not leave for {PATIENCE.days} day: {problem}") from problem
            if due.attempts == 0:
                await self._note(case_id, desk, "retrying", str(problem))
            raise
        await self._note(case_id, desk, "sent")

    async def _send(self, due: Due, case: Case, desk: str) -> None:
        knowledge = self._knowledge.get(fresh=True)
        mailbox = mailbox_of(desk, knowledge)
        if mailbox is None:
            raise GiveUp(f"{desk} has no mailbox in kb/desks.yml")
        recipient = self._room.recipient(mailbox)
        envelope = Envelope(due.key, self._room.sender, recipient, self._room.reply_to, desk, due.created_at)
        files = await asyncio.to_thread(self._files, case.id)
        letter = draw_letter(case, files, envelope, knowledge, self._rules.get(knowledge))
        await self._room.transport.take(letter, self._room.sender, recipient)

    def _files(self, case_id: int) -> list[tuple[str, str, bytes]]:
        found = []
        for one in self._cases.files(case_id):
            file, content = self._cases.file(case_id, one.id)
            found.append((file.name, file.type, content))
        return found

    async def _note(self, case_id: int, desk: str, state: str, why: str = "") -> None:
        """Tell the case; that this fails must not send the letter again."""
        try:
            await asyncio.to_thread(self._cases.mailed, case_id, desk, state, why)
        except (NoSuchCase, SQLAlchemyError) as error:
            logger.error("a case could not be told of its e-mail: %s", type(error).__name__)
