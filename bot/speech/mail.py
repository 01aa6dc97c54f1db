"""Drafting the reply to an e-mail: greeting, answer, desk, what else is needed, closing. It may be read days later."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.models import Desk, Knowledge
from bot.speech.answers import speak_answer
from bot.speech.contacts import COMMON_DESKS
from bot.speech.facts import DeskFacts
from bot.triage.rules import TriageRules

OWN_DESK = "platform"
"""Whose mailbox the mails come to."""


@dataclass(frozen=True)
class Asked:
    """What a mail turned out to be about."""

    outcome: str
    """answer, suggest or fallback."""
    topics: tuple[str, ...]
    """Answered, in order; for suggest those to choose from."""
    desk: str
    missing: tuple[str, ...]
    context: Mapping[str, str]
    """Provider, portal and identity, where the mail names one."""
    reason: str = ""
    """Why that desk, where it is not the one that the mail came to."""


class UndatedFacts(DeskFacts):
    """Facts of desks without whether they are open just now."""

    def hours(self, desk: Desk) -> str:
        """The service hours alone."""
        return self.knowledge.phrases["fact_hours_alone"].format(hours=self.hours_text(desk))


class MailDraft:
    """Drafts replies; answers that many mails get are put into words once."""

    def __init__(self, knowledge: Knowledge, rules: TriageRules, now: datetime.datetime) -> None:
        self._knowledge = knowledge
        self._rules = rules
        self._now = now
        self._facts = UndatedFacts(knowledge, now)
        self._spoken: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, str]] = {}

    def write(self, asked: Asked) -> str:
        """The whole text of a reply."""
        say, desks = self._rules.mail, self._knowledge.desks
        blocks = [say["greeting"], say["thanks"] + "\n" + "\n\n".join(self._body(asked))]
        if asked.missing:
            wanted = [self._rules.ask[code] for code in asked.missing]
            items = [say["item"].format(number=number, text=text) for number, text in enumerate(wanted, 1)]
            blocks.append("\n".join([say["missing"], *items]))
        blocks += [say["closing"], say["signature"].format(name=desks[OWN_DESK].name)]
        return "\n\n".join(blocks)

    def desk_of(self, topic: str, context: Mapping[str, str]) -> str | None:
        """The desk that the topic's answer names in this context; None where it has no answer."""
        if topic not in self._knowledge.answers:
            return None
        return self._answer(topic, context)[1]

    def _body(self, asked: Asked) -> Iterator[str]:
        say, topics, answers = self._rules.mail, self._knowledge.topics, self._knowledge.answers
        if asked.outcome == "suggest":
            shown = [say["choice"].format(title=topics[topic].title) for topic in asked.topics if topic in topics]
            yield "\n".join([say["choices"], *shown])
            return
        portal = asked.context.get("portal")
        told = [(topic, self._rules.answering(topic, portal)) for topic in asked.topics]
        if asked.outcome != "answer" or not told:
            yield say["unread"] if "question" in asked.missing else say["unclear"]
            return
        for number, (topic, instead) in enumerate(told):
            if instead in answers:
                head = say["second" if number else "answer"].format(title=answers[instead].title)
                if topic != instead:
                    yield say["personal"]
                yield head + "\n" + self._answer(instead, asked.context)[0]
            elif topic == "contact_desk":
                yield "\n".join([say["contact"], *self._lines((asked.desk, *COMMON_DESKS))])
            else:
                yield say["report"]
        if asked.desk != OWN_DESK:
            # The answer names its own contacts; a finer desk may be none of them.
            desk = self._knowledge.desks[asked.desk]
            reason = asked.reason or say["desk"].format(name=desk.name)
            yield "\n".join([reason, self._facts.line(desk)])

    def _lines(self, desks: Sequence[str]) -> list[str]:
        return [self._facts.line(self._knowledge.desks[desk]) for desk in dict.fromkeys(desks)]

    def _answer(self, topic: str, context: Mapping[str, str]) -> tuple[str, str]:
        """The answer's words and its desk."""
        keys = {part.key for part in self._knowledge.answers[topic].parts}
        key = (topic, tuple(sorted((name, value) for name, value in context.items() if name in keys)))
        if key not in self._spoken:
            answer = self._knowledge.answers[topic]
            reply = speak_answer(answer, context, self._knowledge, self._now, facts=self._facts)
            self._spoken[key] = (reply.text, str((reply.custom or {})["desk"]))
        return self._spoken[key]
