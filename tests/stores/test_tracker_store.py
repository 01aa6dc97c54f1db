"""A tracker store whose cost a turn does not grow with the conversation."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.context import CURRENT, TurnContext
from bot.stores import tracker as module
from bot.stores.tracker import (
    KEPT_EVENTS,
    SESSION_SECONDS,
    TRIM_ABOVE,
    BoundedTrackerStore,
    trimmed,
    turn_context,
)


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(Path(__file__).parents[2] / "domain.yml"))


def turn(number: int) -> list[Event]:
    """One turn as Rasa writes it: heard, answered, listening again."""
    custom = {"custom": {"type": "answer", "topic": f"topic {number}"}}
    return [
        UserUttered(f"message {number}", {"name": "faq", "confidence": 1.0}, input_channel="web"),
        ActionExecuted("utter_answer"),
        BotUttered(f"reply {number}", custom),
        ActionExecuted("action_listen"),
    ]


def conversation(domain: Domain, turns: int, *before: Event, sender: str = "web-1") -> DialogueStateTracker:
    begun = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    events = [*begun, *before, *(event for number in range(turns) for event in turn(number))]
    return DialogueStateTracker.from_events(sender, events, slots=domain.slots)


async def test_a_short_conversation_comes_back_whole(domain: Domain) -> None:
    store = BoundedTrackerStore(domain)
    tracker = conversation(domain, 5)

    await store.save(tracker)

    found = await store.retrieve("web-1")
    assert found is not None
    assert [event.as_dict() for event in found.events] == [event.as_dict() for event in tracker.events]


async def test_an_unknown_conversation_is_none(domain: Domain) -> None:
    assert await BoundedTrackerStore(domain).retrieve("nobody") is None


async def test_a_long_conversation_is_cut_to_its_newest_turns(domain: Domain) -> None:
    store = BoundedTrackerStore(domain)

    await store.save(conversation(domain, 500))

    found = await store.retrieve("web-1")
    assert found is not None
    assert KEPT_EVENTS <= len(found.events) <= KEPT_EVENTS + 10
    assert found.latest_message is not None and found.latest_message.text == "message 499"
    assert found.get_last_event_for(BotUttered).text == "reply 499"


@pytest.mark.thorough
async def test_a_conversation_never_grows_however_long_it_goes_on(domain: Domain) -> None:
    store = BoundedTrackerStore(domain)
    tracker = conversation(domain, 0, SlotSet("provider", "ecpa"))
    sizes = []

    for number in range(120):
        tracker.update_with_events(turn(number), domain)
        await store.save(tracker)
        found = await store.retrieve("web-1")
        assert found is not None
        tracker = found
        sizes.append(len(tracker.events))

    assert max(sizes) <= TRIM_ABOVE
    assert tracker.get_slot("provider") == "ecpa"


def test_slots_stand_as_they_were_also_those_set_long_ago(domain: Domain) -> None:
    long_ago = [SlotSet("provider", "egov"), SlotSet("portal", "teacher"), SlotSet("portal", "env_edu")]
    tracker = conversation(domain, 200, *long_ago)
    tracker.update_with_events([SlotSet("identity", "civil_servant")], domain)

    shorter = trimmed(tracker, domain)

    assert len(shorter.events) < len(tracker.events)
    assert shorter.current_slot_values() == tracker.current_slot_values()
    assert (shorter.get_slot("provider"), shorter.get_slot("portal")) == ("egov", "env_edu")


def test_a_slot_that_was_emptied_stays_empty(domain: Domain) -> None:
    tracker = conversation(domain, 200, SlotSet("provider", "egov"))
    tracker.update_with_events([SlotSet("provider", None)], domain)

    assert trimmed(tracker, domain).get_slot("provider") is None


def test_what_is_kept_begins_at_a_listen_after_the_slots(domain: Domain) -> None:
    tracker = conversation(domain, 200, SlotSet("provider", "egov"))

    events = list(trimmed(tracker, domain).events)

    rest = [event for event in events if not isinstance(event, SlotSet)]
    assert isinstance(events[0], SlotSet)
    assert isinstance(rest[0], ActionExecuted) and rest[0].action_name == "action_listen"


def test_a_conversation_just_at_the_limit_is_left_alone(domain: Domain) -> None:
    tracker = conversation(domain, (TRIM_ABOVE - 3) // 4)

    assert trimmed(tracker, domain) is tracker


def test_a_trimmed_conversation_keeps_its_channel_and_listens(domain: Domain) -> None:
    shorter = trimmed(conversation(domain, 200), domain)

    assert shorter.sender_id == "web-1"
    assert shorter.get_latest_input_channel() == "web"
    assert shorter.latest_action_name == "action_listen"


async def test_the_longest_unused_conversations_go_when_there_are_too_many(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CONVERSATIONS", 3)
    store = BoundedTrackerStore(domain)

    for sender in ("a", "b", "c", "a", "d"):
        await store.save(conversation(domain, 1, sender=sender))

    assert list(store.store) == ["c", "a", "d"]
    assert await store.retrieve("b") is None


def heard(text: str, topic: str, outcome: str = "answer", **more: Any) -> UserUttered:
    """A message with the decision that was made for it."""
    decision = {"outcome": outcome, "topics": [{"id": topic, "score": 0.9}], **more}
    return UserUttered(text, {"name": "faq", "confidence": 1.0}, [], {"text": text, "decision": decision})


async def test_whoever_fetches_a_conversation_sets_what_it_means_for_the_next_message(domain: Domain) -> None:
    store = BoundedTrackerStore(domain)
    await store.save(conversation(domain, 0, heard("怎麼退選", "withdraw_course")))

    await store.retrieve("web-1")

    assert CURRENT.get() == TurnContext("withdraw_course", "怎麼退選")


async def test_an_unknown_conversation_leaves_nothing_of_the_one_fetched_before(domain: Domain) -> None:
    store = BoundedTrackerStore(domain)
    await store.save(conversation(domain, 0, heard("怎麼退選", "withdraw_course")))
    await store.retrieve("web-1")

    await store.retrieve("web-2")

    assert CURRENT.get() is None


async def test_the_conversation_of_one_person_never_reaches_the_message_of_another(domain: Domain) -> None:
    store = BoundedTrackerStore(domain)
    await store.save(conversation(domain, 0, heard("怎麼退選", "withdraw_course"), sender="a"))
    await store.save(conversation(domain, 0, heard("證書怎麼印", "print_certificate"), sender="b"))
    topics: dict[str, list[str | None]] = {"a": [], "b": []}

    async def turn_of(sender: str) -> None:
        for _ in range(5):
            await store.retrieve(sender)
            await asyncio.sleep(0)
            context = CURRENT.get()
            topics[sender].append(context.topic if context is not None else None)

    await asyncio.gather(turn_of("a"), turn_of("b"))

    assert topics == {"a": ["withdraw_course"] * 5, "b": ["print_certificate"] * 5}


def test_a_guide_that_waits_is_part_of_the_context(domain: Domain) -> None:
    waiting = conversation(domain, 0, heard("開始", "withdraw_course"), ActiveLoop("guide_form"))
    done = conversation(domain, 0, ActiveLoop("guide_form"), ActiveLoop(None))

    assert turn_context(waiting).in_guide
    assert not turn_context(done).in_guide


def test_nothing_goes_on_from_a_conversation_that_is_over(domain: Domain) -> None:
    tracker = conversation(domain, 0, heard("怎麼退選", "withdraw_course"))
    fresh = turn_context(tracker)
    for event in tracker.events:
        event.timestamp = time.time() - SESSION_SECONDS - 1

    assert fresh.topic == "withdraw_course"
    assert turn_context(tracker) == TurnContext()


def test_a_conversation_without_events_means_nothing(domain: Domain) -> None:
    empty = DialogueStateTracker.from_events("web-1", [], slots=domain.slots)

    assert turn_context(empty) == TurnContext()


def test_what_was_answered_last_is_known_after_the_cut_too(domain: Domain) -> None:
    tracker = conversation(domain, 200)
    tracker.update_with_events([heard("怎麼退選", "withdraw_course"), *turn(200)], domain)

    assert turn_context(trimmed(tracker, domain)) == turn_context(tracker)
    assert turn_context(tracker).topic == "withdraw_course"


async def test_a_conversation_that_is_forgotten_is_gone_and_others_stay(domain: Domain) -> None:
    store = BoundedTrackerStore(domain)
    await store.save(conversation(domain, 1, sender="a"))
    await store.save(conversation(domain, 1, sender="b"))

    await store.forget("a")
    await store.forget("nobody")

    assert list(store.store) == ["b"]
