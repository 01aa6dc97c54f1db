"""Sending letters: over SMTP to a desk or to the mailbox that catches all, else into a folder."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WITH_CRLF
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.queues.delivery import GiveUp, TryAgain

SECONDS = 30.0
"""For each word of the mail server."""
ALTOGETHER = 75.0
"""For a whole letter: less than the outbox holds it."""
SCHEMES = ("smtp", "smtps", "starttls")
REFUSED_FOR_GOOD = 500
NOT_LET_IN = frozenset({530, 534, 535, 538})
"""Our log-in is wrong, not the letter: it waits until that is mended."""


class Transport(Protocol):
    """Takes letters away."""

    async def take(self, letter: EmailMessage, sender: str, recipient: str) -> None:
        """Deliver a letter; raises TryAgain or GiveUp."""


class MailAddressError(ValueError):
    """Raised where the address of a mail server cannot be used."""


@dataclass(frozen=True)
class SmtpTransport:
    """A mail server."""

    host: str
    port: int
    user: str | None
    password: str | None
    scheme: str
    seconds: float = SECONDS
    altogether: float = ALTOGETHER

    @classmethod
    def at(cls, url: str) -> SmtpTransport:
        """From smtp://, smtps:// or starttls://user:password@host:port; raises MailAddressError."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise MailAddressError("EPARK_SMTP_URL is no address such as smtp://user:password@host:587") from error
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise MailAddressError("EPARK_SMTP_URL must be smtp://, smtps:// or starttls:// with a host")
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        usual = {"smtp": 25, "smtps": 465, "starttls": 587}[parts.scheme]
        return cls(parts.hostname, port or usual, user, password, parts.scheme)

    async def take(self, letter: EmailMessage, sender: str, recipient: str) -> None:
        """Deliver a letter; raises TryAgain where the server is away or asks to wait, GiveUp where it refuses."""
        try:
            await asyncio.wait_for(self._talk(letter, sender, recipient), self.altogether)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code) from error
        except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError) as error:
            raise TryAgain(f"the mail server is away: {type(error).__name__}") from error

    async def _talk(self, letter: EmailMessage, sender: str, recipient: str) -> None:
        server = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=self.seconds,
            use_tls=self.scheme == "smtps",
            # smtp:// goes over to TLS where the server offers it; starttls:// insists.
            start_tls=None if self.scheme == "smtp" else self.scheme == "starttls",
        )
        await server.connect()
        try:
            if self.user is not None:
                await server.login(self.user, self.password or "")
            await server.send_message(letter, sender=sender, recipients=[recipient])
        except BaseException:
            server.close()
            raise
        try:
            # The letter is taken: a farewell that fails changes nothing.
            await server.quit()
        except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
            server.close()


@dataclass(frozen=True)
class FolderTransport:
    """A folder in place of a mail server; the same letter again is the same file."""

    folder: Path

    async def take(self, letter: EmailMessage, sender: str, recipient: str) -> None:
        """Write the letter into the folder, whole or not at all."""
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        path = self.folder / f"{letter['X-Epark-Case']}-{name[:12]}.eml"
        being_written = path.with_suffix(".part")
        being_written.unlink(missing_ok=True)
        descriptor = os.open(being_written, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(letter.as_bytes(policy=WITH_CRLF))
            file.flush()
            os.fsync(file.fileno())
        being_written.replace(path)


def _refusal(code: int) -> Exception:
    # The server's words may hold addresses: its code alone is told.
    if code >= REFUSED_FOR_GOOD and code not in NOT_LET_IN:
        return GiveUp(f"the mail server said {code}")
    return TryAgain(f"the mail server said {code}")
