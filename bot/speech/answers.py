"""Speaking an answer of the knowledge base: short answer, steps, what to watch for, the desk, the sources."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from bot.knowledge.models import Answer, Knowledge, Part, Source
from bot.speech.facts import DeskFacts
from bot.speech.reply import Reply, topic_buttons
from bot.speech.views import AnswerView, answer_view, by_document

Context = Mapping[str, str]
"""What the message or the conversation names: provider, portal or identity to its value."""

MOST_RELATED = 3
MOST_SOURCES = 3


def speak_answer(
    answer: Answer,
    context: Context,
    knowledge: Knowledge,
    now: datetime.datetime,
    score: float = 1.0,
    facts: DeskFacts | None = None,
) -> Reply:
    """The reply for an answer; of its parts only those that the context names, all where it names none.

    `facts` say how desks are told, where not as of now.
    """
    parts = parts_for(answer, context)
    contacts = _first_of((part.contacts for part in parts), answer.contacts, chosen=len(parts) < len(answer.parts))
    links = tuple(dict.fromkeys((*answer.links, *(link for part in parts for link in part.links))))
    related = tuple(dict.fromkeys((*(topic for part in parts for topic in part.related), *answer.related)))
    said = "".join([answer.short, *answer.steps, *answer.notes])
    unsaid = tuple(link for link in links if f"{{link:{link}}}" not in said)
    facts = facts or DeskFacts(knowledge, now)
    view = answer_view(answer, parts, unsaid, contacts, facts)
    text = "\n".join(
        [
            *_body(view, knowledge),
            *_links(view, knowledge),
            *_contacts(contacts, facts),
            _sources(answer.sources[:MOST_SOURCES], len(answer.sources), view, knowledge),
        ]
    )
    custom = {
        "type": "answer",
        "topic": answer.topic,
        "score": round(score, 4),
        "desk": contacts[0] if contacts and parts and len(parts) < len(answer.parts) else answer.desk,
        "sources": [{"document": source.document, "section": source.section} for source in answer.sources],
        "reviewed": answer.reviewed.isoformat(),
        "view": view,
    }
    shown = [topic for topic in related if topic != answer.topic][:MOST_RELATED]
    return Reply(text, topic_buttons(shown, knowledge), custom)


def parts_for(answer: Answer, context: Context) -> tuple[Part, ...]:
    """The parts that the context asks for; all of them where it asks for none of this answer's."""
    named = tuple(part for part in answer.parts if context.get(part.key) == part.value)
    return named or answer.parts


def _body(view: AnswerView, knowledge: Knowledge) -> Iterable[str]:
    say = knowledge.phrases
    for notice in view["notices"]:
        yield say["notice"].format(text=notice)
        yield ""
    yield view["short"]
    yield from _steps(view["steps"], knowledge)
    for part in view["parts"]:
        yield ""
        yield say["part_heading"].format(title=part["title"])
        if part["short"]:
            yield part["short"]
        yield from _steps(part["steps"], knowledge)
        yield from (say["note"].format(text=note) for note in part["notes"])
    if view["notes"]:
        yield ""
        yield say["notes_heading"]
        yield from (say["note"].format(text=note) for note in view["notes"])


def _steps(steps: list[str], knowledge: Knowledge) -> Iterable[str]:
    for number, step in enumerate(steps, 1):
        yield knowledge.phrases["step"].format(number=number, text=step)


def _links(view: AnswerView, knowledge: Knowledge) -> Iterable[str]:
    if view["links"]:
        yield ""
        yield knowledge.phrases["links_heading"]
        yield from (knowledge.phrases["link_line"].format(**link) for link in view["links"])


def _contacts(contacts: tuple[str, ...], facts: DeskFacts) -> Iterable[str]:
    if contacts:
        yield ""
        yield facts.knowledge.phrases["contacts_heading"]
        yield from (facts.line(facts.knowledge.desks[desk]) for desk in contacts)


def _sources(first: tuple[Source, ...], count: int, view: AnswerView, knowledge: Knowledge) -> str:
    """The first sources by name; all of them are in the machine-readable part."""
    say = knowledge.phrases
    texts = [
        say["source"].format(title=source["title"], sections=say["list_comma"].join(source["sections"]))
        for source in by_document(first, knowledge)
    ]
    more = say["sources_more"].format(count=count) if count > len(first) else ""
    sources = say["list_comma"].join(texts) + more
    return "\n" + say["sources_line"].format(sources=sources, reviewed=view["reviewed"])


def _first_of(of_parts: Iterable[tuple[str, ...]], common: tuple[str, ...], chosen: bool) -> tuple[str, ...]:
    """The contacts of the parts where these were chosen by the context, else those of the answer."""
    special = tuple(dict.fromkeys(contact for contacts in of_parts for contact in contacts))
    return special if chosen and special else common
