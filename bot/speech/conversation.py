"""What the conversation so far says: named providers and portals, the last topic, whether suggestions stand open."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.context import CONTINUES, context_of, decisions_in, small_talk_of
from bot.knowledge.models import CONTEXT_KEYS, Knowledge
from bot.speech.reply import Reply

_LOOK_BACK = 40
"""Events of the tracker that are looked at, newest first: enough for several turns, constant in cost."""


class Conversation:
    """A reading of the tracker for speech; nothing is changed."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self._tracker = tracker
        self._parse: dict[str, Any] = (tracker.latest_message.parse_data or {}) if tracker.latest_message else {}

    @property
    def topics(self) -> list[tuple[str, float]]:
        """The topics of the decision for the newest message."""
        decision = self._parse.get("decision") or {}
        return [(str(one["id"]), float(one["score"])) for one in decision.get("topics", [])]

    @property
    def follow_up(self) -> tuple[str, int]:
        """How the newest message goes on from an answer, and the step that it asks for (0: none)."""
        decision = self._parse.get("decision") or {}
        return str(decision.get("follow_up") or ""), int(decision.get("step") or 0)

    def misses(self, knowledge: Knowledge) -> int:
        """Turns in a row before the newest message in which nothing fitted."""
        events = list(self._tracker.events)
        last = max((at for at, event in enumerate(events) if isinstance(event, UserUttered)), default=0)
        return context_of(decisions_in(events[:last]), small_talk_of(knowledge)).misses

    def without_repeats(self, reply: Reply) -> Reply:
        """For a further question of one message: the reply without paragraphs and buttons that the one before had.

        Paragraphs go only whole: a list keeps its heading, and steps keep their numbers.
        """
        metadata = (self._tracker.latest_message.metadata or {}) if self._tracker.latest_message else {}
        if not metadata.get(CONTINUES):
            return reply
        before = next((event for event in self._newest_first() if isinstance(event, BotUttered)), None)
        if before is None:
            return reply
        said = set(str(before.text or "").splitlines()) - {""}
        pressed = {str(one.get("title")) for one in (before.data or {}).get("buttons") or []}
        new = [part for part in reply.text.split("\n\n") if not said.issuperset(part.splitlines())]
        if not new:
            return reply
        buttons = tuple(button for button in reply.buttons if button[0] not in pressed)
        return Reply("\n\n".join(new), buttons, reply.custom)

    @property
    def learner_id(self) -> str | None:
        """The learner that the front door proved for the newest message."""
        metadata = (self._tracker.latest_message.metadata or {}) if self._tracker.latest_message else {}
        learner_id = metadata.get("learner_id")
        return learner_id if isinstance(learner_id, str) else None

    def entities(self, kind: str) -> list[str]:
        """Values of an entity in the newest message, in order, each once; finer ones (with a role) choose no answer."""
        coarse = (one for one in self._parse.get("entities", []) if not one.get("role"))
        found = [str(one["value"]) for one in coarse if one.get("entity") == kind]
        return list(dict.fromkeys(found))

    def context(self) -> dict[str, str]:
        """Provider, portal and identity: those of the newest message, else those named before in the conversation."""
        context: dict[str, str] = {}
        for key in CONTEXT_KEYS:
            named = self.entities(key)
            earlier = self._tracker.get_slot(key)
            if len(named) == 1:
                context[key] = named[0]
            elif not named and isinstance(earlier, str):
                context[key] = earlier
        return context

    def last_custom(self, *types: str) -> dict[str, Any] | None:
        """The newest machine-readable part of these types that the bot said before the newest message."""
        for event in self._newest_first():
            if isinstance(event, BotUttered):
                custom = (event.data or {}).get("custom") or {}
                if custom.get("type") in types:
                    return dict(custom)
        return None

    def suggestions_open(self) -> bool:
        """Whether the bot's last words before the newest message were suggestions."""
        for event in self._newest_first():
            if isinstance(event, BotUttered):
                return ((event.data or {}).get("custom") or {}).get("type") == "suggest"
        return False

    def desk(self, knowledge: Knowledge) -> tuple[str, str | None]:
        """The desk for what is being talked about and the topic it follows from (None where nothing was)."""
        named = named_desks(self.entities("desk"))
        if named:
            return named[0], None
        last = self.last_custom("answer", "contact", "diagnosis")
        if last is not None and last.get("learner_id") not in (None, self.learner_id):
            # Said to a learner who is not proven to be speaking now: nothing follows from it.
            last = None
        if last is not None and last.get("desk") in knowledge.desks:
            topic = last.get("topic")
            return str(last["desk"]), topic if isinstance(topic, str) else None
        return "platform", None

    def _newest_first(self) -> list[Any]:
        events: list[Any] = []
        seen_user = False
        for event in reversed(self._tracker.events):
            if isinstance(event, UserUttered) and not seen_user:
                seen_user = True
                continue
            if seen_user:
                events.append(event)
            if len(events) >= _LOOK_BACK:
                break
        return events


def named_desks(values: list[str]) -> list[str]:
    """At most two desks out of those a message names; the platform only where no other is named."""
    others = [value for value in values if value != "platform"]
    return (others or values)[:2]
