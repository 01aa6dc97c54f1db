"""The help desk's console as a process of its own."""

from __future__ import annotations

import argparse
import logging

from bot.commands.quiet import be_quiet


def main() -> None:
    """Serve the console until told to stop."""
    parser = argparse.ArgumentParser(description="epark console")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5006)
    arguments = parser.parse_args()
    be_quiet()
    logging.basicConfig(level=logging.WARNING)
    from bot.commands.console_tools import console_tools
    from bot.console.app import create_console
    from bot.console.house import open_house
    from bot.learners.clock import now_in_taipei
    from bot.learners.database import migrate, open_database
    from bot.settings import Settings

    settings = Settings.from_env()
    engine = open_database(settings.database_url)
    migrate(engine)
    app = create_console(open_house(settings, engine, now_in_taipei), console_tools(settings))
    app.run(arguments.host, arguments.port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
