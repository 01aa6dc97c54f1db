"""What a page may draw of an answer or of a desk, with everything filled in: the same facts as the text says."""

from __future__ import annotations

from typing import TypedDict

from bot.knowledge.fill import fill, phone_text
from bot.knowledge.models import Answer, Desk, Knowledge, Part, Phone, Source
from bot.knowledge.notices import holding
from bot.speech.facts import DeskFacts

COUNTRY = "+886"


class PhoneView(TypedDict):
    """A number as a person reads it, and the value to dial after `tel:`."""

    text: str
    tel: str


class ContactView(TypedDict):
    """A desk; None where the sources give nothing, or where the text beside it does not say it."""

    desk: str
    name: str
    phones: list[PhoneView]
    mailboxes: list[str]
    hours: str | None
    state: str | None
    open_now: bool | None
    website: str | None


class PartView(TypedDict):
    """The piece of an answer for one provider, portal or identity."""

    title: str
    short: str
    steps: list[str]
    notes: list[str]


class LinkView(TypedDict):
    """A web address that the answer lists by itself."""

    title: str
    url: str


class SourceView(TypedDict):
    """A document by its title, and its sections that the answer rests on."""

    title: str
    sections: list[str]


class AnswerView(TypedDict):
    """An answer as it is spoken in one context; `speak_answer` makes its text of this very view."""

    notices: list[str]
    """Announcements that come before everything else."""
    short: str
    steps: list[str]
    parts: list[PartView]
    notes: list[str]
    links: list[LinkView]
    contacts: list[ContactView]
    sources: list[SourceView]
    reviewed: str


def answer_view(
    answer: Answer, parts: tuple[Part, ...], links: tuple[str, ...], contacts: tuple[str, ...], facts: DeskFacts
) -> AnswerView:
    """The view of an answer with these of its parts, links and contacts."""
    knowledge = facts.knowledge
    return {
        "notices": _filled(tuple(one.text for one in holding(knowledge, facts.now, answer.topic)), knowledge),
        "short": fill(answer.short, knowledge),
        "steps": _filled(answer.steps, knowledge),
        "parts": [
            {
                "title": part.title,
                "short": fill(part.short, knowledge),
                "steps": _filled(part.steps, knowledge),
                "notes": _filled(part.notes, knowledge),
            }
            for part in parts
        ],
        "notes": _filled(answer.notes, knowledge),
        "links": [{"title": knowledge.links[link].title, "url": knowledge.links[link].url} for link in links],
        # The line of a desk at the end of an answer leaves its website out, therefore so does the view.
        "contacts": [{**contact_view(knowledge.desks[desk], facts), "website": None} for desk in contacts],
        "sources": by_document(answer.sources, knowledge),
        "reviewed": answer.reviewed.isoformat(),
    }


def contact_view(desk: Desk, facts: DeskFacts) -> ContactView:
    """The view of a desk at the moment of the facts."""
    knowledge = facts.knowledge
    known = desk.hours is not None
    return {
        "desk": desk.id,
        "name": desk.name,
        "phones": [{"text": phone_text(phone, knowledge), "tel": tel(phone)} for phone in desk.phones],
        "mailboxes": [box.address for box in desk.mailboxes],
        "hours": facts.hours_text(desk) if known else None,
        "state": facts.state(desk) if known else None,
        "open_now": facts.opening(desk).open_now,
        "website": knowledge.links[desk.website].url if desk.website else None,
    }


def tel(phone: Phone) -> str:
    """What stands after `tel:` (RFC 3966); of several extensions none is dialled, since the person chooses.

    A number without an area code stays as it is dialled within the country: which area is meant, no source says.
    """
    if not phone.number.startswith("0"):
        return f"{phone.number};phone-context={COUNTRY}"
    number = f"{COUNTRY}-{phone.number[1:]}"
    return f"{number};ext={phone.extensions[0]}" if len(phone.extensions) == 1 else number


def _filled(texts: tuple[str, ...], knowledge: Knowledge) -> list[str]:
    return [fill(text, knowledge) for text in texts]


def by_document(sources: tuple[Source, ...], knowledge: Knowledge) -> list[SourceView]:
    """The sources grouped by the title of their document."""
    sections: dict[str, list[str]] = {}
    for source in sources:
        sections.setdefault(source.document, []).append(source.section)
    return [{"title": knowledge.documents[document].title, "sections": named} for document, named in sections.items()]
