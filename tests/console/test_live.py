from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from counter import Counter, Visitor, draft

from bot.cases.records import Case
from bot.staff.audit import AuditFilter


@contextmanager
def stream(visitor: Visitor, path: str) -> Iterator[Iterator[dict[str, Any]]]:
    """What the stream says, event after event; every wait ends at the latest after half a minute."""
    with visitor.get(visitor.base + path, stream=True, timeout=30, headers={"Accept": "text/event-stream"}) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)

        def said() -> Iterator[dict[str, Any]]:
            for line in lines:
                if line == "event: over":
                    yield {"over": True}
                elif line.startswith('data: {"'):
                    yield json.loads(line[6:])

        yield said()


def test_the_queue_hears_of_a_new_case_and_of_every_change(counter: Counter) -> None:
    with stream(counter.visitor("lin.mh"), "/cases/live") as events:
        first = next(events)
        case = counter.cases.open(draft())
        second = next(events)
        counter.cases.said(case.id, "在嗎")
        third = next(events)

    assert len({one["version"] for one in (first, second, third)}) == 3


def test_an_agent_hears_nothing_of_cases_that_they_may_not_see(counter: Counter) -> None:
    with stream(counter.visitor("egov.only"), "/cases/live") as events:
        first = next(events)
        hidden = counter.cases.open(draft(desk="platform"))
        counter.cases.said(hidden.id, "在嗎")
        seen = counter.cases.open(draft(desk="egov"))
        second = next(events)

    assert first["version"] != second["version"] and second["version"].endswith(f" {seen.id}")


def test_a_case_hears_what_the_person_writes_and_who_else_looks(counter: Counter, case: Case) -> None:
    mine, theirs = counter.visitor("lin.mh"), counter.visitor("chen.zm")
    with stream(mine, f"/cases/{case.id}/live") as events:
        assert next(events)["here"] == []

        theirs.see(f"/cases/{case.id}")
        assert next(events)["here"] == ["陳志明"]
        assert "林美華" in theirs.see(f"/cases/{case.id}").text

        before = str(counter.cases.events(case.id)[-1].id)
        counter.cases.said(case.id, "在嗎")
        assert next(events)["version"] != before

        theirs.fill(f"/cases/{case.id}/here", left="1")
        assert next(events)["here"] == []


@pytest.mark.parametrize("end", ["signed out", "other role", "removed"])
def test_a_stream_ends_with_its_session(counter: Counter, case: Case, end: str) -> None:
    login = f"gone.{end[0]}"
    counter.accounts.add(login, "離開", ["agent"], "correct horse 42")
    visitor = counter.visitor(login)
    with stream(visitor, f"/cases/{case.id}/live") as events:
        next(events)
        if end == "signed out":
            counter.visitor(login)  # another sign-in changes nothing
            assert visitor.fill("/sign-out").status_code == 303
        elif end == "other role":
            counter.accounts.set_roles(login, ["agent"], ["egov"])
        else:
            counter.accounts.remove(login)

        assert next(events) == {"over": True}
        assert list(events) == []


def test_what_a_page_asks_by_itself_is_not_somebody_looking(counter: Counter, case: Case) -> None:
    visitor = counter.visitor("lin.mh")

    visitor.see(f"/cases/{case.id}", headers={"X-By-Itself": "1"})

    assert counter.audit.find(AuditFilter(subject=case.number, action="case_seen")) == []


def test_nobody_is_said_to_look_at_a_case_whose_page_is_gone(counter: Counter, case: Case) -> None:
    mine, theirs = counter.visitor("lin.mh"), counter.visitor("chen.zm")
    for _ in range(12):
        # At any moment of the stream's work, not only while it sleeps.
        with stream(theirs, f"/cases/{case.id}/live") as events:
            next(events)
    with stream(mine, f"/cases/{case.id}/live") as events:
        here = next(events)["here"]
        while here:
            here = next(events)["here"]

        assert here == []
