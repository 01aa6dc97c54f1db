"""What a turn costs on the running bot: start to ready, memory, and milliseconds a turn over REST.

Run with `.venv/bin/python benchmarks/turns.py [--turns 200]`. Absolute times depend on the machine and its other load;
the last column sets them against GET /, the cheapest request that the same server answers in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

MESSAGES = ["忘記密碼", "時數沒上傳", "怎麼退選", "有沒有醫事積分", "環教時數多久上傳", "怎麼列印證書"]


def main() -> None:
    """Start a server of its own, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200)
    turns = parser.parse_args().turns
    port, actions_port = _free_port(), _free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "EPARK_VAR": var}
        command = [sys.executable, "-m", "bot.cli"]
        begun = time.monotonic()
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--actions-port", str(actions_port), "--no-console"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            while "Ctrl-C" not in (line := server.stdout.readline()):
                if not line:
                    raise SystemExit("the server did not start")
            print(f"start to ready                {time.monotonic() - begun:8.1f} s")
            token = subprocess.run(
                [*command, "token", "T0000000001"], env=environment, check=True, capture_output=True, text=True
            ).stdout.strip()
            page = _measure(lambda _number: _get(base + "/"), turns)
            _row("GET / (for comparison)", page, page)
            _row("FAQ turn, new conversation", _measure(lambda n: _say(base, f"new-{n}", n), turns), page)
            _row("FAQ turn, one conversation", _measure(lambda n: _say(base, "one", n), turns), page)
            personal = _measure(lambda n: _say(base, f"own-{n}", n, "幫我查我的時數上傳了沒", token), turns)
            _row("turn with an action", personal, page)
            for child in _children(server.pid):
                print(f"memory, {_name(child):<22}{_resident(child):8.0f} MB")
        finally:
            server.terminate()
            server.wait(30)


def _measure(turn: Callable[[int], None], turns: int) -> list[float]:
    for number in range(5):
        turn(-number - 1)
    times = []
    for number in range(turns):
        begun = time.perf_counter()
        turn(number)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def _row(name: str, times: list[float], page: list[float]) -> None:
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{name:<30}p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   × {p50 / statistics.median(page):.1f}")


def _say(base: str, sender: str, number: int, message: str = "", token: str = "") -> None:
    body = {"sender": sender, "message": message or MESSAGES[number % len(MESSAGES)], "metadata": {"token": token}}
    request = urllib.request.Request(f"{base}/webhooks/rest/webhook", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        said = json.loads(answer.read())
    assert any(one.get("text") for one in said)


def _get(url: str) -> None:
    with urllib.request.urlopen(url, timeout=30) as answer:
        answer.read()


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in listed.read_text().split()] if listed.exists() else []


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return next((word for word in words if word.startswith("bot.")), "process")


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
