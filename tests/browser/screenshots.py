"""`make screenshots`: the README's pictures, taken of the running bot."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent.parent.parent / "docs"
PICTURES = {
    "chat-phone.png": ({"width": 390, "height": 844}, ["臉書登入的 密碼忘了"]),
    "chat-desktop.png": ({"width": 1000, "height": 860}, ["怎麼退選"]),
}


def main() -> None:
    """Start a server of its own, chat, and write one picture for each entry of PICTURES."""
    port, actions_port = _free_port(), _free_port()
    chromium = os.environ.get("EPARK_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("no Chromium found: install Debian's chromium, or name one in EPARK_TEST_CHROMIUM")
    with tempfile.TemporaryDirectory() as var:
        command = ["-m", "bot.cli", "serve", "--port", str(port), "--actions-port", str(actions_port)]
        server = subprocess.Popen(
            [sys.executable, *command], env={**os.environ, "EPARK_VAR": var}, stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            while "Ctrl-C" not in server.stdout.readline():
                if server.poll() is not None:
                    raise SystemExit("the server did not start")
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                for name, (size, messages) in PICTURES.items():
                    page = browser.new_page(viewport=size)
                    page.goto(f"http://127.0.0.1:{port}/")
                    _chat(page, messages)
                    page.screenshot(path=str(DOCS / name))
                    print(DOCS / name)
                browser.close()
        finally:
            server.terminate()
            server.wait(30)


def _chat(page: Page, messages: list[str]) -> None:
    for message in messages:
        before = page.locator("li.bot").count()
        page.fill("#text", message)
        page.press("#text", "Enter")
        page.wait_for_function("before => document.querySelectorAll('li.bot').length > before", arg=before)
    page.evaluate("() => document.activeElement.blur()")
    time.sleep(0.5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
