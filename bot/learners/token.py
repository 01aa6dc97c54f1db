"""Learner tokens: who the platform says is speaking (contracts section 3)."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import jwt

LEARNER_ID = re.compile(r"[A-Z][0-9]{10}\Z")
LEEWAY_SECONDS = 30
"""Clocks of two machines differ; more than this is no clock skew."""
_FOREVER = 32_503_680_000
"""The year 3000 in seconds: beyond it lie moments that no clock can tell."""


@dataclass(frozen=True)
class TokenCheck:
    """Checks tokens with HS256 and a shared key, or RS256 where a public key is set."""

    key: str
    public_key: str | None = None

    def learner_id(self, token: object) -> str | None:
        """The learner that a token proves, or None for anything invalid, expired, unsigned or without an end."""
        proven = self.proof(token)
        return proven[0] if proven else None

    def proof(self, token: object) -> tuple[str, datetime.datetime] | None:
        """The learner that a token proves and until when, None as above."""
        if not isinstance(token, str) or not token:
            return None
        try:
            claims = jwt.decode(
                token,
                self.public_key or self.key,
                algorithms=["RS256" if self.public_key else "HS256"],
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "sub"]},
            )
            until = datetime.datetime.fromtimestamp(min(int(claims["exp"]), _FOREVER), datetime.timezone.utc)
        except (jwt.PyJWTError, ValueError):
            return None
        subject = claims["sub"]
        return (subject, until) if isinstance(subject, str) and LEARNER_ID.match(subject) else None


def issue_token(learner_id: str, key: str, ttl_seconds: int, now: datetime.datetime | None = None) -> str:
    """A token for a learner, signed with the shared key, for trying things out and for tests."""
    if not LEARNER_ID.match(learner_id):
        raise ValueError(f"{learner_id!r} is no learner id: one capital letter and ten digits")
    moment = now or datetime.datetime.now(datetime.timezone.utc)
    claims = {"sub": learner_id, "iat": moment, "exp": moment + datetime.timedelta(seconds=ttl_seconds)}
    return jwt.encode(claims, key, algorithm="HS256")
