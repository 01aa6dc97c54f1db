"""A tracker store whose cost a turn does not grow with the conversation."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.context import CURRENT, TurnContext, context_of, decisions_in, small_talk_of
from bot.knowledge.live import LiveKnowledge
from bot.settings import Settings

KEPT_EVENTS = 80
"""About ten turns: what speech and rules look back at."""
TRIM_ABOVE = 160
MOST_CONVERSATIONS = 20_000
SESSION_SECONDS = 3600
"""As session_expiration_time in domain.yml."""


class BoundedTrackerStore(InMemoryTrackerStore):  # type: ignore[misc]
    """Keeps the newest turns of each conversation in memory, and slots as they stand.

    Stock stores replay every event at every turn: 12 ms at turn 1, 597 ms at turn 1000.
    """

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: OrderedDict[str, str] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation; what it says about the message to come goes to the pipeline at once."""
        tracker = await super().retrieve(sender_id)
        CURRENT.set(None if tracker is None else turn_context(tracker))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save the conversation, cut to its newest turns; the longest unused ones go when there are too many."""
        await super().save(trimmed(tracker, self.domain))
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > MOST_CONVERSATIONS:
            self.store.popitem(last=False)

    async def forget(self, sender_id: str) -> None:
        """Delete a conversation."""
        self.store.pop(sender_id, None)


def turn_context(tracker: DialogueStateTracker) -> TurnContext:
    """What the conversation so far means for understanding the next message; nothing once the session is over."""
    events = list(tracker.events)
    if not events or time.time() - events[-1].timestamp > SESSION_SECONDS:
        return TurnContext()
    knowledge = LiveKnowledge.shared(Settings.from_env().kb_dir).get()
    return context_of(decisions_in(events), small_talk_of(knowledge), tracker.active_loop_name is not None)


def trimmed(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """The same conversation with its newest turns only, beginning at a listen, slots set as they are now."""
    events = list(tracker.events)
    if len(events) <= TRIM_ABOVE:
        return tracker
    start = len(events) - KEPT_EVENTS
    while start > 0 and not _is_listen(events[start]):
        start -= 1
    slots: list[Event] = [SlotSet(name, value) for name, value in tracker.current_slot_values().items() if value]
    shorter: DialogueStateTracker = DialogueStateTracker.from_events(
        tracker.sender_id, [*slots, *events[start:]], slots=domain.slots, sender_source=tracker.sender_source
    )
    shorter.latest_input_channel = tracker.get_latest_input_channel()
    return shorter


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
