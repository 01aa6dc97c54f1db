"""Who is speaking on the chat page, for how long, and what they think of a reply."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jwt
import pytest

from bot.learners.token import issue_token

pytestmark = pytest.mark.thorough

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
LEARNER = "T5602110801"
Open = Callable[..., Awaitable[Any]]


async def test_a_learner_signs_in_once_for_all_messages_of_the_session(site: Any) -> None:
    ticket, other = await site.ticket(), await site.ticket()
    tab = await site.open(ticket)
    token = issue_token(LEARNER, KEY, 60)

    status, body = await site.call("POST", "sign-in", {"token": token}, ticket)
    account = await tab.until("account")
    for turn in ("m1", "m2"):
        await site.say(ticket, turn, "我的時數")
        await tab.until("done")
    await site.say(other, "m1", "我的時數")
    await (await site.open(other)).until("done")

    assert (status, body, account["data"]) == (200, {"signed_in": True}, {"signed_in": True})
    assert [heard.metadata for heard in site.heard] == [{"learner_id": LEARNER}] * 2 + [{}]


async def test_the_token_itself_is_kept_nowhere(site: Any, tmp_path: Path) -> None:
    ticket = await site.ticket()
    token = issue_token(LEARNER, KEY, 60)
    await site.call("POST", "sign-in", {"token": token}, ticket)
    await site.say(ticket, "m1", f"我的權杖是 {token}")
    tab = await site.open(ticket)
    await tab.until("done")

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("epark.db*"))

    assert token.split(".")[2] not in repr(tab.events) + repr(vars(site.heard[0]))
    assert token.split(".")[2].encode() not in kept and LEARNER.encode() in kept


async def test_signing_out_ends_it(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    await site.call("POST", "sign-in", {"token": issue_token(LEARNER, KEY, 60)}, ticket)

    status, body = await site.call("POST", "sign-out", {}, ticket)
    await site.say(ticket, "m1", "我的時數")
    await tab.until("done")

    assert (status, body) == (200, {"signed_in": False})
    assert site.heard[0].metadata == {}
    assert [event["data"] for event in tab.events if event["event"] == "account"] == [
        {"signed_in": True},
        {"signed_in": False},
    ]


async def test_a_sign_in_ends_with_its_token_and_the_page_is_told(site: Any) -> None:
    ticket = await site.ticket()
    tab = await site.open(ticket)
    # Two seconds: an expiry counts whole ones.
    await site.call("POST", "sign-in", {"token": issue_token(LEARNER, KEY, 2)}, ticket)
    await tab.until("account")

    over = await tab.until("account")
    await site.say(ticket, "m1", "我的時數")
    await tab.until("done")

    assert over["data"] == {"signed_in": False}
    assert site.heard[0].metadata == {}


@pytest.mark.parametrize(
    "token",
    [
        None,
        5,
        "",
        {"a": 1},
        "nonsense",
        issue_token(LEARNER, "another key of thirty-two bytes or more", 60),
        issue_token(LEARNER, KEY, -60),
        jwt.encode({"sub": LEARNER}, KEY, "HS256"),
        jwt.encode({"sub": LEARNER, "exp": 4102444800}, None, "none"),
    ],
    ids=range(9),
)
async def test_a_token_that_proves_nothing_signs_nobody_in(token: object, site: Any) -> None:
    ticket = await site.ticket()

    status, body = await site.call("POST", "sign-in", {"token": token}, ticket)
    await site.say(ticket, "m1", "我的時數")
    await (await site.open(ticket)).until("done")

    assert status == 400 and body["error"]
    assert site.heard[0].metadata == {}


async def test_a_token_without_end_in_sight_is_no_trouble(site: Any) -> None:
    ticket = await site.ticket()
    token = jwt.encode({"sub": LEARNER, "exp": 10**17}, KEY, "HS256")

    status, _body = await site.call("POST", "sign-in", {"token": token}, ticket)

    assert status == 200


async def test_a_sign_in_survives_a_restart_of_the_bot(open_site: Open) -> None:
    first = await open_site()
    ticket = await first.ticket()
    await first.call("POST", "sign-in", {"token": issue_token(LEARNER, KEY, 60)}, ticket)
    await first.stop()

    second = await open_site()
    await second.say(ticket, "m1", "我的時數")
    await (await second.open(ticket)).until("done")

    assert second.heard[0].metadata == {"learner_id": LEARNER}


async def test_a_reply_is_judged_and_the_later_verdict_counts(site: Any, tmp_path: Path) -> None:
    ticket = await site.ticket()
    await site.say(ticket, "m1")
    await (await site.open(ticket)).until("done")
    comment = "我的身分證A123456789查不到\u202e"

    first = await site.call("POST", "feedback", {"event": 2, "helpful": True}, ticket)
    second = await site.call(
        "POST", "feedback", {"event": 2, "helpful": False, "reason": "wrong", "comment": comment}, ticket
    )

    with sqlite3.connect(tmp_path / "epark.db") as database:
        found = database.execute("SELECT event, helpful, reason, comment FROM web_feedback").fetchall()
    assert (first, second) == ((200, {"event": 2}), (200, {"event": 2}))
    assert found == [(2, 0, "wrong", "我的身分證[身分證字號]查不到")]


async def test_feedback_that_says_nothing_usable_is_refused(site: Any) -> None:
    ticket = await site.ticket()
    await site.say(ticket, "m1")
    await (await site.open(ticket)).until("done")
    good = {"event": 2, "helpful": True}
    bodies: list[Any] = [
        {},
        {**good, "event": "2"},
        {**good, "event": True},
        {**good, "event": 0},
        {**good, "event": -1},
        {**good, "event": 10**30},
        {**good, "helpful": 1},
        {**good, "helpful": None},
        {**good, "reason": "bad"},
        {**good, "reason": ["wrong"]},
        {**good, "comment": "字" * 501},
        {**good, "comment": 5},
    ]

    statuses = [(await site.call("POST", "feedback", body, ticket))[0] for body in bodies]

    assert statuses == [400] * len(bodies)
    assert (await site.call("POST", "feedback", {**good, "comment": "字" * 500}, ticket))[0] == 200


async def test_only_a_reply_of_ones_own_can_be_judged(site: Any) -> None:
    mine, yours = await site.ticket(), await site.ticket()
    await site.say(mine, "m1")
    await (await site.open(mine)).until("done")

    answers = [await site.call("POST", "feedback", {"event": event, "helpful": True}, mine) for event in (1, 3, 4)]
    foreign = await site.call("POST", "feedback", {"event": 2, "helpful": True}, yours)

    assert [status for status, _body in (*answers, foreign)] == [404] * 4


async def test_signing_in_many_times_at_once_leaves_one_learner(site: Any) -> None:
    ticket = await site.ticket()
    tokens = [issue_token(f"T560211080{number}", KEY, 60) for number in range(8)]

    await asyncio.gather(*(site.call("POST", "sign-in", {"token": token}, ticket) for token in tokens))
    tab = await site.open(ticket)
    await site.say(ticket, "m1")
    await tab.until("done")

    assert tab.kinds() == ["account"] * 8 + ["user", "bot", "done"]
    assert site.heard[0].metadata["learner_id"].startswith("T560211080")
