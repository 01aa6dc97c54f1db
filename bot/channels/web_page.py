"""The files of the chat page: the page at /, what it loads, and the launcher for other sites at /widget.js."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.knowledge.live import LiveKnowledge
from bot.settings import Settings

PAGE = Path(__file__).parent.parent / "web"
FRONT = {"/": "index.html", "/widget.js": "widget.js"}
"""What stands at the top, outside of the channel's own routes."""
WIDGET_WORDS = ("title", "open", "close", "unread")
WORDS_PLACE = b"/* words */ {}"
"""Where the launcher's few words of kb/phrases.yml go: a script has no page of its own to take them from."""
TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Page:
    """Serves the files of a folder, and nothing else."""

    def __init__(self, settings: Settings, knowledge: LiveKnowledge, folder: Path = PAGE) -> None:
        self._folder = folder
        self._knowledge = knowledge
        ancestors = " ".join(("'self'", *settings.web_origins))
        self._headers = {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
                f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
        }

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes; the places at the top are taken by a middleware because Rasa holds / itself."""

        @routes.listener("before_server_start")  # type: ignore[misc]
        async def take_the_front(app: Sanic, _loop: object) -> None:
            app.register_middleware(front, "request")

        async def front(request: Request) -> HTTPResponse | None:
            name = FRONT.get(request.path) if request.method in ("GET", "HEAD") else None
            return self.file(request, name) if name else None

        @routes.route("/static/<name:path>", methods=["GET"])  # type: ignore[misc]
        async def static(request: Request, name: str) -> HTTPResponse:
            return self.file(request, name)

    def file(self, request: Request, name: str) -> HTTPResponse:
        """One file, or 304 where the browser has it."""
        path = self._folder / name
        if "\0" in name or path.suffix not in TYPES or not path.is_file() or not self._inside(path):
            return response.text("not found", status=404)
        content = path.read_bytes()
        if name == FRONT["/widget.js"]:
            content = content.replace(WORDS_PLACE, self._words())
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        # Only the launcher is for other sites to load.
        policy = "cross-origin" if name == FRONT["/widget.js"] else "same-origin"
        headers = {**self._headers, "ETag": tag, "Cross-Origin-Resource-Policy": policy}
        if path.suffix == ".html":
            del headers["Cross-Origin-Resource-Policy"]
        if tag in request.headers.get("if-none-match", ""):
            return response.raw(b"", status=304, headers=headers)
        return response.raw(content, content_type=f"{TYPES[path.suffix]}; charset=utf-8", headers=headers)

    def _words(self) -> bytes:
        """In ASCII, so that a host page in Big5 reads them as well."""
        phrases = self._knowledge.get().phrases
        return json.dumps({word: phrases.get(f"widget_{word}", "") for word in WIDGET_WORDS}).encode()

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._folder.resolve())
