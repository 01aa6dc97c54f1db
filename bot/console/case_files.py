"""The files of a case, given so that nothing in them can run."""

from __future__ import annotations

import re
from urllib.parse import quote

from sanic import response
from sanic.response import HTTPResponse

from bot.cases.records import NoSuchCase
from bot.console.case_page import LARGEST_ID, case_for, subject_of
from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Refused, Visit

_BEGINNINGS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)
UNKNOWN = "application/octet-stream"


def add_case_files(pages: Pages, house: House) -> None:
    """Add the route."""

    @pages.get("/cases/<case_id:int>/files/<file_id:int>", right="cases")
    async def file(visit: Visit, case_id: int, file_id: int) -> HTTPResponse:
        case = await in_thread(case_for, house, visit.staff, case_id)
        if file_id > LARGEST_ID:
            raise Refused(404)
        try:
            kept, content = await in_thread(house.cases.file, case_id, file_id)
        except NoSuchCase as error:
            raise Refused(404) from error
        kind = kind_of(content)
        # Pictures may be looked at; all else is only ever saved, whatever it says that it is.
        shown = kind.startswith("image/") and visit.query("show") == "1"
        if not shown or visit.request.headers.get("sec-fetch-dest") != "image":
            await visit.record("file_seen", subject_of(case), {"file": file_id})
        how = "inline" if shown else "attachment"
        headers = {
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(kept.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return response.raw(content, content_type=kind, headers=headers)


def kind_of(content: bytes) -> str:
    """What a file is by its first bytes, whatever the row says."""
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(content)), UNKNOWN)
