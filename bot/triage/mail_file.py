"""A message out of an .eml file: headers, plain text or HTML, and whether pictures came with it."""

from __future__ import annotations

import email
import email.errors
import email.policy
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message

from bot.triage.decoding import BROKEN, decode
from bot.triage.html_text import html_text
from bot.triage.inbound import Inbound

LOGO = 20_000
"""Bytes: a picture inside the text with fewer is part of a signature."""
_ALIASES = {
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
}
"""What mail programs write under the older names holds signs that only the wider encodings know."""


def read_mail(data: bytes, name: str) -> Inbound:
    """The message, whose id is the name given."""
    if not data.strip():
        return Inbound(name, name, error="is empty")
    mail = email.message_from_bytes(data, policy=email.policy.compat32)
    if not mail.keys():
        return Inbound(name, name, error="is no e-mail: it has no headers")
    parts = [part for part in _parts(mail) if not part.is_multipart()]
    subject, body = _header(_raw(mail, "subject")), _body(parts)
    pictures = any(_is_picture(part) for part in parts)
    sender = bool(mail.get("Reply-To") or mail.get("From"))
    if not subject and not body:
        return Inbound(name, name, "", "", pictures, sender, "has neither subject nor text")
    return Inbound(name, name, subject, body, pictures, sender)


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of the mail itself, not those of a mail that is attached to it."""
    yield mail
    payload = mail.get_payload()
    if mail.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part)


def _body(parts: list[Message]) -> str:
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in parts:
        kind = part.get_content_type()
        if kind in texts and not _attached(part):
            texts[kind].append(_text(part))
    plain = "\n".join(texts["text/plain"]).strip()
    return plain or "\n".join(html_text(one) for one in texts["text/html"]).strip()


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    named = (part.get_content_charset() or "").casefold()
    try:
        if not named or named == "us-ascii":
            return decode(data)
        return data.decode(_ALIASES.get(named, named))
    except (LookupError, UnicodeDecodeError):
        # The mail names an encoding that does not exist or that it does not hold to.
        return decode(data).replace(BROKEN, "")


def _raw(mail: Message, name: str) -> str:
    """The first header of that name, with bytes of no known encoding as surrogates."""
    return next((str(value) for key, value in mail.raw_items() if key.casefold() == name), "")


def _header(value: str) -> str:
    """A header's words, whichever encodings its pieces name; broken ones as far as they can be read."""
    plain = decode(value.encode("utf-8", "surrogateescape"))
    try:
        found = decode_header(plain)
    except (ValueError, email.errors.HeaderParseError):
        found = [(plain, None)]
    pieces = []
    for piece, charset in found:
        if isinstance(piece, bytes) and charset is None:
            # What stands between encoded words comes back in a codec of the email package's own.
            pieces.append(piece.decode("raw-unicode-escape"))
        else:
            pieces.append(piece if isinstance(piece, str) else _decoded(piece, charset))
    return " ".join("".join(pieces).replace(BROKEN, "").split())


def _decoded(data: bytes, charset: str | None) -> str:
    named = (charset or "").casefold()
    try:
        return data.decode(_ALIASES.get(named, named)) if named and named != "unknown-8bit" else decode(data)
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _is_picture(part: Message) -> bool:
    if part.get_content_type() == "application/pdf":
        return True
    if part.get_content_maintype() != "image":
        return False
    payload = part.get_payload(decode=True)
    size = len(payload) if isinstance(payload, bytes) else 0
    return part.get_content_disposition() == "attachment" or size >= LOGO
