"""Sending letters: over SMTP to a desk or to the mailbox that catches all, else into a folder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WITH_CRLF
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.queues.delivery import GiveUp, TryAgain

SECONDS = 30.0
"""For each word of the mail server."""
ALTOGETHER = 75.0
"""For everything up to the letter itself: less than the outbox holds it."""
LAST_WORD = 600.0
"""For the server's word that it has the letter: whoever asks again too soon makes duplicates (RFC 5321, 4.5.3.2.6)."""
SCHEMES = ("smtp", "smtps", "starttls")
REFUSED_FOR_GOOD = 500
NOT_LET_IN = frozenset({530, 534, 535, 538})
"""Our log-in is wrong, not the letter: it waits until that is mended."""


Handing = Callable[[], Awaitable[None]]
"""Called right before the letter is handed over; what it raises keeps the letter here."""
_LEAVING: set[asyncio.Future[None]] = set()
"""Farewells to servers that nobody waits for."""


class Unsure(TryAgain):
    """Raised where a letter was handed over and the server never said whether it has it."""


async def _unasked() -> None:
    pass


class Transport(Protocol):
    """Takes letters away."""

    async def take(self, letter: EmailMessage, sender: str, recipient: str, handing: Handing = _unasked) -> None:
        """Deliver a letter; raises TryAgain, its kind Unsure, or GiveUp."""


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
    last_word: float = LAST_WORD

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

    async def take(self, letter: EmailMessage, sender: str, recipient: str, handing: Handing = _unasked) -> None:
        """Deliver a letter.

        Raises TryAgain where the server is away or asks to wait, Unsure where it fell silent once it had the letter,
        GiveUp where it refuses.
        """
        server = _Server(
            handing,
            self.last_word,
            hostname=self.host,
            port=self.port,
            timeout=self.seconds,
            use_tls=self.scheme == "smtps",
            # smtp:// goes over to TLS where the server offers it; starttls:// insists.
            start_tls=None if self.scheme == "smtp" else self.scheme == "starttls",
        )
        talk = asyncio.ensure_future(self._talk(server, letter, sender, recipient))
        try:
            await asyncio.wait({talk}, timeout=self.altogether)
            if not talk.done() and not server.handed:
                raise asyncio.TimeoutError
            await talk
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code) from error
        except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError) as error:
            kind = Unsure if server.handed else TryAgain
            raise kind(f"the mail server is away: {type(error).__name__}") from error
        finally:
            talk.cancel()
        # The letter is taken, which is to be known at once: a farewell that fails or takes its time changes nothing.
        leaving = asyncio.ensure_future(_take_leave(server))
        _LEAVING.add(leaving)
        leaving.add_done_callback(_LEAVING.discard)

    async def _talk(self, server: _Server, letter: EmailMessage, sender: str, recipient: str) -> None:
        try:
            await server.connect()
            if self.user is not None:
                await server.login(self.user, self.password or "")
            await server.send_message(letter, sender=sender, recipients=[recipient])
        except BaseException:
            server.close()
            raise


class _Server(aiosmtplib.SMTP):
    """Says when it is about to be handed a letter: from then on its silence leaves open whether it has it."""

    def __init__(self, handing: Handing, last_word: float, **where: Any) -> None:
        super().__init__(**where)
        self.handed = False
        self._handing = handing
        self._last_word = last_word

    async def data(self, message: str | bytes, /, *, timeout: Any = None) -> aiosmtplib.SMTPResponse:
        self.handed = True
        try:
            await self._handing()
        except BaseException:
            self.handed = False
            raise
        return await super().data(message, timeout=self._last_word)


async def _take_leave(server: aiosmtplib.SMTP) -> None:
    try:
        await server.quit()
    except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
        server.close()


@dataclass(frozen=True)
class FolderTransport:
    """The demo mailbox: a folder that knows its letters by their Message-ID and takes none twice."""

    folder: Path

    async def take(self, letter: EmailMessage, sender: str, recipient: str, handing: Handing = _unasked) -> None:
        """Write the letter into the folder, whole or not at all; one that is there already stays as it is."""
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        path = self.folder / f"{letter['X-Epark-Case']}-{name[:12]}.eml"
        if path.exists():
            return
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
