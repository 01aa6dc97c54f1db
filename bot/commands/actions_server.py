"""The action server on the loopback interface alone: it answers Rasa, nobody else."""

from __future__ import annotations

import argparse
import logging

from bot.commands.quiet import be_quiet


def main() -> None:
    """Serve the actions of bot.actions until told to stop."""
    parser = argparse.ArgumentParser(description="epark action server")
    parser.add_argument("--port", type=int, default=5055)
    arguments = parser.parse_args()
    be_quiet()
    logging.basicConfig(level=logging.WARNING)
    # After be_quiet: importing it warns already.
    from rasa_sdk.endpoint import create_app
    from sanic import response
    from sanic.request import Request
    from sanic.response import HTTPResponse

    app = create_app("bot.actions")

    @app.exception(Exception)  # type: ignore[misc]
    async def failed(request: Request, exception: Exception) -> HTTPResponse:
        # The SDK's own handler sends the whole request back, conversation and all, for Rasa to log.
        logging.getLogger(__name__).error("an action failed", exc_info=exception)
        return response.json({"error": "the action failed"}, status=500)

    app.run("127.0.0.1", arguments.port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
