"""Passwords: argon2id, and the same work whether or not there is such an account."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 12
LONGEST = 200


class WeakPassword(Exception):
    """Raised for a password that is too easily found; the message says why."""


class Passwords:
    """Makes and checks hashes; a fake may be made cheap by other costs."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # Whoever is not known is checked against this, so that the time says nothing.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str, login: str) -> str:
        """The hash to keep. Raises WeakPassword."""
        clean = _clean(password)
        if len(clean) < SHORTEST:
            raise WeakPassword(f"a password needs at least {SHORTEST} signs")
        if len(clean) > LONGEST:
            raise WeakPassword(f"a password has at most {LONGEST} signs")
        if len(set(clean)) < 5 or login in clean.lower():
            raise WeakPassword("this password is too easily guessed: use more different signs and not the login")
        return self._hasher.hash(clean)

    def right(self, kept: str | None, password: str) -> bool:
        """Whether the password fits the hash; None (no such account) takes as long and never fits."""
        try:
            fits = self._hasher.verify(kept or self._nobody, _clean(password[: LONGEST + 1]))
        except (Argon2Error, InvalidHashError):
            return False
        return fits and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether the hash was made at other costs than today's."""
        return self._hasher.check_needs_rehash(kept)


def _clean(password: str) -> str:
    """One spelling for what looks the same: keyboards differ in how they write it."""
    return unicodedata.normalize("NFKC", password)
