from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from counter import PNG, Counter, draft
from sqlalchemy import select

from bot.cases.records import Case, NewFile, NoSuchCase
from bot.queues.outbox import Outbox
from bot.queues.tables import OutboundRow
from bot.staff.audit import AuditFilter


def outgoing(counter: Counter, case: Case) -> list[str]:
    """What is on its way to the person."""
    with counter.engine.connect() as connection:
        query = select(OutboundRow.data).where(
            OutboundRow.key.like(f"case:{case.id}:%"), OutboundRow.channel != "email"
        )
        rows = connection.execute(query.order_by(OutboundRow.id)).scalars()
        return [json.loads(one)["messages"][0]["text"] for one in rows]


def deeds(counter: Counter, case: Case) -> list[tuple[str, str]]:
    found = counter.audit.find(AuditFilter(subject=case.number))
    return [(one.login, one.action) for one in reversed(found) if one.action not in ("case_seen",)]


def test_the_page_shows_what_was_asked_and_what_the_records_say(counter: Counter, case: Case) -> None:
    page = counter.visitor("lin.mh").see(f"/cases/{case.id}").text

    for words in (
        "公務倫理",
        "0900-000-000",
        "我的時數沒上傳",
        "T0000000004",
        "請洽客服",
        "學習時數尚未上傳到終身學習入口網",
    ):
        assert words in page, words
    assert ("lin.mh", "case_seen") in [
        (d.login, d.action) for d in counter.audit.find(AuditFilter(subject=case.number))
    ]


def test_a_case_from_taking_it_to_closing_it(counter: Counter, case: Case) -> None:
    visitor = counter.visitor("lin.mh")

    assert visitor.step(case.id, "take").headers["Location"] == f"/cases/{case.id}?said=taken"
    visitor.step(case.id, "reply", text="您好，\r\n我查一下。")
    visitor.step(case.id, "note", text="跟排程有關")
    visitor.step(case.id, "wait")
    assert counter.cases.get(case.id).state == "waiting"
    visitor.step(case.id, "resolve", text="好了")
    visitor.step(case.id, "reopen")
    assert counter.cases.get(case.id).state == "open"
    visitor.step(case.id, "close")

    assert counter.cases.get(case.id).state == "closed"
    said = outgoing(counter, case)
    assert "您好，\n我查一下。" in said and "好了" in said and "跟排程有關" not in said
    done = ["taken", "replied", "noted", "waiting", "resolved", "reopened", "closed"]
    assert deeds(counter, case) == [("lin.mh", f"case_{one}") for one in done]


def test_a_form_that_is_sent_twice_replies_once(counter: Counter, case: Case) -> None:
    visitor = counter.visitor("lin.mh")
    seen = re.search(r'name="seen" value="(\d+)"', visitor.see(f"/cases/{case.id}").text)
    assert seen is not None
    form = {"seen": seen.group(1), "text": "您好，電話 0912-345-678"}

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: visitor.fill(f"/cases/{case.id}/reply", **form), range(4)))

    assert {one.headers["Location"] for one in answers} == {f"/cases/{case.id}?said=replied"}
    assert len([one for one in counter.cases.events(case.id) if one.kind == "reply"]) == 1
    assert sum("您好" in one for one in outgoing(counter, case)) == 1


def test_the_same_words_may_be_said_again_later(counter: Counter, case: Case) -> None:
    visitor = counter.visitor("lin.mh")
    for _ in range(2):
        visitor.step(case.id, "reply", text="還在查")

    assert len([one for one in counter.cases.events(case.id) if one.kind == "reply"]) == 2


def test_of_two_who_take_it_one_has_it_and_the_other_is_told(counter: Counter, case: Case) -> None:
    visitors = [counter.visitor("lin.mh"), counter.visitor("chen.zm")]
    for one in visitors:
        one.see(f"/cases/{case.id}")
    seen = str(counter.cases.events(case.id)[-1].id)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda one: one.fill(f"/cases/{case.id}/take", seen=seen), visitors))

    said = sorted(one.headers["Location"].split("said=")[1] for one in answers)
    assert said == ["changed", "taken"]
    assert len([one for one in counter.cases.events(case.id) if one.kind == "taken"]) == 1


def test_who_was_too_slow_keeps_what_they_wrote(counter: Counter, case: Case) -> None:
    slow = counter.visitor("chen.zm")
    seen = str(counter.cases.events(case.id)[-1].id)
    counter.cases.take(case.id, "lin.mh")

    answer = slow.fill(f"/cases/{case.id}/reply", seen=seen, text="我寫了很久的回覆")

    assert answer.status_code == 409
    assert "我寫了很久的回覆" in answer.text and "林美華" in answer.text
    assert outgoing(counter, case)[1:] == []


def test_nothing_is_closed_over_words_that_nobody_has_read(counter: Counter, case: Case) -> None:
    visitor = counter.visitor("lin.mh")
    visitor.step(case.id, "take")
    seen = str(counter.cases.events(case.id)[-1].id)
    counter.cases.said(case.id, "等一下，還有一個問題")

    closed = visitor.fill(f"/cases/{case.id}/close", seen=seen)
    resolved = visitor.fill(f"/cases/{case.id}/resolve", seen=seen, text="再見")

    assert closed.headers["Location"].endswith("said=changed")
    assert resolved.status_code == 409 and "再見" in resolved.text
    assert counter.cases.get(case.id).state == "open"


@pytest.mark.parametrize("text", ["", "   \n ", "長" * 4001])
def test_an_empty_or_endless_reply_is_not_sent(counter: Counter, case: Case, text: str) -> None:
    answer = counter.visitor("lin.mh").step(case.id, "reply", text=text)

    assert answer.status_code == 400
    assert outgoing(counter, case) == []


@pytest.mark.parametrize("step", ["transfer", "wait", "resolve", "close", "assign", "delete"])
def test_an_agent_does_nothing_with_a_colleagues_case_but_leave_a_note(counter: Counter, case: Case, step: str) -> None:
    counter.cases.take(case.id, "chen.zm")
    visitor = counter.visitor("lin.mh")

    answer = visitor.step(case.id, step, to="egov", sure="yes")

    assert answer.status_code == 403
    kept = counter.cases.get(case.id)
    assert (kept.state, kept.assignee, kept.desk) == ("open", "chen.zm", "platform")
    assert visitor.step(case.id, "take", over="1").status_code == 403
    assert visitor.step(case.id, "note", text="看過了").status_code == 303


def test_a_supervisor_takes_over_assigns_transfers_and_deletes(counter: Counter, case: Case) -> None:
    counter.cases.take(case.id, "chen.zm")
    visitor = counter.visitor("wang.sv")

    visitor.step(case.id, "take", over="1")
    assert counter.cases.get(case.id).assignee == "wang.sv"
    visitor.step(case.id, "assign", to="lin.mh")
    assert counter.cases.get(case.id).assignee == "lin.mh"
    visitor.step(case.id, "transfer", to="egov")
    assert counter.cases.get(case.id).desk == "egov"
    assert visitor.step(case.id, "delete").status_code == 400, "not confirmed"
    assert visitor.step(case.id, "delete", sure="yes").headers["Location"] == "/cases?said=deleted"

    with pytest.raises(NoSuchCase):
        counter.cases.get(case.id)
    assert ("wang.sv", "case_deleted") in deeds(counter, case)
    assert visitor.see(f"/cases/{case.id}").status_code == 404


def test_a_case_is_assigned_only_to_who_may_see_it(counter: Counter, case: Case) -> None:
    visitor = counter.visitor("wang.sv")

    for login in ("egov.only", "li.ed", "nobody", ""):
        assert visitor.step(case.id, "assign", to=login).status_code == 400

    assert counter.cases.get(case.id).assignee is None


def test_whoever_transfers_a_case_out_of_their_sight_is_back_in_the_queue(counter: Counter) -> None:
    case = counter.cases.open(draft(desk="egov"))
    visitor = counter.visitor("egov.only")

    answer = visitor.step(case.id, "transfer", to="platform")

    assert answer.headers["Location"] == "/cases?said=transferred"
    assert visitor.see(f"/cases/{case.id}").status_code == 403


def test_a_desk_that_does_not_exist_gets_nothing(counter: Counter, case: Case) -> None:
    assert counter.visitor("lin.mh").step(case.id, "transfer", to="moon").status_code == 400
    assert counter.cases.get(case.id).desk == "platform"


@pytest.mark.parametrize("case_id", ["999999", "99999999999999999999999", "-1", "x", "1.5"])
def test_a_case_that_does_not_exist_is_not_found(counter: Counter, case_id: str) -> None:
    assert counter.visitor("wang.sv").see(f"/cases/{case_id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "said_type", "content", "kind"),
    [
        ("截圖.png", "image/png", PNG, "image/png"),
        ("申請書.pdf", "application/pdf", b"%PDF-1.4 nothing", "application/pdf"),
        ("page.html", "text/html", b"<script>alert(1)</script>", "application/octet-stream"),
        ("evil.svg", "image/svg+xml", b"<svg onload='alert(1)'/>", "application/octet-stream"),
        ("lie.png", "image/png", b"<html>", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_content_says_and_runs_nothing(
    counter: Counter, name: str, said_type: str, content: bytes, kind: str
) -> None:
    case = counter.cases.open(draft(files=[NewFile(name, said_type, content)]))
    file = counter.cases.files(case.id)[0]
    visitor = counter.visitor("lin.mh")

    for query in ("", "?show=1"):
        answer = visitor.see(f"/cases/{case.id}/files/{file.id}{query}")

        assert answer.content == content
        assert answer.headers["Content-Type"].split(";")[0] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        shown = query and kind == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert ("lin.mh", "file_seen") in deeds(counter, case)


def test_a_file_belongs_to_its_case_alone(counter: Counter, case: Case) -> None:
    other = counter.cases.open(draft(desk="platform", files=[NewFile("a.png", "image/png", PNG)]))
    file = counter.cases.files(other.id)[0]

    assert counter.visitor("lin.mh").see(f"/cases/{case.id}/files/{file.id}").status_code == 404
    assert counter.visitor("egov.only").see(f"/cases/{other.id}/files/{file.id}").status_code == 403


def test_a_letter_that_came_back_is_sent_again_by_a_supervisor(counter: Counter) -> None:
    case = counter.cases.open(draft(desk="egov"))
    outbox = Outbox(counter.engine)
    mine = next(one for one in outbox.claim("email", most=1000) if one.key.startswith(f"case:{case.id}:"))
    outbox.give_up(mine.id, "550")
    counter.cases.mailed(case.id, "egov", "failed", "550")
    assert "再寄一次" in counter.visitor("wang.sv").see(f"/cases/{case.id}").text
    assert counter.visitor("lin.mh").step(case.id, "resend").status_code in (303, 403)
    assert [one.id for one in outbox.dead("email")] == [mine.id]

    counter.visitor("wang.sv").step(case.id, "resend")

    assert outbox.dead("email") == []
    assert [one.id for one in outbox.claim("email", most=1000)] == [mine.id]


def test_a_case_from_where_nobody_can_be_answered_says_so(counter: Counter) -> None:
    case = counter.cases.open(draft(channel="rest", conversation="rest-1"))
    visitor = counter.visitor("lin.mh")

    visitor.step(case.id, "take")

    page = visitor.see(f"/cases/{case.id}").text
    assert "這個管道收不到主動的訊息" in page and "我來承辦" not in page
