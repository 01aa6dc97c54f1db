from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.records import Case
from bot.console.clocks import Clocks
from bot.knowledge.help_desk import read_help_desk
from bot.knowledge.models import Knowledge
from bot.learners.records import TAIPEI


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def case(opened: datetime.datetime, **changes: Any) -> Case:
    values: dict[str, Any] = {name: None for name in Case.__dataclass_fields__}
    values |= {"state": "new", "desk": "platform", "opened_at": opened, "changed_at": opened}
    return Case(**{**values, **changes})


@pytest.fixture(scope="module")
def clocks(knowledge: Knowledge, kb_dir: Any) -> Any:
    found, faults = read_help_desk(kb_dir, knowledge)
    assert found is not None and not faults
    return lambda now: Clocks(knowledge, found.desk, now)


def test_a_case_of_friday_evening_is_due_on_monday_evening(clocks: Any) -> None:
    clock = clocks(at("2026-11-21 12:00")).of(case(at("2026-11-20 18:00")))

    assert clock.reply_due == at("2026-11-23 17:30")
    assert (clock.age, clock.late) == (0, False)


def test_a_desk_with_hours_of_its_own_counts_those(clocks: Any) -> None:
    clock = clocks(at("2026-11-20 18:00")).of(case(at("2026-11-20 08:30"), desk="egov"))

    assert clock.age == 570  # 08:30 to 18:00 without a break
    assert clock.late and clock.reply_due == at("2026-11-20 16:30")


def test_what_was_answered_is_no_longer_due_and_what_is_settled_stands_still(clocks: Any) -> None:
    replied = case(at("2026-11-20 08:30"), first_reply_at=at("2026-11-20 09:00"), state="open")
    settled = case(at("2026-11-20 08:30"), resolved_at=at("2026-11-20 10:30"), state="resolved")
    now = clocks(at("2026-12-18 12:00"))

    assert (now.of(replied).reply_due, now.of(replied).first_reply, now.of(replied).late) == (None, 30, True)
    assert (now.of(settled).age, now.of(settled).late, now.of(settled).settle_due) == (120, False, None)


@given(minutes=st.integers(0, 60 * 24 * 20), desk=st.sampled_from(["platform", "egov", "ecpa", "env_edu", "moica"]))
def test_the_database_finds_late_what_the_page_calls_late(minutes: int, desk: str, clocks: Any) -> None:
    now = clocks(at("2026-11-20 14:10"))
    opened = now.now - datetime.timedelta(minutes=minutes)
    unanswered, unsettled = now.late_before(desk)

    assert now.of(case(opened, desk=desk)).late == (opened < unanswered or opened < unsettled)
    replied = case(opened, desk=desk, state="open", first_reply_at=opened)
    assert now.of(replied).late == (opened < unsettled)
