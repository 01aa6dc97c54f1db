"""Conversations over a restart: gone on with where they stood, and the turn that was cut off done once more."""

from __future__ import annotations

import datetime

import pytest
from clock import Clock
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.dialogue.context import BEGUN, Begun
from bot.stores.conversation_states import KEPT, REDONE_WITHIN, ConversationStateRow, ConversationStates
from bot.stores.tracker import BoundedTrackerStore


@pytest.fixture
def states(engine: Engine, clock: Clock) -> ConversationStates:
    return ConversationStates(engine, clock)


def test_a_conversation_goes_on_where_it_stood(states: ConversationStates) -> None:
    states.keep("web-1", "一", None, "state 1")
    states.keep("web-1", "二", "state 1", "state 2")

    assert states.found("web-1", "三") == "state 2"
    assert states.found("web-2", "三") is None


def test_a_message_that_comes_again_is_read_as_it_was_the_first_time(states: ConversationStates, clock: Clock) -> None:
    states.keep("web-1", "一", None, "state 1")
    assert states.found("web-1", "一") is None
    states.keep("web-1", "送出", "state 1", "state 2")

    assert states.found("web-1", "送出") == "state 1"
    clock.now += REDONE_WITHIN
    assert states.found("web-1", "送出") == "state 2", "much later it is said anew"


def test_what_is_old_or_deleted_is_gone(states: ConversationStates, clock: Clock) -> None:
    states.keep("web-1", "一", None, "state 1")
    states.keep("web-2", "一", None, "state 1")
    states.forget("web-2")
    assert states.found("web-2", "二") is None

    clock.now += KEPT + datetime.timedelta(seconds=1)
    assert states.found("web-1", "二") is None
    states.keep("web-3", "一", None, "state 1")

    with states._engine.connect() as connection:
        assert len(connection.execute(select(ConversationStateRow.__table__)).all()) == 1


async def test_a_store_that_was_started_again_knows_the_conversation(
    states: ConversationStates, project, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = Domain.load(str(project / "domain.yml"))
    monkeypatch.setattr(BoundedTrackerStore, "states", states)
    BEGUN.set(Begun("一"))
    first = BoundedTrackerStore(domain)
    tracker = DialogueStateTracker("web-1", domain.slots)
    tracker.update_with_events([], domain)
    await first.save(tracker)

    BEGUN.set(Begun("二"))
    again = BoundedTrackerStore(domain)

    assert await again.retrieve("web-1") is not None
    await again.forget("web-1")
    assert await BoundedTrackerStore(domain).retrieve("web-1") is None


async def test_a_database_that_is_away_costs_the_thread_but_not_the_answer(
    states: ConversationStates, project, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = Domain.load(str(project / "domain.yml"))
    with states._engine.begin() as connection:
        ConversationStateRow.__table__.drop(connection)
    monkeypatch.setattr(BoundedTrackerStore, "states", states)
    BEGUN.set(Begun("一"))
    store = BoundedTrackerStore(domain)

    assert await store.retrieve("web-1") is None
    await store.save(DialogueStateTracker("web-1", domain.slots))

    assert await store.retrieve("web-1") is not None
