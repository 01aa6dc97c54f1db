"""The console's style and scripts: the files of a folder, and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def add_static_files(app: Sanic, folder: Path = FOLDER) -> None:
    """Add the route; whoever is not signed in may read them: they hold nobody's data."""

    @app.get("/static/<name:str>")  # type: ignore[misc]
    async def static(request: Request, name: str) -> HTTPResponse:
        path = folder / name
        if path.suffix not in TYPES or path.name not in {one.name for one in folder.iterdir()}:
            return response.text("not found", status=404)
        content = path.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return response.raw(b"", status=304, headers=headers)
        return response.raw(content, content_type=f"{TYPES[path.suffix]}; charset=utf-8", headers=headers)
