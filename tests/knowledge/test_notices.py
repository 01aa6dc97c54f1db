"""Notices: when they hold, what they concern, and what is wrong with them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.load import load
from bot.knowledge.notices import TAIPEI, holding

TEXT = """
notices:
  - {id: outage, text: 停機維護, topics: all, from: "2026-12-05 08:00", to: "2026-12-05 12:00"}
  - {id: withdraw, text: 退選暫停, topics: [withdraw_course], from: 2026-12-04, to: 2026-12-05}
  - {id: hello, text: 新功能, topics: [], from: 2026-12-01, to: 2026-12-31}
"""


def at(day: int, hour: int = 0, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 12, day, hour, minute, tzinfo=TAIPEI)


def held(kb: Path, now: datetime.datetime, topic: str | None = None) -> list[str]:
    return [one.id for one in holding(load(kb), now, topic)]


@pytest.fixture
def kb(small_kb: Path) -> Path:
    (small_kb / "notices.yml").write_text(TEXT, encoding="utf-8")
    return small_kb


def test_a_notice_holds_from_its_first_moment_to_before_its_last(kb: Path) -> None:
    assert held(kb, at(5, 7, 59), "forgot_password") == []
    assert held(kb, at(5, 8), "forgot_password") == ["outage"]
    assert held(kb, at(5, 11, 59), "forgot_password") == ["outage"]
    assert held(kb, at(5, 12), "forgot_password") == []


def test_a_day_counts_whole(kb: Path) -> None:
    assert held(kb, at(4), "withdraw_course") == ["withdraw"]
    assert held(kb, at(5, 23, 59), "withdraw_course") == ["withdraw"]
    assert held(kb, at(6), "withdraw_course") == []


def test_the_greeting_has_every_notice_and_an_answer_those_that_concern_it(kb: Path) -> None:
    assert held(kb, at(5, 9)) == ["hello", "withdraw", "outage"]
    assert held(kb, at(5, 9), "withdraw_course") == ["withdraw", "outage"]
    assert held(kb, at(5, 9), "forgot_password") == ["outage"]


def test_a_moment_in_another_zone_is_the_same_moment(kb: Path) -> None:
    assert held(kb, at(5, 8).astimezone(datetime.timezone.utc), "forgot_password") == ["outage"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("[withdraw_course]", "[nonsense]", "not in topics.yml"),
        ("from: 2026-12-04, to: 2026-12-05", "from: 2026-12-06, to: 2026-12-05", "ends before"),
        ("id: hello", "id: outage", "stands twice"),
        ("2026-12-05 12:00", "2026-13-05 12:00", "does not exist"),
        ("2026-12-05 12:00", "noon", "notices.0.to"),
        ("停機維護", "停機維護，請電 02-2192-7111", "phone number"),
        ("退選暫停", "'{link:nowhere}'", "nowhere"),
    ],
)
def test_a_broken_notice_is_named(kb: Path, old: str, new: str, what: str) -> None:
    (kb / "notices.yml").write_text(TEXT.replace(old, new), encoding="utf-8")

    faults = [str(one) for one in check(kb)]

    assert len(faults) >= 1 and all("notices.yml" in one for one in faults)
    assert any(what in one for one in faults)


def test_an_expired_notice_is_no_fault(kb: Path) -> None:
    assert check(kb) == []


def test_without_the_file_there_are_no_notices(small_kb: Path) -> None:
    assert load(small_kb).notices == ()


def test_an_edit_that_breaks_the_file_leaves_the_notices_as_they_were(kb: Path) -> None:
    knowledge = LiveKnowledge(kb, on_faults=lambda faults: None)

    (kb / "notices.yml").write_text("notices: nonsense", encoding="utf-8")

    assert len(knowledge.get().notices) == 3
    (kb / "notices.yml").write_text("notices: []", encoding="utf-8")
    assert knowledge.get().notices == ()
