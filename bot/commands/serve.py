"""`epark serve`: database, model, bot, actions and console, until Ctrl-C."""

from __future__ import annotations

import datetime
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from bot.commands.children import Child, stop_all
from bot.commands.model_file import model_path
from bot.commands.quiet import quiet_environment
from bot.learners.database import migrate, open_database
from bot.learners.demo import demo_learners
from bot.learners.records import TAIPEI
from bot.learners.store import replace_learners
from bot.settings import Settings

READY_SECONDS = 180


@dataclass(frozen=True)
class Ports:
    """Where the servers listen."""

    bot: int
    actions: int
    console: int | None = None
    """None: no console."""


def serve(settings: Settings, host: str, ports: Ports) -> int:
    """Run all servers and return an exit status when they have stopped."""
    for name, port, option in (
        ("bot", ports.bot, "--port"),
        ("actions", ports.actions, "--actions-port"),
        ("console", ports.console, "--console-port"),
    ):
        if port is not None and not _free("127.0.0.1" if name == "actions" else host, port):
            print(
                f"Port {port} for the {name} server is in use: stop what uses it, or choose another with {option}.",
                file=sys.stderr,
            )
            return 1
    _prepare_database(settings)
    model = model_path(settings)
    if not model.is_file():
        trained = subprocess.run([sys.executable, "-m", "bot.cli", "train"], env=quiet_environment(), check=False)
        if trained.returncode:
            return trained.returncode
    return _run(settings, host, ports, model)


def _prepare_database(settings: Settings) -> None:
    engine = open_database(settings.database_url)
    migrate(engine)
    if settings.demo:
        now = datetime.datetime.now(TAIPEI)
        with engine.begin() as connection:
            replace_learners(connection, list(demo_learners(now.date(), now)))
    engine.dispose()


def _run(settings: Settings, host: str, ports: Ports, model: Path) -> int:
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    print("Starting the bot …", file=sys.stderr, flush=True)
    bot_port, actions_port = str(ports.bot), str(ports.actions)
    children = [
        Child("actions", "bot.commands.actions_server", "--port", actions_port),
        Child("mail", "bot.commands.mail_worker"),
        Child(
            "bot",
            "bot.commands.rasa_server",
            *("--model", str(model), "--host", host, "--port", bot_port, "--actions-port", actions_port),
        ),
    ]
    waiting = {
        "actions": f"http://127.0.0.1:{ports.actions}/health",
        "bot": f"http://{_reachable(host)}:{ports.bot}/",
    }
    if ports.console is not None:
        children.append(Child("console", "bot.commands.console_server", "--host", host, "--port", str(ports.console)))
        waiting["console"] = f"http://{_reachable(host)}:{ports.console}/health"
    try:
        for child in children:
            child.start()
        begun = time.monotonic()
        while not stopping:
            for child in children:
                # What dies before all is ready cannot run as things are; what dies later had an accident.
                if child.status is not None and not _goes_on(child, ready=not waiting):
                    return 1
                child.revive()
            if waiting:
                waiting = {name: url for name, url in waiting.items() if not _answers(url)}
                if not waiting:
                    _print_addresses(settings, host, ports)
                elif time.monotonic() - begun > READY_SECONDS:
                    print(f"The {', '.join(waiting)} server did not start in time.", file=sys.stderr)
                    return 1
            time.sleep(0.3)
        return 0
    finally:
        stop_all(children)


def _goes_on(child: Child, ready: bool) -> bool:
    """Whether a child that died is started again."""
    died = f"The {child.name} server stopped with status {child.status}"
    again = ready and child.mourn()
    print(f"{died}; it is started again." if again else f"{died}.", file=sys.stderr, flush=True)
    return again


def _print_addresses(settings: Settings, host: str, ports: Ports) -> None:
    base = f"http://{_reachable(host)}:{ports.bot}"
    print(f"Chat page      {base}/")
    print(f"REST channel   {base}/webhooks/rest/webhook")
    if ports.console is not None:
        print(f"Console        {settings.console_url or f'http://{_reachable(host)}:{ports.console}'}/")
        print("               Make an account for it first: epark staff add LOGIN --role supervisor")
    if settings.demo:
        print("Demo mode. Try as a learner: epark token T0000000001, then open the page with #token=… behind it.")
    print("Stop with Ctrl-C.", flush=True)


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host
