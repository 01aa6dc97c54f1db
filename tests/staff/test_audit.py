from __future__ import annotations

import datetime

from sqlalchemy.engine import Engine

from bot.staff.audit import Audit, AuditFilter


def test_the_newest_comes_first_and_filters_narrow(engine: Engine, clock) -> None:
    audit = Audit(engine, clock)
    audit.record("lin.mh", "case_seen", "case 2611-0001", {"learner": True}, "192.0.2.1")
    clock.go_on(days=1)
    audit.record("lin.mh", "case_replied", "case 2611-0001")
    audit.record("chen.zm", "case_seen", "case 2611-0002")

    def found(**wanted: object) -> list[tuple[str, str]]:
        return [(one.login, one.action) for one in audit.find(AuditFilter(**wanted))]  # type: ignore[arg-type]

    everything = [("chen.zm", "case_seen"), ("lin.mh", "case_replied"), ("lin.mh", "case_seen")]
    assert found() == everything
    assert found(login="chen.zm") == everything[:1]
    assert found(action="case_seen") == [everything[0], everything[2]]
    assert found(subject="2611-0001") == everything[1:]
    assert found(subject="%") == []
    assert found(since=clock.now) == everything[:2]
    assert found(before=clock.now) == everything[2:]
    assert audit.find(AuditFilter(), limit=1, offset=2)[0].data == {"learner": True}


def test_what_is_too_long_is_cut_and_never_lost(engine: Engine, clock) -> None:
    audit = Audit(engine, clock)

    audit.record("", "denied", "/" + "x" * 500, {"why": "right"}, "y" * 500)

    assert audit.find(AuditFilter())[0].subject == "/" + "x" * 79


def test_two_years_are_kept(engine: Engine, clock) -> None:
    audit = Audit(engine, clock)
    audit.record("lin.mh", "signed_in")
    clock.now += datetime.timedelta(days=729)
    audit.record("lin.mh", "signed_out")
    clock.now += datetime.timedelta(days=2)

    audit.tidy()

    assert [one.action for one in audit.find(AuditFilter())] == ["signed_out"]
