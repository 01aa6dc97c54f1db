"""The Rasa server of `epark serve`: Rasa's own, with our endpoints, on the ports asked for."""

from __future__ import annotations

import argparse

from bot.commands.quiet import be_quiet, quiet_logs


def main() -> None:
    """Serve the bot until told to stop."""
    parser = argparse.ArgumentParser(description="epark Rasa server")
    parser.add_argument("--model", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--actions-port", type=int, default=5055)
    arguments = parser.parse_args()
    be_quiet()
    # Rasa and TensorFlow take seconds to import: only here, in the process that needs them.
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    from bot.channels.turn_journal import TURNS
    from bot.journal.journal import Journal
    from bot.learners.database import open_database
    from bot.settings import Settings
    from bot.stores.conversation_states import ConversationStates
    from bot.stores.tracker import BoundedTrackerStore

    settings = Settings.from_env()
    quiet_logs()
    engine = open_database(settings.database_url)
    TURNS.keep_in(Journal(engine, settings.token_key))
    BoundedTrackerStore.states = ConversationStates(engine)
    endpoints = AvailableEndpoints.read_endpoints(str(settings.project / "endpoints.yml"))
    endpoints.action = EndpointConfig(url=f"http://127.0.0.1:{arguments.actions_port}/webhook")
    serve_application(
        model_path=arguments.model,
        interface=arguments.host,
        port=arguments.port,
        credentials=str(settings.project / "credentials.yml"),
        endpoints=endpoints,
        enable_api=False,
    )


if __name__ == "__main__":
    main()
