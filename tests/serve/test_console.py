"""The console beside the bot, as `epark serve` starts it."""

from __future__ import annotations

import re
import subprocess
import sys

import requests

PASSWORD = "correct horse 42"


def staff(server, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", "staff", *arguments]
    return subprocess.run(command, env=server.environment, input=stdin, capture_output=True, text=True, timeout=120)


def test_who_was_added_on_the_command_line_signs_in_at_the_console(server) -> None:
    base = f"http://127.0.0.1:{server.console_port}"
    added = staff(
        server, "add", "lin.mh", "--name", "林美華", "--role", "supervisor", "--password-stdin", stdin=PASSWORD
    )
    assert added.returncode == 0, added.stderr

    with requests.Session() as visitor:
        ticket = re.search(r'name="ticket" value="([^"]+)"', visitor.get(f"{base}/", timeout=30).text)
        assert ticket is not None
        form = {"ticket": ticket.group(1), "login": "lin.mh", "password": PASSWORD, "next": "/"}
        page = visitor.post(f"{base}/sign-in", form, timeout=30)

    assert page.status_code == 200 and "林美華" in page.text
    assert PASSWORD not in staff(server, "list").stdout


def test_the_demo_has_no_account_until_somebody_makes_one(server) -> None:
    for login in ("admin", "demo", "epark", "root"):
        assert login not in staff(server, "list").stdout
