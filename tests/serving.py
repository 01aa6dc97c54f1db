"""Sanic servers within a test's own loop."""

from __future__ import annotations

import socket
from typing import Any

from sanic import Sanic


async def serve(app: Sanic) -> tuple[Any, str]:
    """Begin to serve an app on a free port; the server and its address."""
    # Sanic takes port 0 for its default: the socket is ours.
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    return server, f"http://127.0.0.1:{listening.getsockname()[1]}"


def stop_serving(server: Any) -> None:
    """Stop at once, connections included."""
    server.close()
    for connection in list(server.connections):
        connection.abort()
