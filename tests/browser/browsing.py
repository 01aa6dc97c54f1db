"""What a person does on the chat page, in one line each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.learners.database import open_database
from bot.queues.outbox import Outbox
from bot.queues.records import Outbound
from bot.settings import Settings

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1100, "height": 800}

IDLE = """() => document.getElementById('typing').hidden
    && !document.querySelector('.me[data-state=sending], .me[data-state=waiting], .me[data-state=sent]')"""


@contextmanager
def watched(page: Any, *bases: str) -> Iterator[None]:
    """Fails at the end where the page had an error of its own or asked anybody but `bases`."""
    problems: list[str] = []
    foreign: list[str] = []
    own = (*(f"{base}/" for base in bases), "blob:", "data:", "about:")
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if _our_error(message) else None)
    page.on("request", lambda one: foreign.append(one.url) if not one.url.startswith(own) else None)
    yield
    assert not foreign, f"the page asked elsewhere: {foreign}"
    assert not problems, problems


def _our_error(message: Any) -> bool:
    """An error on the console that is not the browser's own report of a request that a test made fail."""
    return message.type == "error" and "Failed to load resource" not in message.text


def write(page: Any, text: str) -> None:
    """Type a message and send it, without choosing a suggestion."""
    # No Escape before: where the topics are not there yet it would close the widget instead of its suggestions.
    page.fill("#text", text)
    page.press("#text", "Enter")


def ask(page: Any, text: str) -> str:
    """Send a message and wait for the whole reply; its words."""
    before = page.locator("li.bot").count()
    write(page, text)
    return answered(page, before)


def answered(page: Any, before: int) -> str:
    """Wait until there are more than `before` replies and nothing is under way; the words of the last."""
    page.wait_for_function("before => document.querySelectorAll('li.bot').length > before", arg=before)
    idle(page)
    return str(page.locator("li.bot").last.inner_text())


def idle(page: Any) -> None:
    """Wait until everything sent is taken and answered."""
    page.wait_for_function(IDLE)


def asked(page: Any) -> list[str]:
    """The person's own messages as the page shows them."""
    return [str(text) for text in page.locator("li.me .text").all_inner_texts()]


def replies(page: Any) -> list[str]:
    """The bot's replies after the greeting as the page shows them, without time and buttons."""
    return [str(text) for text in page.locator("li.bot:not([data-role=welcome]) .body").all_inner_texts()]


def has(page: Any, selector: str, count: int) -> None:
    """Wait until the page shows that many of a thing."""
    page.wait_for_function("([s, n]) => document.querySelectorAll(s).length === n", arg=[selector, count])


def choose(page: Any, entry: str) -> None:
    """Open the menu and choose one of its entries."""
    page.click("#menu-button")
    page.click(entry)


@contextmanager
def opened(browser: Any, server: Any, size: dict[str, int], token: str = "", **wishes: Any) -> Iterator[Any]:
    """A fresh visitor's page with what that visitor's browser wishes."""
    context = browser.new_context(viewport=size, locale="zh-TW", timezone_id="Asia/Taipei", **wishes)
    page = context.new_page()
    with watched(page, server.base):
        page.goto(f"{server.base}/" + (f"#token={token}" if token else ""))
        page.locator("li.bot .chips button").first.wait_for()
        yield page
        context.close()


def unfold(page: Any) -> None:
    """Open all that can be opened."""
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def deliver(page: Any, server: Any, *messages: dict[str, Any]) -> None:
    """What a help desk says on this page, put where the console puts it."""
    session = page.evaluate("localStorage.getItem('epark-ticket')").split(".")[0]
    engine = open_database(Settings.from_env(server.environment).database_url)
    Outbox(engine).put([Outbound(f"case:{session}:1", "web", session, {"messages": list(messages)})])
    engine.dispose()
