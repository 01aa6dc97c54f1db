"""What reaches an open page unasked: a help desk's reply from the outbox, and what another process wrote."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.learners.database import open_database
from bot.queues.outbox import Outbox
from bot.queues.records import Outbound

pytestmark = pytest.mark.thorough

Open = Callable[..., Awaitable[Any]]


@pytest.fixture
def outbox(tmp_path: Path, empty_database: Path) -> Outbox:
    """The outbox of the database that the sites of this test use."""
    shutil.copyfile(empty_database, tmp_path / "epark.db")
    return Outbox(open_database(f"sqlite:///{tmp_path / 'epark.db'}"))


def from_an_agent(key: str, session: str, text: str = "您好，已經為您補登。") -> Outbound:
    return Outbound(key, "web", session, {"messages": [{"text": text, "custom": {"type": "agent"}}]})


async def test_a_reply_of_the_help_desk_appears_on_the_open_page_and_in_the_history(
    open_site: Open, outbox: Outbox
) -> None:
    site = await open_site(outbox=outbox)
    ticket = await site.ticket()
    tab = await site.open(ticket)

    outbox.put([from_an_agent("case:1:2", ticket.split(".")[0])])
    bot = await tab.until("bot")

    assert (bot["data"]["text"], bot["data"]["custom"]) == ("您好，已經為您補登。", {"type": "agent"})
    again = await site.open(ticket)
    assert (await again.until("bot"))["id"] == bot["id"]


async def test_two_processes_deliver_a_reply_once_and_both_show_it(open_site: Open, outbox: Outbox) -> None:
    sites = [await open_site(outbox=outbox) for _ in range(2)]
    ticket = await sites[0].ticket()
    tabs = [await site.open(ticket) for site in sites]

    outbox.put([from_an_agent(f"case:1:{number}", ticket.split(".")[0], f"第 {number} 則") for number in range(5)])
    for tab in tabs:
        while len(tab.numbers()) < 5:
            await tab.next()

    for tab in tabs:
        assert tab.numbers() == [1, 2, 3, 4, 5]
        assert [event["data"]["text"] for event in tab.events] == [f"第 {number} 則" for number in range(5)]


async def test_what_another_process_answered_is_shown_within_a_moment(open_site: Open, outbox: Outbox) -> None:
    one, other = [await open_site(outbox=outbox) for _ in range(2)]
    ticket = await one.ticket()
    tab = await other.open(ticket)

    await one.say(ticket, "m1", "你好")
    await tab.until("done")

    assert tab.kinds() == ["user", "bot", "done"]


async def test_a_case_names_its_desk_in_words(open_site: Open, outbox: Outbox) -> None:
    site = await open_site(outbox=outbox)
    ticket = await site.ticket()
    tab = await site.open(ticket)
    custom = {"type": "case", "case_id": "2611-0042", "desk": "platform", "status": "open"}

    outbox.put(
        [Outbound("case:1:9", "web", ticket.split(".")[0], {"messages": [{"text": "處理中", "custom": custom}]})]
    )
    bot = await tab.until("bot")

    assert bot["data"]["custom"] == {**custom, "desk_name": bot["data"]["custom"]["desk_name"]}
    assert bot["data"]["custom"]["desk_name"]


@pytest.mark.parametrize(
    ("person", "data"),
    [
        ("../etc", {"messages": [{"text": "a"}]}),
        ("session", {}),
        ("session", {"messages": []}),
        ("", {"messages": [1]}),
    ],
)
async def test_what_can_never_be_delivered_becomes_a_dead_letter(
    open_site: Open, outbox: Outbox, person: str, data: dict[str, Any]
) -> None:
    site = await open_site(outbox=outbox)
    outbox.put([Outbound("bad", "web", person, data)])
    ticket = await site.ticket()
    tab = await site.open(ticket)

    outbox.put([from_an_agent("good", ticket.split(".")[0])])
    await tab.until("bot")
    deadline = time.monotonic() + 20
    while not (dead := outbox.dead("web")) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)

    assert [one.key for one in dead] == ["bad"]
