"""`epark serve`: database, model, bot and actions, until Ctrl-C."""

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

from bot.commands.model_file import model_path
from bot.commands.quiet import quiet_environment
from bot.learners.database import migrate, open_database
from bot.learners.demo import demo_learners
from bot.learners.records import TAIPEI
from bot.learners.store import replace_learners
from bot.settings import Settings

READY_SECONDS = 180
STOP_SECONDS = 15


@dataclass(frozen=True)
class Ports:
    """Where the servers listen."""

    bot: int
    actions: int


def serve(settings: Settings, host: str, ports: Ports) -> int:
    """Run all servers and return an exit status when they have stopped."""
    for name, port in (("bot", ports.bot), ("actions", ports.actions)):
        if not _free(host if name == "bot" else "127.0.0.1", port):
            print(
                f"Port {port} for the {name} server is in use: stop what uses it, or choose another with "
                f"--{'port' if name == 'bot' else 'actions-port'}.",
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
        today = datetime.datetime.now(TAIPEI).date()
        with engine.begin() as connection:
            replace_learners(connection, list(demo_learners(today)))
    engine.dispose()


def _run(settings: Settings, host: str, ports: Ports, model: Path) -> int:
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    print("Starting the bot …", file=sys.stderr, flush=True)
    children = {
        "actions": _start("bot.commands.actions_server", "--port", str(ports.actions)),
        "bot": _start(
            "bot.commands.rasa_server",
            *("--model", str(model), "--host", host),
            *("--port", str(ports.bot), "--actions-port", str(ports.actions)),
        ),
    }
    try:
        waiting = {
            "actions": f"http://127.0.0.1:{ports.actions}/health",
            "bot": f"http://{_reachable(host)}:{ports.bot}/",
        }
        begun = time.monotonic()
        while not stopping:
            for name, child in children.items():
                if child.poll() is not None:
                    print(f"The {name} server stopped with status {child.returncode}.", file=sys.stderr)
                    return 1
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
        _stop(list(children.values()))


def _print_addresses(settings: Settings, host: str, ports: Ports) -> None:
    base = f"http://{_reachable(host)}:{ports.bot}"
    print(f"Chat page      {base}/")
    print(f"REST channel   {base}/webhooks/rest/webhook")
    if settings.demo:
        print("Demo mode. Try as a learner: epark token T0000000001, then open the page with #token=… behind it.")
    print("Stop with Ctrl-C.", flush=True)


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches the supervisor alone, which stops the children in order.
    return subprocess.Popen([sys.executable, "-m", module, *arguments], env=quiet_environment(), start_new_session=True)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in reversed(children):
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


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
