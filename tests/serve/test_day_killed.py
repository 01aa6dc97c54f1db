"""Whatever process dies at whatever point: no case, note, reply or letter is lost, and none goes out twice.

`epark serve` starts it again; LINE delivers again what was not acknowledged; a person or an agent who was not answered
does the same once more.
"""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from counter import Visitor
from day import SERVERS, Day

from bot.cases.mail_delivery import HANDED_SECONDS
from bot.cases.records import Case

WITHDRAW, OFFICIAL = "怎麼退選", "我的e政府公務帳號要怎麼申請"
MOMENTS = (0.0, 0.1)
"""Seconds from the beginning of the work to the death; a turn takes about a tenth of one."""
ON_LINE = (0.0, 1.0, 1.2)
"""The same on LINE, where a second passes before a turn begins, for somebody may write on."""


def person(name: str, number: float) -> str:
    return f"U{int(number * 1000):04d}{name:0>28}"


def ready_to_send(day: Day, who: str) -> None:
    """A conversation on LINE with a form that only waits for its confirmation."""
    assert "請確認" in day.on_line(who, WITHDRAW, "我要反映問題", "略過", "0912-345-678")


def seen(visitor: Visitor, case_id: int) -> str:
    found = re.search(r'name="seen" value="(\d+)"', visitor.see(f"/cases/{case_id}").text)
    assert found is not None
    return found.group(1)


def post(visitor: Visitor, case_id: int, step: str, **form: str) -> int:
    """The status of the answer; 0 where there was none."""
    try:
        return visitor.fill(f"/cases/{case_id}/{step}", **form).status_code
    except requests.RequestException:
        return 0


@dataclass
class Group:
    """Three people on LINE who are written to or write at the same moment before the bot's death."""

    moment: float
    asking: str
    sending: str
    waiting: str
    case: Case | None = None
    form: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @property
    def people(self) -> tuple[str, str, str]:
        return self.asking, self.sending, self.waiting


def test_the_bot_dies_while_people_and_agents_write(day: Day) -> None:
    """One death, which finds some who have just written, some in their turn and some at its end."""
    groups = [Group(moment, *(person(name, moment) for name in ("1", "2", "3"))) for moment in ON_LINE]
    agent = day.visitor("lin.mh")
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda who: ready_to_send(day, who), [who for one in groups for who in one.people[1:]]))
        list(threads.map(lambda one: day.on_line(one.waiting, "送出"), groups))
    for one in groups:
        one.case = day.case_of(f"line-{one.waiting}")
        assert agent.step(one.case.id, "take").status_code == 303
    day.until_idle("line")
    before = {who: len(day.heard(who)) for one in groups for who in one.people}
    for one in groups:
        assert one.case is not None
        one.events = [day.line.text(one.asking, WITHDRAW), day.line.text(one.sending, "送出")]
        one.form = {"seen": seen(agent, one.case.id), "text": f"請等 {one.moment} 秒"}

    def write(one: Group) -> None:
        # Whatever moment this hits in the end, nothing may be lost and nothing doubled.
        time.sleep(max(ON_LINE) - one.moment)
        one.statuses = [day.tell_line(event) for event in one.events]
        assert one.case is not None
        one.statuses.append(post(agent, one.case.id, "reply", **one.form))

    killing = day.kill_in("bot", max(ON_LINE))
    with ThreadPoolExecutor() as threads:
        list(threads.map(write, groups))
    killing.join()
    day.until_settled()
    for one in groups:
        for event in one.events:
            # LINE sends again what nobody acknowledged, and now and then what was.
            again = {**event, "deliveryContext": {"isRedelivery": True}}
            assert day.tell_line(again) == 200, one
    day.until_settled()

    for one in groups:
        heard = {who: day.heard(who)[before[who] :] for who in one.people}
        assert [len(heard[who]) for who in one.people] == [1, 1, 1], (one, heard)
        assert one.statuses[-1] == 303
        assert "退選" in heard[one.asking][0]
        (opened,) = day.cases.of_conversation(f"line-{one.sending}")
        assert "已立案" in heard[one.sending][0] and opened.number in heard[one.sending][0]
        assert one.form["text"] in heard[one.waiting][0]


def test_the_bot_dies_once_line_has_the_answer_and_before_it_knows(day: Day) -> None:
    who = person("4", 0)
    day.line.at_delivery = lambda: day.kill("bot")

    assert day.tell_line(day.line.text(who, WITHDRAW)) in (0, 200)
    day.until_heard(who, 1)
    day.until_settled()

    assert len(day.heard(who)) == 1


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_actions_die_while_a_case_is_opened(day: Day, moment: float) -> None:
    who = f"k{moment}"
    day.rest(who, WITHDRAW, "我要反映問題", "0912-345-678")

    killing = day.kill_in("actions", moment)
    told = day.rest(who, "送出")
    killing.join()
    day.until_well()
    day.until(lambda: actions_answer(day))
    if "已立案" not in told[0]["text"]:
        told = day.rest(who, "送出")

    (case,) = day.cases.of_conversation(f"rest-{who}")
    assert case.number in told[0]["text"] and case.contact


def actions_answer(day: Day) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", day.actions_port)) == 0


@pytest.mark.parametrize(
    ("moment", "times", "told"),
    [
        # Before the letter itself was handed over: nothing of it can have arrived.
        ("at_recipient", 1, ["waiting", "sent"]),
        # The server had it and died with it; from here that cannot be told from the next.
        ("at_data", 1, ["waiting", "unsure", "sent"]),
        # The server has kept it; the worker never hears so.
        ("at_letter", 2, ["waiting", "unsure", "sent"]),
    ],
)
def test_the_mail_worker_dies_while_a_letter_leaves(day: Day, moment: str, times: int, told: list[str]) -> None:
    who = f"m{moment}"
    died = threading.Event()

    def die() -> None:
        day.kill("mail")
        died.set()

    day.rest(who, OFFICIAL, "我要反映問題", "0912-345-678")
    setattr(day.mail, moment, die)
    day.rest(who, "送出")
    case = day.case_of(f"rest-{who}")
    day.until(died.is_set)
    day.until_settled(HANDED_SECONDS)

    came = day.mail.came(case.number)
    # SMTP knows no retry key: a mailbox that keeps Message-IDs holds the letter once, and whoever reads both is told.
    assert len(came) == times and len({one["Message-ID"] for one in came}) == 1
    assert [one["X-Epark-Repeat"] for one in came][-1] == ("possible" if "unsure" in told else None)
    assert [one.data["state"] for one in day.events(case, "mail")] == told
    page = day.visitor("lin.mh").see(f"/cases/{case.id}").text
    assert ("同一封可能到兩次" in page) == ("unsure" in told) and "已寄出" in page
    assert day.outbound(case, "mail:") == 1 and day.waiting("email") == 0


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_console_dies_while_agents_write(day: Day, moment: float) -> None:
    who = person("5", moment)
    ready_to_send(day, who)
    day.on_line(who, "送出")
    case = day.case_of(f"line-{who}")
    mine, theirs = day.visitor("lin.mh"), day.visitor("chen.zm")
    assert mine.step(case.id, "take").status_code == 303
    day.until_idle("line")
    before = len(day.heard(who))
    number = seen(mine, case.id)
    forms: list[tuple[Visitor, str, dict[str, str]]] = [
        (mine, "reply", {"seen": number, "text": f"回覆 {moment}"}),
        (theirs, "note", {"seen": number, "text": f"備註 {moment}"}),
    ]

    killing = day.kill_in("console", moment / 4)
    writing = [threading.Thread(target=post, args=(one, case.id, step), kwargs=form) for one, step, form in forms]
    for one in writing:
        one.start()
    for one in (*writing, killing):
        one.join()
    day.until_well()
    # Whoever saw no answer sends the form again, and whoever did does so by mistake.
    assert [post(one, case.id, step, **form) for one, step, form in forms] == [303, 303]
    day.until_idle("line")

    assert [one.data["text"] for one in day.events(case, "reply")] == [f"回覆 {moment}"]
    assert [one.data["text"] for one in day.events(case, "note")] == [f"備註 {moment}"]
    assert len(day.heard(who)[before:]) == 1


def test_the_supervisor_dies_and_its_servers_leave_with_it(day: Day) -> None:
    """Last in this module: nothing runs afterwards but what this test starts."""
    who = "s1"
    day.rest(who, WITHDRAW, "我要反映問題", "0912-345-678")
    children = [day.pid(name) for name in SERVERS]

    day.serve.send_signal(signal.SIGKILL)
    day.serve.wait(30)
    day.until_gone(children)
    day.start()
    told: list[dict[str, Any]] = day.rest(who, "送出")

    (case,) = day.cases.of_conversation(f"rest-{who}")
    assert case.number in told[0]["text"]
