"""Speaking an answer of the knowledge base: short answer, steps, what to watch for, the desk, the sources."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from bot.knowledge.fill import fill
from bot.knowledge.models import Answer, Knowledge, Part
from bot.speech.facts import DeskFacts
from bot.speech.reply import Reply, topic_buttons

Context = Mapping[str, str]
"""What the message or the conversation names: provider, portal or identity to its value."""

MOST_RELATED = 3
MOST_SOURCES = 3


def speak_answer(
    answer: Answer, context: Context, knowledge: Knowledge, now: datetime.datetime, score: float = 1.0
) -> Reply:
    """The reply for an answer; of its parts only those that the context names, all where it names none."""
    parts = parts_for(answer, context)
    contacts = _first_of((part.contacts for part in parts), answer.contacts, chosen=len(parts) < len(answer.parts))
    links = tuple(dict.fromkeys((*answer.links, *(link for part in parts for link in part.links))))
    related = tuple(dict.fromkeys((*(topic for part in parts for topic in part.related), *answer.related)))
    text = "\n".join(
        [
            *_body(answer, parts, knowledge),
            *_links(links, knowledge, said="".join([answer.short, *answer.steps, *answer.notes])),
            *_contacts(contacts, knowledge, now),
            _sources(answer, knowledge),
        ]
    )
    custom = {
        "type": "answer",
        "topic": answer.topic,
        "score": round(score, 4),
        "desk": contacts[0] if contacts and parts and len(parts) < len(answer.parts) else answer.desk,
        "sources": [{"document": source.document, "section": source.section} for source in answer.sources],
        "reviewed": answer.reviewed.isoformat(),
    }
    shown = [topic for topic in related if topic != answer.topic][:MOST_RELATED]
    return Reply(text, topic_buttons(shown, knowledge), custom)


def parts_for(answer: Answer, context: Context) -> tuple[Part, ...]:
    """The parts that the context asks for; all of them where it asks for none of this answer's."""
    named = tuple(part for part in answer.parts if context.get(part.key) == part.value)
    return named or answer.parts


def _body(answer: Answer, parts: tuple[Part, ...], knowledge: Knowledge) -> Iterable[str]:
    say = knowledge.phrases
    yield fill(answer.short, knowledge)
    yield from _steps(answer.steps, knowledge)
    for part in parts:
        yield ""
        yield say["part_heading"].format(title=part.title)
        if part.short:
            yield fill(part.short, knowledge)
        yield from _steps(part.steps, knowledge)
        yield from (say["note"].format(text=fill(note, knowledge)) for note in part.notes)
    if answer.notes:
        yield ""
        yield say["notes_heading"]
        yield from (say["note"].format(text=fill(note, knowledge)) for note in answer.notes)


def _steps(steps: tuple[str, ...], knowledge: Knowledge) -> Iterable[str]:
    for number, step in enumerate(steps, 1):
        yield knowledge.phrases["step"].format(number=number, text=fill(step, knowledge))


def _links(links: tuple[str, ...], knowledge: Knowledge, said: str) -> Iterable[str]:
    wanted = [knowledge.links[link] for link in links if f"{{link:{link}}}" not in said]
    if wanted:
        yield ""
        yield knowledge.phrases["links_heading"]
        yield from (knowledge.phrases["link_line"].format(title=link.title, url=link.url) for link in wanted)


def _contacts(contacts: tuple[str, ...], knowledge: Knowledge, now: datetime.datetime) -> Iterable[str]:
    if contacts:
        facts = DeskFacts(knowledge, now)
        yield ""
        yield knowledge.phrases["contacts_heading"]
        yield from (facts.line(knowledge.desks[desk]) for desk in contacts)


def _sources(answer: Answer, knowledge: Knowledge) -> str:
    """The first sources by name; all of them are in the machine-readable part."""
    say = knowledge.phrases
    by_document: dict[str, list[str]] = {}
    for source in answer.sources[:MOST_SOURCES]:
        by_document.setdefault(source.document, []).append(source.section)
    texts = [
        say["source"].format(title=knowledge.documents[document].title, sections=say["list_comma"].join(sections))
        for document, sections in by_document.items()
    ]
    more = say["sources_more"].format(count=len(answer.sources)) if len(answer.sources) > MOST_SOURCES else ""
    sources = say["list_comma"].join(texts) + more
    return "\n" + say["sources_line"].format(sources=sources, reviewed=answer.reviewed.isoformat())


def _first_of(of_parts: Iterable[tuple[str, ...]], common: tuple[str, ...], chosen: bool) -> tuple[str, ...]:
    """The contacts of the parts where these were chosen by the context, else those of the answer."""
    special = tuple(dict.fromkeys(contact for contacts in of_parts for contact in contacts))
    return special if chosen and special else common
