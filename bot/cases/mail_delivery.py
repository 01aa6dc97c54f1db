"""From the outbox to the mail server: which letter, to whom, and what the case says of it.

SMTP cannot say whether a server has a letter that it was handed before it fell silent, or before we died. That a letter
is being handed over is therefore kept before its last line leaves, and that it arrived in one transaction with the
case's own story. What remains is a letter that was handed over and of which nothing was heard: a lost case is worse
than one read twice, so it goes again under the same Message-ID, by which mailboxes know it (RFC 5321, 6.1; RFC 7352),
says at its head that it may be the second, and the case tells the staff so. The demo folder knows which letters it has
and needs none of this.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.cases.letters import Envelope, draw_letter
from bot.cases.mail import LAST_WORD, FolderTransport, SmtpTransport, Transport, Unsure
from bot.cases.records import Case, NoSuchCase
from bot.cases.rules import LiveRules
from bot.cases.store import Cases
from bot.cases.work import mailbox_of
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock
from bot.queues.delivery import Elsewhere, GiveUp, TryAgain
from bot.queues.outbox import Outbox
from bot.queues.records import Due

logger = logging.getLogger(__name__)
PATIENCE = datetime.timedelta(days=1)
"""A letter that could not leave for so long goes to the dead letters, where somebody sees it."""
DEMO_MAILBOX = "demo@localhost"
HANDED_SECONDS = LAST_WORD + 120.0
"""How long a letter is held once it is handed over: longer than its server's last word is waited for."""
HANDED, DOUBTED = "handed", "doubted"
"""In the outbox's data: when the letter was handed over, and whether the case was told that nothing was heard of it."""


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
        outbox: Outbox,
        knowledge: LiveKnowledge,
        rules: LiveRules,
        room: MailRoom,
        clock: Clock,
    ) -> None:
        self._cases = cases
        self._outbox = outbox
        self._knowledge = knowledge
        self._rules = rules
        self._room = room
        self._clock = clock

    async def send(self, due: Due) -> None:
        """Send one letter; raises TryAgain, GiveUp or Elsewhere, and the case says how it went."""
        try:
            case = await asyncio.to_thread(self._cases.get, int(due.data["case"]))
        except NoSuchCase:
            # Deleted meanwhile, contact and all: there is nothing to say any more.
            return
        if HANDED in due.data:
            due = await self._doubted(due)
        try:
            await self._send(due, case, str(due.data["desk"]))
        except GiveUp as problem:
            await self._fail(due, str(problem))
        except TryAgain as problem:
            if isinstance(problem, Unsure):
                due = await self._doubted(due)
            if self._clock() - due.created_at > PATIENCE:
                await self._fail(due, f"it could not leave for {PATIENCE.days} day: {problem}")
            if due.attempts == 0 and not isinstance(problem, Unsure):
                await self._note(due, "retrying", str(problem))
            raise
        now = self._clock()
        await self._note(due, "sent", also=lambda connection: Outbox.sent_within(connection, due.id, now))

    async def _send(self, due: Due, case: Case, desk: str) -> None:
        knowledge = self._knowledge.get(fresh=True)
        mailbox = mailbox_of(desk, knowledge)
        if mailbox is None:
            raise GiveUp(f"{desk} has no mailbox in kb/desks.yml")
        recipient = self._room.recipient(mailbox)
        envelope = Envelope(
            due.key, self._room.sender, recipient, self._room.reply_to, desk, due.created_at, HANDED in due.data
        )
        files = await asyncio.to_thread(self._files, case.id)
        letter = draw_letter(case, files, envelope, knowledge, self._rules.get(knowledge))
        handed = {**due.data, HANDED: self._clock().isoformat()}

        async def handing() -> None:
            if not await asyncio.to_thread(self._outbox.hand_over, due, handed, HANDED_SECONDS):
                raise Elsewhere

        try:
            await self._room.transport.take(letter, self._room.sender, recipient, handing)
        except (GiveUp, TryAgain) as problem:
            if not isinstance(problem, Unsure):
                # A clear no: this attempt leaves no doubt behind, though an earlier one may.
                await self._quietly(self._outbox.change, due.id, due.data)
            raise

    async def _doubted(self, due: Due) -> Due:
        """Tell the case, once, that the letter may have arrived and will come again; the letter as it is then."""
        data = {HANDED: self._clock().isoformat(), **due.data, DOUBTED: True}
        if not due.data.get(DOUBTED):
            await self._note(due, "unsure", also=lambda connection: Outbox.change_within(connection, due.id, data))
        return replace(due, data=data)

    async def _fail(self, due: Due, why: str) -> None:
        told = f"{why}; an earlier attempt may have arrived" if HANDED in due.data else why
        await self._note(due, "failed", told)
        raise GiveUp(told)

    def _files(self, case_id: int) -> list[tuple[str, str, bytes]]:
        found = []
        for one in self._cases.files(case_id):
            file, content = self._cases.file(case_id, one.id)
            found.append((file.name, file.type, content))
        return found

    async def _note(
        self, due: Due, state: str, why: str = "", also: Callable[[Connection], None] | None = None
    ) -> None:
        await self._quietly(self._cases.mailed, int(due.data["case"]), str(due.data["desk"]), state, why, also)

    async def _quietly(self, write: Callable[..., None], *values: Any) -> None:
        """Write down how it goes; that this fails must not send the letter again."""
        try:
            await asyncio.to_thread(write, *values)
        except (NoSuchCase, SQLAlchemyError) as error:
            logger.error("a case could not be told of its e-mail: %s", type(error).__name__)
