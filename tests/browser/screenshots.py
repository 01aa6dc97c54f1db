"""`make screenshots`: the README's pictures, taken of the running bot."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, sync_playwright

DOCS = Path(__file__).parent.parent.parent / "docs"
HOST_PAGE = """<!doctype html><meta charset="utf-8"><title>epark</title>
<style>body { margin: 0; background: #eef1f4 } header { height: 64px; background: #23395b }
main { display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px; padding: 32px 40px }
i { height: 180px; border-radius: 8px; background: #fff; box-shadow: 0 1px 3px rgb(0 0 0 / .15) }</style>
<header></header><main><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i></main>
<script src="/widget.js" data-open async></script>"""
"""Another site that embeds the widget; served in the bot's own name, so that no setting is needed."""


@dataclass(frozen=True)
class Picture:
    """One picture: what is asked, and how it is looked at."""

    name: str
    width: int
    height: int
    asked: Sequence[str]
    learner: str | None = None
    """The demo learner who is signed in."""
    embedded: bool = False


PICTURES = (
    Picture("chat-phone.png", 390, 844, ["臉書登入的 密碼忘了"]),
    Picture("chat-desktop.png", 1000, 860, ["幫我看一下我的課過了沒"], learner="T0000000002"),
    Picture("chat-widget.png", 1000, 800, ["怎麼退選"], embedded=True),
)


def main() -> None:
    """Start a server of its own, chat, and write one picture for each entry of PICTURES."""
    port, actions_port = _free_port(), _free_port()
    chromium = os.environ.get("EPARK_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("no Chromium found: install Debian's chromium, or name one in EPARK_TEST_CHROMIUM")
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "EPARK_VAR": var}
        ports = ["--port", str(port), "--actions-port", str(actions_port), "--no-console"]
        command = ["-m", "bot.cli", "serve", *ports]
        server = subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            while "Ctrl-C" not in server.stdout.readline():
                if server.poll() is not None:
                    raise SystemExit("the server did not start")
            with sync_playwright() as play:
                arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
                browser = play.chromium.launch(executable_path=chromium, args=arguments)
                for picture in PICTURES:
                    token = _token(picture.learner, environment) if picture.learner else None
                    _take(picture, browser, f"http://127.0.0.1:{port}/", token)
                    print(DOCS / picture.name)
                browser.close()
        finally:
            server.terminate()
            server.wait(30)


def _take(picture: Picture, browser: Browser, address: str, token: str | None) -> None:
    context = browser.new_context(viewport={"width": picture.width, "height": picture.height}, locale="zh-TW")
    page = context.new_page()
    if picture.embedded:
        page.route("**/host", lambda route: route.fulfill(body=HOST_PAGE, content_type="text/html"))
        page.goto(f"{address}host")
        page.locator("iframe").wait_for()
        chat: Page | Frame = page.frames[1]
    else:
        page.goto(f"{address}#token={token}" if token else address)
        chat = page
    chat.locator("li.bot").first.wait_for()
    for message in picture.asked:
        _ask(chat, message)
    chat.evaluate("() => document.activeElement.blur()")
    time.sleep(0.5)
    page.screenshot(path=str(DOCS / picture.name))
    context.close()


def _ask(chat: Page | Frame, message: str) -> None:
    before = chat.locator("li.bot").count()
    chat.fill("#text", message)
    chat.press("#text", "Enter")
    chat.wait_for_function(
        "before => document.querySelectorAll('li.bot').length > before && document.getElementById('typing').hidden",
        arg=before,
    )


def _token(learner: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "bot.cli", "token", learner]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
