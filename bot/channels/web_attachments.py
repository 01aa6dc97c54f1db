"""The routes of attachments: pictures and PDFs, told by their content, for the session that sent them alone."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.front_door import public_facts
from bot.channels.session import Sessions
from bot.channels.web_requests import PRIVATE, Refused, answered, body_of, given, in_thread, session_of
from bot.dialogue.transcript import Transcripts
from bot.knowledge.live import LiveKnowledge
from bot.privacy.redact import redact

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 100
ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
}
_BEGINNINGS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "image/png"),
    (re.compile(rb"\xff\xd8\xff[\xc0-\xfe]"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBPVP8[ LX]", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-[12]\.[0-9]"), "application/pdf"),
)


def add_attachments(routes: Blueprint, sessions: Sessions, store: Transcripts, knowledge: LiveKnowledge) -> None:
    """Add the routes."""

    @routes.route("/attachments", methods=["POST"], stream=True)  # type: ignore[misc]
    @answered
    async def upload(request: Request) -> HTTPResponse:
        session = session_of(request, sessions)
        if request.headers.get("content-type", "").split(";")[0].strip().lower() in FORMS:
            raise Refused(415, "send the file itself as the body")
        content = await body_of(request, LARGEST)
        content_type = type_of(content)
        if content_type is None:
            raise Refused(415, "only png, jpeg, gif, webp and pdf can be sent")
        name = name_of(request.headers.get("x-filename", ""), content_type, public_facts(knowledge.get()))
        kept = await in_thread(store.keep, session, name, content_type, content)
        return given({"id": kept.id, "name": kept.name, "type": kept.type, "size": kept.size}, 201)

    @routes.route("/attachments/<attachment:str>", methods=["GET"])  # type: ignore[misc]
    @answered
    async def download(request: Request, attachment: str) -> HTTPResponse:
        kept, content = await in_thread(store.attachment, session_of(request, sessions), attachment)
        headers = {
            **PRIVATE,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        return response.raw(content, content_type=kept.type, headers=headers)

    @routes.route("/attachments/<attachment:str>", methods=["DELETE"])  # type: ignore[misc]
    @answered
    async def drop(request: Request, attachment: str) -> HTTPResponse:
        await in_thread(store.drop, session_of(request, sessions), attachment)
        return given({"deleted": attachment})


FORMS = ("multipart/form-data", "application/x-www-form-urlencoded", "text/plain")
"""What a form of another site can send without asking first; also no way to send a file here."""


def type_of(content: bytes) -> str | None:
    """What a file is by its first bytes, whatever it is called; None for all that is not wanted."""
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(content)), None)


def name_of(given_name: str, content_type: str, public: list[str]) -> str:
    """A file name fit to be shown: no path, nothing invisible, no personal data, and the ending that is true."""
    base = re.split(r"[/\\]", unquote(given_name, errors="replace"))[-1]
    seen = "".join(sign for sign in base if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    stem = redact(seen, public).strip(" .")[:LONGEST_NAME] or "file"
    endings = ENDINGS[content_type]
    return stem if stem.lower().endswith(endings) else stem + endings[0]
