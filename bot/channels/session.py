"""Session ids of the web chat: made by the server and signed, so that nobody can name another's conversation."""

from __future__ import annotations

import hashlib
import hmac
import secrets


class Sessions:
    """Makes and checks session tickets: the id and its signature in one string."""

    def __init__(self, key: str) -> None:
        # A key of its own, derived: a learner token never passes as a ticket, nor the other way round.
        self._key = hashlib.sha256(b"epark web session\0" + key.encode()).digest()

    def new(self) -> tuple[str, str]:
        """A fresh session id and its ticket."""
        session = secrets.token_urlsafe(18)
        return session, f"{session}.{self._sign(session)}"

    def session_of(self, ticket: str | None) -> str | None:
        """The session id of a ticket that this server signed, else None."""
        session, _, signature = (ticket or "").rpartition(".")
        if session and hmac.compare_digest(_bytes(signature), _bytes(self._sign(session))):
            return session
        return None

    def _sign(self, session: str) -> str:
        return hmac.new(self._key, _bytes(session), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    """The text as bytes; a header that is no UTF-8 arrives with surrogates, which a plain encode refuses."""
    return text.encode("utf-8", "surrogatepass")
