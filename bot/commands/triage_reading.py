"""From a message to its row: its own words, topic and confidence, desk, what is missing, a drafted reply."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from bot.cases.rules import Rules
from bot.cases.rules import load_rules as load_routing
from bot.channels.front_door import LONGEST_MESSAGE
from bot.commands.triage_desk import desk_for
from bot.commands.understanding import Heard, Understanding
from bot.desks.hours import TAIPEI
from bot.knowledge.models import CONTEXT_KEYS, Knowledge
from bot.knowledge.public import public_facts
from bot.learners.course_titles import shared_titles
from bot.nlu.decision import ANSWER, FALLBACK, SUGGEST, Decision
from bot.nlu.mentions import Mention, MentionFinder
from bot.nlu.model import OUT_OF_SCOPE
from bot.nlu.thresholds import Thresholds
from bot.privacy.redact import MAIL, NATIONAL_ID, PHONE, RESIDENT, redact
from bot.settings import Settings
from bot.speech.mail import Asked, MailDraft
from bot.triage.inbound import Inbound
from bot.triage.missing import missing
from bot.triage.named_course import named_course
from bot.triage.own_words import bare_subject, own_words
from bot.triage.rules import TriageRules, load_rules

LONGEST = LONGEST_MESSAGE - 100
"""Signs that are understood of a message; redaction may lengthen it a little."""
LONGEST_READ = 20_000
"""Signs that are looked through for what a message names."""
CONTACT = "contact"
LABELS = re.compile("|".join(re.escape(label) for label in (PHONE, MAIL, NATIONAL_ID, RESIDENT)))


class Understands(Protocol):
    """What is needed of bot.commands.understanding.Understanding."""

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge that decisions rest on."""

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds that training chose."""

    def hear(self, texts: Sequence[str]) -> list[Heard]:
        """What the model thinks of each text."""

    def decide(self, heard: Sequence[Heard], thresholds: Thresholds) -> list[Decision]:
        """One decision for each message heard."""


class Triage:
    """Sorts messages, many at a time."""

    def __init__(
        self,
        understanding: Understands,
        rules: TriageRules,
        find: Callable[[str, datetime.date], list[Mention]],
        now: datetime.datetime,
        routing: Rules | None = None,
    ) -> None:
        self._understanding = understanding
        self._knowledge = understanding.knowledge
        self._public = public_facts(self._knowledge)
        self._rules = rules
        self._routing = routing
        self._find = find
        self._draft = MailDraft(self._knowledge, rules, now)
        self._today = now.date()

    @classmethod
    def from_settings(cls, settings: Settings) -> Triage:
        """With the trained model and the titles of the database; raises NoModelError and ValueError."""
        understanding = Understanding(settings)
        knowledge = understanding.knowledge
        finder = MentionFinder(knowledge.vocabulary, shared_titles(settings.database_url).get())
        rules = load_rules(settings.kb_dir, knowledge)
        routing = load_routing(settings.kb_dir, knowledge)[0]
        return cls(understanding, rules, finder.find, datetime.datetime.now(TAIPEI), routing)

    def sort(self, messages: Sequence[Inbound]) -> list[dict[str, Any]]:
        """A row for each message, in order."""
        good = [message for message in messages if not message.error]
        texts = [self._asking(message) for message in good]
        redacted = [redact(text[:LONGEST_READ], self._public) for text in texts]
        # A label in place of a phone number would read like a question for one.
        heard = self._understanding.hear([LABELS.sub("", text)[:LONGEST] for text in redacted])
        decisions = self._understanding.decide(heard, self._understanding.thresholds)
        rows = iter([self._row(*one) for one in zip(good, redacted, heard, decisions)])
        return [_bad(message) if message.error else next(rows) for message in messages]

    def _row(self, message: Inbound, redacted: str, heard: Heard, decision: Decision) -> dict[str, Any]:
        entities = self._entities(redacted)
        context = {key: value for key in CONTEXT_KEYS if (value := entities.get(key))}
        topic, confidence, topics = _topic(decision, heard)
        answering = self._rules.answering(topic, context.get("portal"))
        answer_desk = self._draft.desk_of(answering, context)
        named = [entities["desk"]] if entities.get("desk") else []
        desk, reason = desk_for(topic, context, self._knowledge, answer_desk, self._routing, named)
        lacks = missing(topic, desk, redacted, entities, self._rules, message.pictures, message.sender)
        if CONTACT in lacks:
            # A phone number in the signature is a contact too, although the signature asks nothing.
            whole = redact(message.body[:LONGEST_READ], self._public)
            if CONTACT not in missing(topic, desk, whole, entities, self._rules):
                lacks = tuple(code for code in lacks if code != CONTACT)
        asked = Asked(decision.outcome, topics, desk, lacks, context, reason)
        return {
            "id": message.id,
            "desk": desk,
            "topic": topic,
            "confidence": round(confidence, 4),
            "missing": ";".join(lacks),
            "draft": self._draft.write(asked),
            "error": "",
        }

    def _asking(self, message: Inbound) -> str:
        """Subject and own words as one text."""
        subject, body = bare_subject(message.subject), own_words(message.body)
        if not subject or subject in body:
            return body
        return "\n\n".join([self._rules.mail["heading"].format(subject=subject), body]) if body else subject

    def _entities(self, text: str) -> Mapping[str, str]:
        """What the text names; of a kind of which it names several, none counts for the choice of an answer."""
        found: dict[str, set[str]] = {}
        for one in self._find(text, self._today):
            if one.role is None:
                found.setdefault(one.entity, set()).add(one.value)
        named = {entity: values.pop() if len(values) == 1 else "" for entity, values in found.items()}
        course = named_course(text)
        return {**({"course_title": course} if course else {}), **named}


def _topic(decision: Decision, heard: Heard) -> tuple[str, float, tuple[str, ...]]:
    """The topic of the row, how sure it is, and the topics that the draft speaks of."""
    if decision.outcome == FALLBACK or not decision.topics:
        return OUT_OF_SCOPE, max(0.0, 1 - heard.ranked.offer), ()
    topics = tuple(topic for topic, _score in decision.topics)
    if decision.outcome == SUGGEST:
        return topics[0], decision.topics[0][1], topics
    assert decision.outcome == ANSWER
    return topics[0], decision.topics[0][1], decision.answered or topics[:1]


def _bad(message: Inbound) -> dict[str, Any]:
    return {
        "id": message.id,
        "desk": "",
        "topic": "",
        "confidence": None,
        "missing": "",
        "draft": "",
        "error": message.error,
    }
