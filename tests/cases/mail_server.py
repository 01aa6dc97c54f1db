"""A real SMTP server on loopback that does to letters what a test tells it to."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Awaitable, Callable
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

STALL, DIE, TAKE_AND_DIE = "stall", "die", "take and die"
Answer = Callable[[int], str]
"""What the server does with the n-th letter (from 0): a reply such as "250 OK", STALL, DIE, or TAKE_AND_DIE."""


class MailServer:
    """Keeps the letters that it accepted."""

    def __init__(self, at_recipient: str = "250 OK", at_data: Answer = lambda _number: "250 OK") -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.tried = 0
        self._at_recipient = at_recipient
        self._at_data = at_data
        self._servers: list[SMTP] = []
        self._over = asyncio.Event()
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._at_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self._at_data(self.tried)
        self.tried += 1
        if answer == STALL:
            await self._over.wait()
        if answer in (DIE, TAKE_AND_DIE):
            server.transport.abort()
        if answer.startswith("250") or answer == TAKE_AND_DIE:
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
            self.recipients.append(list(envelope.rcpt_tos))
        return answer

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        made: Callable[[], SMTP] = lambda: SMTP(self, hostname="mail.test", loop=loop)  # noqa: E731
        self._server = await loop.create_server(made, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._over.set()
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


StartServer = Callable[..., Awaitable[MailServer]]
