"""The in-process voice: Rasa's `nlg:` extension point, speaking from kb/ without training or restart."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.guides.library import GuideLibrary
from bot.knowledge.fill import fill
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge
from bot.knowledge.notices import holding
from bot.learners.clock import Clock, now_in_taipei
from bot.settings import Settings
from bot.speech.answers import speak_answer
from bot.speech.case_speech import (
    speak_case_desk,
    speak_case_here,
    speak_case_offer,
    speak_case_opened,
    speak_case_question,
    speak_case_summary,
)
from bot.speech.contacts import contact_custom, speak_contact, speak_contact_choice
from bot.speech.conversation import Conversation, named_desks
from bot.speech.facts import DeskFacts
from bot.speech.follow_ups import speak_follow_up
from bot.speech.personal import (
    GENERAL_TOPIC,
    speak_account_status,
    speak_course_status,
    speak_diagnosis,
    speak_guided_diagnosis,
    speak_learning_summary,
    speak_login_required,
    speak_record_gap,
)
from bot.speech.reply import Reply
from bot.speech.unsure import speak_complaint, speak_fallback, speak_miss, speak_suggestions

logger = logging.getLogger(__name__)
GREETING = "utter_greet"


class KnowledgeVoice(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """Speaks the `utter_` actions that depend on kb/; those of domain.yml with fixed words stay Rasa's own."""

    def __init__(
        self,
        endpoint_config: EndpointConfig | None,
        domain: Domain,
        knowledge: LiveKnowledge | None = None,
        clock: Clock = now_in_taipei,
        guides_in: Path | None = None,
    ) -> None:
        self._kb_dir = Settings.from_env().kb_dir if knowledge is None else guides_in
        self._knowledge = knowledge or LiveKnowledge.shared(Settings.from_env().kb_dir)
        self._clock = clock
        # Rasa hands the served domain's responses to a TemplatedNaturalLanguageGenerator alone, once a model is loaded.
        super().__init__(domain.responses)
        self._spoken: dict[str, Callable[[Conversation, Knowledge, datetime.datetime], Reply]] = {
            "utter_answer": _answer,
            "utter_suggest": _suggest,
            "utter_fallback": _fallback,
            "utter_contact": _contact,
            "utter_deny": _deny,
            "utter_complain": _complain,
            "utter_case_status": _case_status,
            "utter_general_hours": _general_hours,
        }
        self._found: dict[str, Callable[[dict[str, Any], Knowledge], Reply]] = {
            "utter_login_required": speak_login_required,
            "utter_diagnosis": speak_diagnosis,
            "utter_guided_diagnosis": speak_guided_diagnosis,
            "utter_course_status": speak_course_status,
            "utter_account_status": speak_account_status,
            "utter_learning_summary": speak_learning_summary,
            "utter_record_gap": speak_record_gap,
        }

        self._of_cases: dict[str, Callable[[dict[str, Any], Knowledge, datetime.datetime], Reply]] = {
            "utter_case_desk": speak_case_desk,
            "utter_case_offer": speak_case_offer,
            "utter_case_question": speak_case_question,
            "utter_case_summary": speak_case_summary,
            "utter_case_opened": speak_case_opened,
            "utter_case_here": speak_case_here,
        }

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response for an action; whatever goes wrong in kb/, the person gets a sentence."""
        speak, speak_found = self._spoken.get(utter_action), self._found.get(utter_action)
        speak_case = self._of_cases.get(utter_action)
        if speak is None and speak_found is None and speak_case is None:
            response: dict[str, Any] | None = await super().generate(utter_action, tracker, output_channel, **kwargs)
            return self._announced(response) if utter_action == GREETING else response
        knowledge, now = self._knowledge.get(), self._clock()
        try:
            if speak is not None:
                conversation = Conversation(tracker)
                reply = self._with_guide(speak(conversation, knowledge, now)).going_on(conversation.follow_up[0])
                return conversation.without_repeats(reply).as_response()
            if speak_case is not None:
                return speak_case(kwargs, knowledge, now).as_response()
            assert speak_found is not None
            return speak_found(kwargs, knowledge).as_response()
        except Exception:
            logger.exception("speaking %s failed; the fallback is spoken instead", utter_action)
            return speak_fallback(knowledge, now).as_response()

    def _announced(self, response: dict[str, Any] | None) -> dict[str, Any] | None:
        """The greeting behind what is to be announced just now."""
        knowledge = self._knowledge.get()
        told = [
            knowledge.phrases["notice"].format(text=fill(notice.text, knowledge))
            for notice in holding(knowledge, self._clock())
        ]
        if response is None or not told or not response.get("text"):
            return response
        return {**response, "text": "\n\n".join([*told, response["text"]])}

    def _with_guide(self, reply: Reply) -> Reply:
        """An answer whose topic has a step-by-step guide offers it first."""
        topic = (reply.custom or {}).get("topic")
        if self._kb_dir is None or topic is None:
            return reply
        titles = [walk.title for walk in GuideLibrary.shared(self._kb_dir).walks.values() if walk.topic == topic]
        return replace(reply, buttons=(*((title, title) for title in titles), *reply.buttons))


def _answer(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    topic, score = conversation.topics[0]
    answer = knowledge.answers.get(topic)
    if answer is None:
        return speak_fallback(knowledge, now)
    kind, step = conversation.follow_up
    if kind in ("step", "next", "again", "stuck"):
        return speak_follow_up(kind, step, answer, conversation.context(), knowledge, now)
    return speak_answer(answer, conversation.context(), knowledge, now, score)


def _suggest(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    return speak_suggestions([topic for topic, _score in conversation.topics], knowledge)


def _fallback(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    return speak_miss(conversation.misses(knowledge), knowledge, now)


def _deny(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    misses = conversation.misses(knowledge)
    if misses or conversation.suggestions_open():
        return speak_miss(misses, knowledge, now, first="denied_suggestions")
    return Reply(knowledge.phrases["denied"], (), {"type": "chat", "intent": "deny"})


def _contact(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    named = named_desks(conversation.entities("desk"))
    if not named:
        desk, topic = conversation.desk(knowledge)
        if topic is None and desk == "platform":
            return speak_contact_choice(knowledge, now)
        answer = knowledge.answers.get(topic or "")
        # The desk of a matter may be one that its answer sends on from: the platform never knows a password.
        contacts = answer.contacts[:2] if answer is not None else ()
        named = list(contacts) if contacts and desk not in contacts else [desk]
    first = speak_contact(named[0], knowledge, now)
    if len(named) == 1:
        return first
    second = speak_contact(named[1], knowledge, now)
    # A view holds one desk alone: two are drawn from the text.
    return replace(first, text=f"{first.text}\n\n{second.text}").without_view()


def _complain(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    desk, _topic = conversation.desk(knowledge)
    return speak_complaint(desk, knowledge, now)


def _general_hours(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    context = conversation.context()
    topic = GENERAL_TOPIC.get(context.get("portal", ""), "hours_not_uploaded_lifelong")
    answer = knowledge.answers.get(topic)
    if answer is None:
        return speak_fallback(knowledge, now)
    reply = speak_answer(answer, context, knowledge, now)
    guided = knowledge.phrases["guided_diagnosis"]
    return replace(reply, buttons=((guided, guided), *reply.buttons[1:]))


def _case_status(conversation: Conversation, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    desk_id, _topic = conversation.desk(knowledge)
    desk = knowledge.desks[desk_id]
    line = DeskFacts(knowledge, now).line(desk)
    return Reply("\n".join([knowledge.phrases["case_status"], line]), (), contact_custom(desk, knowledge, now))
