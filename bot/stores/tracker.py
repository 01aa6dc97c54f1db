"""A tracker store whose cost a turn does not grow with the conversation."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from typing import Any, ClassVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from bot.dialogue.context import BEGUN, CURRENT, TurnContext, context_of, decisions_in, small_talk_of
from bot.knowledge.live import LiveKnowledge
from bot.settings import Settings
from bot.stores.conversation_states import ConversationStates

logger = logging.getLogger(__name__)

KEPT_EVENTS = 80
"""About ten turns: what speech and rules look back at."""
TRIM_ABOVE = 160
MOST_CONVERSATIONS = 20_000
SESSION_SECONDS = 3600
"""As session_expiration_time in domain.yml."""


class BoundedTrackerStore(InMemoryTrackerStore):  # type: ignore[misc]
    """Keeps the newest turns of each conversation in memory, and slots as they stand.

    Where a database is given, each turn is written through to it, and a conversation that is not in memory is looked
    for there: a restart in the middle of a form or a guide loses nothing.

    Stock stores replay every event at every turn: 12 ms at turn 1, 597 ms at turn 1000.
    """

    states: ClassVar[ConversationStates | None] = None
    """Set by the server's process (bot.commands.rasa_server): Rasa itself makes the store."""

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
        if sender_id not in self.store:
            await self._look_up(sender_id)
        tracker = await super().retrieve(sender_id)
        CURRENT.set(None if tracker is None else turn_context(tracker))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save the conversation, cut to its newest turns; the longest unused ones go when there are too many."""
        before = self.store.get(tracker.sender_id)
        await super().save(trimmed(tracker, self.domain))
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > MOST_CONVERSATIONS:
            self.store.popitem(last=False)
        await self._write_through(tracker.sender_id, before)

    async def forget(self, sender_id: str) -> None:
        """Delete a conversation."""
        self.store.pop(sender_id, None)
        if self.states is not None:
            await asyncio.to_thread(self.states.forget, sender_id)

    async def _look_up(self, sender_id: str) -> None:
        begun = BEGUN.get()
        if self.states is None or begun is None:
            return
        try:
            state = await asyncio.to_thread(self.states.found, sender_id, begun.message)
        except (SQLAlchemyError, OSError) as error:
            logger.error("the state of a conversation cannot be read: %s", type(error).__name__)
            return
        if state is not None:
            self.store[sender_id] = state

    async def _write_through(self, sender_id: str, before: str | None) -> None:
        begun = BEGUN.get()
        if self.states is None or begun is None:
            return
        if not begun.kept:
            # A message with a second question in it is two turns to Rasa, and one to whoever sends it again.
            begun.before, begun.kept = before, True
        try:
            after = self.store[sender_id]
            await asyncio.to_thread(self.states.keep, sender_id, begun.message, begun.before, after)
        except (SQLAlchemyError, OSError) as error:
            # The person gets the answer; what a restart would lose is the thread of the conversation.
            logger.error("the state of a conversation cannot be kept: %s", type(error).__name__)


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
