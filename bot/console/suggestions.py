"""Answers of kb/ that may serve as a reply: the topic's own, then its neighbours', as plain text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.fill import fill, phone_text
from bot.knowledge.models import Answer, Knowledge, Part

MOST = 6


@dataclass(frozen=True)
class Suggestion:
    """An answer ready to be inserted."""

    topic: str
    title: str
    text: str


def suggestions(topic: str | None, knowledge: Knowledge) -> list[Suggestion]:
    """The answer of a topic and those related to it; none where the topic has no answer."""
    own = knowledge.answers.get(topic or "")
    if own is None:
        return []
    near = (*own.related, *(one for part in own.parts for one in part.related))
    topics = [own.topic, *(one for one in dict.fromkeys(near) if one in knowledge.answers and one != own.topic)]
    return [
        Suggestion(one, knowledge.answers[one].title, text_of(knowledge.answers[one], knowledge))
        for one in topics[:MOST]
    ]


def text_of(answer: Answer, knowledge: Knowledge) -> str:
    """The whole answer as a person would write it in a message."""
    say = knowledge.phrases
    lines = [fill(answer.short, knowledge), *_steps(answer.steps, knowledge)]
    for part in answer.parts:
        lines += ["", *_part(part, knowledge)]
    if answer.notes:
        lines += ["", say["notes_heading"], *_notes(answer.notes, knowledge)]
    reach = [line for desk in answer.contacts for line in _reach(desk, knowledge)]
    if reach:
        lines += ["", say["contacts_heading"], *reach]
    return "\n".join(lines)


def _part(part: Part, knowledge: Knowledge) -> Iterable[str]:
    yield knowledge.phrases["part_heading"].format(title=part.title)
    if part.short:
        yield fill(part.short, knowledge)
    yield from _steps(part.steps, knowledge)
    yield from _notes(part.notes, knowledge)


def _steps(steps: Iterable[str], knowledge: Knowledge) -> Iterable[str]:
    for number, step in enumerate(steps, 1):
        yield knowledge.phrases["step"].format(number=number, text=fill(step, knowledge))


def _notes(notes: Iterable[str], knowledge: Knowledge) -> Iterable[str]:
    return (knowledge.phrases["note"].format(text=fill(note, knowledge)) for note in notes)


def _reach(desk_id: str, knowledge: Knowledge) -> Iterable[str]:
    desk, say = knowledge.desks[desk_id], knowledge.phrases
    phones = say["list_comma"].join(phone_text(phone, knowledge) for phone in desk.phones)
    boxes = say["list_comma"].join(box.address for box in desk.mailboxes)
    facts = [say["fact_phone"].format(phones=phones)] if phones else []
    facts += [say["fact_mail"].format(addresses=boxes)] if boxes else []
    if facts:
        yield say["contact_line"].format(name=desk.name, facts=say["sentence_gap"].join(facts))
