"""Whatever process dies at whatever point: no case, note, reply or letter is lost, and none goes out twice.

`epark serve` starts it again; LINE delivers again what was not acknowledged; a person or an agent who was not answered
does the same once more.
"""

from __future__ import annotations

import re
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from counter import Visitor
from day import SERVERS, Day

WITHDRAW, OFFICIAL = "怎麼退選", "我的e政府公務帳號要怎麼申請"
MOMENTS = (0.0, 0.1)
"""Seconds from the beginning of the work to the death; a turn takes about a tenth of one."""
ON_LINE = (0.0, 1.0, 1.2)
"""On LINE a second passes before a turn begins, for somebody may write on."""


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


@pytest.mark.parametrize("moment", ON_LINE)
def test_the_bot_dies_while_people_and_agents_write(day: Day, moment: float) -> None:
    asking, sending, waiting = (person(name, moment) for name in ("1", "2", "3"))
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda who: ready_to_send(day, who), (sending, waiting)))
    day.on_line(waiting, "送出")
    case = day.case_of(f"line-{waiting}")
    agent = day.visitor("lin.mh")
    assert agent.step(case.id, "take").status_code == 303
    day.until_line_is_idle()
    before = {who: len(day.heard(who)) for who in (asking, sending, waiting)}
    events = [day.line.text(asking, WITHDRAW), day.line.text(sending, "送出")]
    form = {"seen": seen(agent, case.id), "text": f"請等 {moment} 秒"}

    killing = day.kill_in("bot", moment)
    statuses = [day.tell_line(one) for one in events]
    assert post(agent, case.id, "reply", **form) == 303
    killing.join()
    day.until_settled()
    for event in events:
        # LINE sends again what nobody acknowledged, and now and then what was.
        again = {**event, "deliveryContext": {"isRedelivery": True}}
        assert day.tell_line(again) == 200, statuses
    day.until_settled()

    heard = {who: day.heard(who)[count:] for who, count in before.items()}
    assert [len(heard[who]) for who in (asking, sending, waiting)] == [1, 1, 1], (statuses, heard)
    assert "退選" in heard[asking][0]
    (opened,) = day.cases.of_conversation(f"line-{sending}")
    assert "已立案" in heard[sending][0] and opened.number in heard[sending][0]
    assert form["text"] in heard[waiting][0]


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


@pytest.mark.parametrize("moment", [None, *MOMENTS])
def test_the_mail_worker_dies_while_a_letter_leaves(day: Day, moment: float | None) -> None:
    who = f"m{moment}"
    day.rest(who, OFFICIAL, "我要反映問題", "0912-345-678")

    if moment is None:
        # The server has the letter; the worker never hears so.
        day.mail.at_letter = lambda: day.kill("mail")
    day.rest(who, "送出")
    case = day.case_of(f"rest-{who}")
    if moment is None:
        day.until(lambda: day.mail.of(case.number))
    else:
        day.kill_in("mail", moment).join()
    day.until_settled()

    came = day.mail.of(case.number)
    # SMTP knows no retry key: a mailbox tells the same letter by its Message-ID. Elsewhere it comes once at all.
    assert len(set(came)) == 1 and len(came) <= (2 if moment is None else 1), came
    assert [one.data["state"] for one in day.events(case, "mail")][-1] == "sent"
    assert day.outbound(case, "mail:") == 1


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_console_dies_while_agents_write(day: Day, moment: float) -> None:
    who = person("5", moment)
    ready_to_send(day, who)
    day.on_line(who, "送出")
    case = day.case_of(f"line-{who}")
    mine, theirs = day.visitor("lin.mh"), day.visitor("chen.zm")
    assert mine.step(case.id, "take").status_code == 303
    day.until_line_is_idle()
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
    day.until_line_is_idle()

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
