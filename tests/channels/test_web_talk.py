"""Talking on the chat page: every message is answered once, every event told once, whatever is cut in between."""

from __future__ import annotations

import asyncio
import datetime
import random
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy.exc import OperationalError

from bot.channels.web_rooms import MOST_MESSAGES
from bot.dialogue.transcript import BATCH
from bot.learners.database import migrate, open_database
from bot.stores.web import WebStore

pytestmark = pytest.mark.thorough

Open = Callable[..., Awaitable[Any]]


async def test_a_message_is_accepted_and_its_reply_comes_as_events(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)

    status, body = await site.say(ticket, "m1", "忘記密碼")
    await tab.until("done")

    assert (status, body) == (202, {"id": "m1", "event": 1})
    assert tab.kinds() == ["user", "bot", "done"] and tab.numbers() == [1, 2, 3]
    bot = tab.events[-2]["data"]
    assert (bot["text"], bot["turn"], bot["buttons"]) == ("聽到：忘記密碼", "m1", [])
    assert bot["custom"]["view"] == {"short": "好"}
    assert site.heard[0].sender_id == f"web-{ticket.split('.')[0]}"


async def test_a_page_that_is_loaded_again_gets_all_that_was_said(site: Any) -> None:
    ticket = await site.ticket()
    first = await site.open(ticket)
    await site.say(ticket, "m1", "一")
    await first.until("done")
    await site.say(ticket, "m2", "二")
    await first.until("done")
    first.close()

    again = await site.open(ticket)
    for _ in range(6):
        await again.next()

    assert [event for event in first.events if event["id"]] == again.events


async def test_a_page_gets_only_what_it_does_not_know_yet(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    await site.say(ticket, "m1")
    await tab.until("done")

    by_query = await site.open(ticket, after=2)
    by_header = await site.open(ticket, headers={"Last-Event-ID": "1"})

    assert (await by_query.next())["id"] == 3
    assert (await by_header.next())["id"] == 2


async def test_two_tabs_see_the_same_and_see_the_bot_typing(site: Any) -> None:
    ticket = await site.ticket()
    tabs = [await site.open(ticket) for _ in range(2)]
    site.go.clear()
    await site.say(ticket, "m1")
    typing = [await tab.until("typing") for tab in tabs]
    late = await site.open(ticket)
    late_typing = await late.until("typing")

    site.go.set()
    for tab in (*tabs, late):
        await tab.until("done")

    assert typing == [{"id": None, "event": "typing", "data": {"turn": "m1"}}] * 2
    assert late_typing["data"] == {"turn": "m1"}
    assert tabs[0].events == tabs[1].events
    assert late.numbers() == [1, 2, 3]


async def test_a_connection_cut_in_mid_reply_loses_and_doubles_nothing(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    site.go.clear()
    await site.say(ticket, "m1")
    await tab.until("typing")
    tab.close()

    site.go.set()
    again = await site.open(ticket, after=tab.numbers()[-1])
    await again.until("done")

    assert tab.numbers() + again.numbers() == [1, 2, 3]
    assert len(site.heard) == 1


async def test_however_often_the_connection_is_cut_every_event_comes_once(site: Any) -> None:
    chance = random.Random(7)
    ticket = await site.ticket()
    seen: list[int] = []

    async def listen() -> None:
        while len(seen) < 60:
            tab = await site.open(ticket, after=seen[-1] if seen else 0)
            for _ in range(chance.randint(1, 5)):
                event = await tab.next()
                if event["id"] is not None:
                    seen.append(event["id"])
                if len(seen) >= 60:
                    break
            tab.close()

    async def speak() -> None:
        for number in range(20):
            assert (await site.say(ticket, f"m{number}"))[0] == 202
            await asyncio.sleep(chance.random() / 50)

    await asyncio.wait_for(asyncio.gather(listen(), speak()), 60)

    assert seen == list(range(1, 61))


async def test_the_same_message_twice_is_done_once(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)

    first = await site.say(ticket, "m1")
    await tab.until("done")
    second = await site.say(ticket, "m1")
    await site.say(ticket, "m2")
    await tab.until("done")

    assert first == second == (202, {"id": "m1", "event": 1})
    assert tab.numbers() == [1, 2, 3, 4, 5, 6]
    assert len(site.heard) == 2


async def test_the_same_message_many_times_at_once_is_done_once(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)

    answers = await asyncio.gather(*(site.say(ticket, "m1") for _ in range(20)))
    await tab.until("done")

    assert answers == [(202, {"id": "m1", "event": 1})] * 20
    assert len(site.heard) == 1
    assert tab.kinds() == ["user", "bot", "done"]


async def test_turns_of_a_session_run_one_after_the_other_and_in_order(site: Any) -> None:
    ticket, other = await site.ticket(), await site.ticket()
    tab, others = await site.open(ticket), await site.open(other)
    site.go.clear()
    for number in range(5):
        await site.say(ticket, f"m{number}")
    await asyncio.sleep(0.1)
    waiting = len(site.heard)
    await site.say(other, "x")
    await asyncio.sleep(0.1)

    heard_of_both = len(site.heard)
    site.go.set()
    for _ in range(5):
        await tab.until("done")
    await others.until("done")

    assert (waiting, heard_of_both) == (1, 2)
    done = [event["data"]["turn"] for event in tab.events if event["event"] == "done"]
    assert done == ["m0", "m1", "m2", "m3", "m4"]


async def test_whoever_is_gone_before_the_answer_is_answered_all_the_same(site: Any) -> None:
    ticket = await site.ticket()
    body = {"id": "m1", "message": "你好"}
    headers = {"Authorization": f"Bearer {ticket}"}

    async with aiohttp.ClientSession() as http:
        asking = asyncio.ensure_future(http.post(site.url("messages"), json=body, headers=headers))
        while not site.heard:
            await asyncio.sleep(0)
        asking.cancel()
    tab = await site.open(ticket)
    await tab.until("done")

    assert tab.kinds() == ["user", "bot", "done"]


async def test_a_restart_of_the_process_between_message_and_reply_ends_in_an_apology(
    open_site: Open, tmp_path: Path
) -> None:
    first = await open_site(upkeep_seconds=100)
    ticket = await first.ticket()
    first.go.clear()
    await first.say(ticket, "m1", "你好")
    while not first.heard:
        await asyncio.sleep(0.01)
    await first.stop(kindly=False)

    second = await open_site()
    tab = await second.open(ticket)
    before = await tab.next()
    with sqlite3.connect(tmp_path / "epark.db") as database:
        database.execute("UPDATE web_turn SET accepted_at = datetime(accepted_at, '-61 seconds')")
    await tab.until("done")

    assert before["event"] == "user"
    assert tab.kinds() == ["user", "bot", "done"]
    assert tab.events[1]["data"]["text"] == second.channel._door.phrase("apology")
    assert second.heard == []


async def test_a_message_sent_again_after_a_restart_is_answered_at_once(open_site: Open) -> None:
    first = await open_site()
    ticket = await first.ticket()
    first.go.clear()
    await first.say(ticket, "m1", "你好")
    await first.stop(kindly=False)

    second = await open_site()
    tab = await second.open(ticket)
    status, body = await second.say(ticket, "m1", "你好")
    await tab.until("done")

    assert (status, body["event"]) == (202, 1)
    assert tab.kinds() == ["user", "bot", "done"]
    assert tab.events[-2]["data"]["text"] == "聽到：你好"


async def test_a_server_that_stops_lets_the_reply_end_and_closes_the_streams(open_site: Open) -> None:
    site = await open_site()
    ticket = await site.ticket()
    tab = await site.open(ticket)
    site.go.clear()
    await site.say(ticket, "m1")
    await tab.until("typing")

    asyncio.get_running_loop().call_later(0.2, site.go.set)
    await site.stop()
    with pytest.raises((EOFError, aiohttp.ClientError)):
        while True:
            await tab.next()
    again = await (await open_site()).open(ticket)
    await again.until("done")

    assert again.kinds() == ["user", "bot", "done"]


async def test_nothing_is_open_without_a_ticket_of_this_server(site: Any) -> None:
    posts = ("messages", "sign-in", "sign-out", "restart", "feedback", "attachments")
    routes = [("POST", one) for one in posts]
    routes += [("GET", "events"), ("DELETE", "conversation"), ("GET", "attachments/x"), ("DELETE", "attachments/x")]
    tickets = [None, "", "abc", "abc.def", ".", "someone." + "0" * 64, "tïcket.ü", "a" * 5000]

    answers = [
        await site.call(method, path, {} if method == "POST" else None, ticket)
        for method, path in routes
        for ticket in tickets
    ]

    assert [status for status, _body in answers] == [401] * len(answers)
    assert all(body["error"] for _status, body in answers)
    assert site.heard == []


async def test_a_ticket_opens_its_own_conversation_alone(site: Any) -> None:
    mine, yours = await site.ticket(), await site.ticket()
    await site.say(mine, "m1", "我的")
    await site.say(yours, "m1", "你的")
    forged = mine.split(".")[0] + "." + yours.split(".")[1]

    tab = await site.open(yours)
    await tab.until("done")
    status, _body = await site.call("GET", "events", None, forged)

    assert status == 401
    assert "我的" not in repr(tab.events)


async def test_restarting_forgets_in_rasa_and_keeps_the_history(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    await site.say(ticket, "m1")
    await tab.until("done")

    status, _body = await site.call("POST", "restart", {}, ticket)
    restarted = await tab.until("restarted")

    assert status == 200 and datetime.datetime.fromisoformat(restarted["data"]["at"]).tzinfo
    assert site.forgotten == [site.heard[0].sender_id]
    assert tab.kinds() == ["user", "bot", "done", "restarted"]


async def test_a_restart_waits_for_the_reply_before_it(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    site.go.clear()
    await site.say(ticket, "m1")
    await tab.until("typing")

    restarting = asyncio.ensure_future(site.call("POST", "restart", {}, ticket))
    await asyncio.sleep(0.05)
    forgotten_early = list(site.forgotten)
    site.go.set()
    await restarting
    await tab.until("restarted")

    assert forgotten_early == []
    assert tab.kinds() == ["user", "bot", "done", "restarted"]


async def test_deleting_empties_every_tab_and_also_the_reply_that_is_on_its_way(site: Any, tmp_path: Path) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    await site.say(ticket, "m1")
    await tab.until("done")
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    await site.call("POST", "attachments", None, ticket, data=png, headers={"Content-Type": "image/png"})
    await site.call("POST", "feedback", {"event": 2, "helpful": True}, ticket)
    site.go.clear()
    await site.say(ticket, "m2")
    await tab.until("typing")

    status, _body = await site.call("DELETE", "conversation", None, ticket)
    await tab.until("cleared")
    site.go.set()
    again = await site.open(ticket)
    cleared = await again.next()
    await site.say(ticket, "m3")
    await again.until("done")

    assert status == 200 and site.forgotten == [site.heard[0].sender_id]
    assert list((tmp_path / "attachments").iterdir()) == []
    assert cleared["event"] == "cleared" and cleared["data"] == {}
    assert again.kinds() == ["cleared", "user", "bot", "done"]
    assert again.events[-2]["data"]["turn"] == "m3"


async def test_more_than_thirty_messages_a_minute_have_to_wait(site: Any) -> None:
    ticket, other = await site.ticket(), await site.ticket()

    answers = await asyncio.gather(*(site.say(ticket, f"m{number}") for number in range(MOST_MESSAGES + 3)))

    refused = [body for status, body in answers if status == 429]
    assert len(refused) == 3 and 1 <= refused[0]["retry_after"] <= 60
    assert (await site.say(other, "m1"))[0] == 202


async def test_a_refusal_for_haste_says_when_in_its_header(site: Any) -> None:
    ticket = await site.ticket()
    for number in range(MOST_MESSAGES):
        await site.say(ticket, f"m{number}")

    headers = {"Authorization": f"Bearer {ticket}"}
    async with site.http.post(site.url("messages"), json={"id": "x", "message": "x"}, headers=headers) as answer:
        assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0


class Unsteady(WebStore):
    """A store whose database is away when it is told to be."""

    away = False

    def __getattribute__(self, name: str) -> Any:
        known = ("accept", "finish", "events", "clear", "keep", "sign_in", "judge", "append", "attachment", "upkeep")
        if name in known and object.__getattribute__(self, "away"):
            raise OperationalError("SELECT", {}, Exception("secret-host refused"))
        return object.__getattribute__(self, name)


@pytest.fixture
def unsteady(tmp_path: Path) -> Unsteady:
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")
    migrate(engine)
    return Unsteady(engine, tmp_path / "attachments")


async def test_a_database_that_is_away_is_told_in_a_sentence(open_site: Open, unsteady: Unsteady) -> None:
    site = await open_site(unsteady)
    ticket = await site.ticket()
    unsteady.away = True

    answers = [
        await site.say(ticket, "m1"),
        await site.call("GET", "events", None, ticket),
        await site.call("POST", "restart", {}, ticket),
        await site.call("DELETE", "conversation", None, ticket),
        await site.call("POST", "feedback", {"event": 2, "helpful": True}, ticket),
        await site.call("GET", "attachments/x", None, ticket),
    ]

    assert [status for status, _body in answers] == [503] * 6
    assert all(body["error"] and body["retry_after"] for _status, body in answers)
    assert "secret" not in repr(answers) and site.heard == []


async def test_a_database_that_cannot_be_reached_at_all_is_told_in_a_sentence(open_site: Open, tmp_path: Path) -> None:
    store = WebStore(open_database("postgresql://nobody@127.0.0.1:1/none"), tmp_path / "attachments")
    site = await open_site(store)

    status, body = await site.say(await site.ticket(), "m1")

    assert status == 503 and "Traceback" not in body["error"]
    assert (await site.call("GET", "settings"))[0] == 200


async def test_a_reply_is_kept_once_the_database_is_back(open_site: Open, unsteady: Unsteady) -> None:
    site = await open_site(unsteady)
    ticket = await site.ticket()
    site.go.clear()
    await site.say(ticket, "m1")
    while not site.heard:
        await asyncio.sleep(0.01)
    unsteady.away = True
    site.go.set()
    await asyncio.sleep(0.2)

    unsteady.away = False
    tab = await site.open(ticket)
    await tab.until("done")

    assert tab.kinds() == ["user", "bot", "done"]
    assert "聽到：你好" in [event["data"].get("text") for event in tab.events]


async def test_a_slow_database_holds_up_nobody_else(open_site: Open, unsteady: Unsteady) -> None:
    site = await open_site(unsteady)
    ticket = await site.ticket()
    blocker = sqlite3.connect(unsteady._folder.parent / "epark.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    saying = asyncio.ensure_future(site.say(ticket, "m1"))
    await asyncio.sleep(0.1)

    begun = asyncio.get_running_loop().time()
    settings = await site.call("GET", "settings")
    took = asyncio.get_running_loop().time() - begun
    blocker.execute("ROLLBACK")
    status, _body = await saying

    assert settings[0] == 200 and took < 0.5
    assert status == 202


async def test_a_page_whose_history_is_no_longer_kept_is_told_to_empty_itself(site: Any) -> None:
    tab = await site.open(await site.ticket(), after=99)

    assert await tab.next() == {"id": 100, "event": "cleared", "data": {}}


@pytest.mark.thorough
async def test_a_long_history_is_told_whole(site: Any) -> None:
    ticket = await site.ticket()
    store, session = site.channel._store, ticket.split(".")[0]
    for number in range(2 * BATCH + 1):
        store.append(session, "restarted", {"n": number})

    tab = await site.open(ticket)
    for _ in range(2 * BATCH + 1):
        await tab.next()

    assert tab.numbers() == list(range(1, 2 * BATCH + 2))


async def test_the_stream_says_when_what_was_stored_is_told(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    await site.say(ticket, "m1")
    await tab.until("done")

    headers = {"Authorization": f"Bearer {ticket}"}
    async with site.http.get(site.url("events?after=0"), headers=headers) as answer:
        told = b""
        while b": live" not in told:
            told += await asyncio.wait_for(answer.content.readline(), 20)

    assert [line for line in told.decode().splitlines() if line.startswith(("event", ":"))] == [
        ": hello",
        "event: user",
        "event: bot",
        "event: done",
        ": live",
    ]


async def test_a_file_without_words_is_told_what_to_do_next(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    headers = {"Authorization": f"Bearer {ticket}", "X-Filename": "a.pdf"}
    async with site.http.post(site.url("attachments"), data=b"%PDF-1.4 x", headers=headers) as answer:
        sent = (await answer.json())["id"]

    status, _body = await site.say(ticket, "m1", " ", attachments=[sent])
    user = await tab.until("user")
    bot = await tab.until("bot")

    assert status == 202 and site.heard == []
    assert (user["data"]["text"], user["data"]["attachments"][0]["name"]) == ("", "a.pdf")
    assert "一句話" in bot["data"]["text"] and "檔案" in bot["data"]["text"]
