"""The journal: turns come back, words go, and nobody can tell who spoke."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from clock import MORNING, Clock
from sqlalchemy import insert, select
from sqlalchemy.engine import Engine

from bot.dialogue.transcript import Verdict
from bot.journal.journal import KEPT, TEXT_KEPT, Journal
from bot.journal.tables import JournalRow
from bot.journal.thumbs import EVENTS, FEEDBACK
from bot.journal.turns import Turn
from bot.stores.web import WebStore
from bot.stores.web_tables import WebEventRow, WebFeedbackRow


@pytest.fixture
def journal(engine: Engine, clock: Clock) -> Journal:
    return Journal(engine, "secret", clock)


def turn(journal: Journal, sender: str = "web-a", text: str = "怎麼退選", **named: object) -> Turn:
    one = Turn(journal.now(), "web", journal.conversation(sender), "answer", "withdraw_course", text=text)
    return replace(one, **named)  # type: ignore[arg-type]


def test_a_turn_comes_back_as_it_was_kept(journal: Journal) -> None:
    kept = turn(
        journal,
        topics=(("withdraw_course", 0.75),),
        desk="platform",
        handed_over=True,
        case_number="2611-0001",
        goes_on="step",
    )

    journal.write(kept)

    assert journal.turns() == [kept]


def test_turns_are_found_by_their_moment_the_end_left_out(journal: Journal, clock: Clock) -> None:
    for hour in range(3):
        clock.now = MORNING + datetime.timedelta(hours=hour)
        journal.write(turn(journal, text=str(hour)))

    found = journal.turns(MORNING, MORNING + datetime.timedelta(hours=2))

    assert [one.text for one in found] == ["0", "1"]


def test_who_spoke_is_nowhere_in_the_database(journal: Journal, database_url: str) -> None:
    journal.write(turn(journal, "line-U0123456789abcdef"))

    with journal._engine.connect() as connection:
        row = connection.execute(select(JournalRow.__table__)).one()
    assert "U0123456789abcdef" not in repr(tuple(row))
    assert Journal(journal._engine, "another secret").conversation("web-a") != journal.conversation("web-a")


def test_words_go_after_thirty_days_and_turns_after_two_years(journal: Journal, clock: Clock) -> None:
    journal.write(turn(journal))

    clock.now = MORNING + TEXT_KEPT + datetime.timedelta(minutes=1)
    journal.write(turn(journal, text="新的"))
    assert [one.text for one in journal.turns()] == [None, "新的"]

    clock.now = MORNING + KEPT + datetime.timedelta(minutes=1)
    journal.tidy()
    assert len(journal.turns()) == 1


def test_a_deleted_conversation_leaves_counts_without_words_and_without_its_name(journal: Journal) -> None:
    journal.write(turn(journal, "web-a"))
    journal.write(turn(journal, "web-b"))

    journal.forget("web-a")

    assert [one.text for one in journal.turns()] == [None, "怎麼退選"]
    assert journal.turns()[0].conversation != journal.conversation("web-a")


def test_a_thumb_reaches_the_turn_that_it_was_given_for(journal: Journal, clock: Clock, tmp_path: Path) -> None:
    store = WebStore(journal._engine, tmp_path / "files", clock)
    events = []
    for number, outcome in enumerate(("answer", "suggest")):
        clock.now = MORNING + datetime.timedelta(minutes=number)
        store.accept("a", f"t{number}", "怎麼退選", [])
        journal.write(turn(journal, "web-a", outcome=outcome))
        clock.now += datetime.timedelta(seconds=1)
        store.finish("a", f"t{number}", [("bot", {"text": "…", "custom": {"type": outcome}})])
        events.append(max(one.number for one in store.events("a", 0) if one.kind == "bot"))
    journal.write(turn(journal, "web-b"))
    store.judge("a", Verdict(events[0], False, "wrong"))

    assert journal.copy_thumbs() == 1
    assert journal.copy_thumbs() == 0

    assert [(one.helpful, one.reason) for one in journal.turns()] == [(False, "wrong"), (None, None), (None, None)]


def test_a_thumb_for_a_colleagues_words_is_none_of_the_bots(journal: Journal, clock: Clock, tmp_path: Path) -> None:
    store = WebStore(journal._engine, tmp_path / "files", clock)
    journal.write(turn(journal, "web-a"))
    store.append("a", "bot", {"text": "我是客服", "custom": {"type": "agent"}})
    store.judge("a", Verdict(store.events("a", 0)[-1].number, True))

    assert journal.copy_thumbs() == 0


def test_the_columns_that_are_read_of_the_chat_pages_tables_exist() -> None:
    for here, there in ((FEEDBACK, WebFeedbackRow), (EVENTS, WebEventRow)):
        assert {one.name for one in here.columns} <= {one.name for one in there.__table__.columns}


def test_a_long_text_is_cut(journal: Journal) -> None:
    journal.write(turn(journal, text="長" * 5000))

    assert len(journal.turns()[0].text or "") == 2000


def test_rows_of_somebody_else_in_the_table_do_no_harm(journal: Journal) -> None:
    row = {
        "at": MORNING,
        "channel": "rest",
        "conversation": "x",
        "outcome": "chat",
        "topics": "[]",
        "handed_over": False,
    }
    with journal._engine.begin() as connection:
        connection.execute(insert(JournalRow).values(**row))

    assert journal.turns()[0].topics == ()
