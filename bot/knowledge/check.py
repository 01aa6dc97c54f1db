"""What must hold across the files of kb/, beyond each file's own schema."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from bot.knowledge.freshness import freshness_faults, review_faults
from bot.knowledge.load import answer_files, read
from bot.knowledge.models import Answer, Fault, Knowledge, Source
from bot.knowledge.notices import notice_faults
from bot.knowledge.texts import phrase_faults, text_faults, texts_of

HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?", re.IGNORECASE)
REQUIRED_CAUSES = Path(__file__).parent / "schema" / "required_causes.txt"


def check(kb_dir: Path, today: datetime.date | None = None) -> list[Fault]:
    """Every fault of kb/, by file; an empty list means that all of it holds."""
    knowledge, faults = read(kb_dir)
    return faults + faults_of(knowledge, kb_dir, today=today)


def faults_of(
    knowledge: Knowledge, kb_dir: Path, answers_only: bool = False, today: datetime.date | None = None
) -> list[Fault]:
    """The faults between the files of what could be read; with answers_only just those that break an answer."""
    found = [Fault(f"{kb_dir.name}/phrases.yml", message) for message in phrase_faults(knowledge.phrases)]
    if found:
        # Without its phrases nothing can be rendered, so nothing else can be checked either.
        return found
    for answer in knowledge.answers.values():
        where = answer.path.relative_to(kb_dir.parent).as_posix()
        found += [Fault(where, message) for message in _answer_faults(answer, knowledge, kb_dir)]
        if answer.reviewed > (today or datetime.date.today() + datetime.timedelta(days=1)):
            found.append(Fault(where, f"reviewed {answer.reviewed} lies in the future"))
    if not answers_only:
        folder = kb_dir.name
        found += [Fault(f"{folder}/topics.yml", message) for message in _topic_faults(knowledge, kb_dir)]
        found += [Fault(f"{folder}/desks.yml", message) for message in _desk_faults(knowledge)]
        found += [Fault(f"{folder}/links.yml", message) for message in _link_faults(knowledge)]
        found += [Fault(f"{folder}/causes.yml", message) for message in _cause_faults(knowledge)]
        found += [Fault(f"{folder}/calendar.yml", message) for message in _calendar_faults(knowledge)]
        found += [Fault(f"{folder}/vocabulary.yml", message) for message in _vocabulary_faults(knowledge)]
        found += [Fault(f"{folder}/notices.yml", message) for message in _notice_faults(knowledge)]
        found += [Fault(f"{folder}/review.yml", message) for message in review_faults(knowledge, kb_dir)]
    return found


def _answer_faults(answer: Answer, knowledge: Knowledge, kb_dir: Path) -> Iterator[str]:
    topic = knowledge.topics.get(answer.topic)
    if topic is None or topic.kind != "faq":
        yield f"topic {answer.topic!r} is no faq topic of topics.yml; correct it or add the topic there"
    else:
        if topic.desk and topic.desk != answer.desk:
            yield f"desk is {answer.desk!r} but topics.yml says {topic.desk!r}"
        if topic.title != answer.title:
            yield f"title differs from topics.yml ({topic.title}); the title is what buttons send, keep them the same"
    if answer.path.stem != answer.topic:
        yield f"the file must be named {answer.topic}.yml after its topic"
    for desk in _unknown((answer.desk, *answer.contacts, *_of_parts(answer, "contacts")), knowledge.desks):
        yield f"desk {desk!r} is not in desks.yml"
    for link in _unknown((*answer.links, *_of_parts(answer, "links")), knowledge.links):
        yield f"link {link!r} is not in links.yml"
    for related in _unknown((*answer.related, *_of_parts(answer, "related")), knowledge.topics):
        yield f"related topic {related!r} is not in topics.yml"
    if answer.topic in answer.related:
        yield "names itself as related"
    for source in answer.sources:
        yield from source_faults(source, knowledge)
    for text in texts_of(answer):
        yield from text_faults(text, knowledge)
    yield from freshness_faults(answer)
    seen: set[tuple[str, str]] = set()
    for part in answer.parts:
        if (part.key, part.value) in seen:
            yield f"two parts hold for {part.key} {part.value}"
        seen.add((part.key, part.value))
        if not (part.short or part.steps or part.notes):
            yield f"the part {part.title!r} says nothing"


def _notice_faults(knowledge: Knowledge) -> Iterator[str]:
    yield from notice_faults(knowledge)
    for notice in knowledge.notices:
        yield from (f"{notice.id}: {fault}" for fault in text_faults(notice.text, knowledge))


def _topic_faults(knowledge: Knowledge, kb_dir: Path) -> Iterator[str]:
    written = {path.stem for path in answer_files(kb_dir)}
    titles: dict[str, str] = {}
    for topic in knowledge.topics.values():
        if topic.kind == "faq" and topic.id not in knowledge.answers and topic.id not in written:
            yield f"topic {topic.id} has no answer; write answers/<group>/{topic.id}.yml"
        if topic.desk and topic.desk not in knowledge.desks:
            yield f"topic {topic.id}: desk {topic.desk!r} is not in desks.yml"
        if topic.title in titles:
            yield f"topics {titles[topic.title]} and {topic.id} share one title; buttons could not tell them apart"
        titles[topic.title] = topic.id


def _desk_faults(knowledge: Knowledge) -> Iterator[str]:
    for desk in knowledge.desks.values():
        sources = (
            *desk.sources,
            *((desk.hours_source,) if desk.hours_source else ()),
            *(phone.source for phone in (*desk.phones, *desk.faxes)),
            *(mailbox.source for mailbox in desk.mailboxes),
        )
        for source in sources:
            yield from (f"{desk.id}: {fault}" for fault in source_faults(source, knowledge))
        if desk.next_desk not in knowledge.desks or desk.next_desk == desk.id:
            yield f"{desk.id}: next_desk {desk.next_desk!r} must name another desk of this file"
        if desk.website is not None and desk.website not in knowledge.links:
            yield f"{desk.id}: website {desk.website!r} is not in links.yml"
        for periods in (desk.hours or {}).values():
            moments = [moment for period in periods for moment in period]
            if any(first >= second for first, second in pairwise(moments)):
                yield f"{desk.id}: hours must run forward, be in order and not overlap"


def _link_faults(knowledge: Knowledge) -> Iterator[str]:
    for link in knowledge.links.values():
        if not _is_https(link.url):
            yield f"{link.id}: {link.url!r} is no well-formed https address"
        yield from (f"{link.id}: {fault}" for fault in source_faults(link.source, knowledge))


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(HOST.fullmatch(parts.netloc)) and not any(sign.isspace() for sign in url)


def _cause_faults(knowledge: Knowledge) -> Iterator[str]:
    required = REQUIRED_CAUSES.read_text(encoding="utf-8").split()
    for code in _unknown(required, knowledge.causes):
        yield f"cause {code} is missing"
    for code in _unknown(knowledge.causes, required):
        yield f"cause {code} is no cause of the diagnosis"
    for cause in knowledge.causes.values():
        if cause.topic not in knowledge.topics:
            yield f"{cause.code}: topic {cause.topic!r} is not in topics.yml"
        for source in cause.sources:
            yield from (f"{cause.code}: {fault}" for fault in source_faults(source, knowledge))
        for text in (cause.reason, *cause.steps, *cause.notes):
            plain = text.replace("{portal}", "").replace("{date}", "")
            yield from (f"{cause.code}: {fault}" for fault in text_faults(plain, knowledge))


def _calendar_faults(knowledge: Knowledge) -> Iterator[str]:
    seen: set[tuple[datetime.date, str | None]] = set()
    for override in knowledge.calendar:
        if override.desk is not None and override.desk not in knowledge.desks:
            yield f"{override.day}: desk {override.desk!r} is not in desks.yml"
        if (override.day, override.desk) in seen:
            yield f"{override.day} stands twice"
        seen.add((override.day, override.desk))


def _vocabulary_faults(knowledge: Knowledge) -> Iterator[str]:
    for entity, values in knowledge.vocabulary.items():
        owner: dict[str, str] = {}
        for value, terms in values.items():
            for term in terms:
                if owner.setdefault(term.casefold(), value) != value:
                    yield f"{entity}: {term!r} stands under both {owner[term.casefold()]} and {value}"
        if entity == "desk":
            for value in _unknown(values, knowledge.desks):
                yield f"desk {value!r} is not in desks.yml"


def source_faults(source: Source, knowledge: Knowledge) -> Iterator[str]:
    """What is wrong with a cited source: document or section that sources.yml does not list."""
    document = knowledge.documents.get(source.document)
    if document is None:
        yield f"source document {source.document!r} is not in sources.yml"
    elif source.section not in document.sections:
        yield f"section {source.section!r} of document {source.document} is not in sources.yml"


def _of_parts(answer: Answer, name: str) -> tuple[str, ...]:
    return tuple(value for part in answer.parts for value in getattr(part, name))


def _unknown(ids: Iterable[str], known: Iterable[str]) -> list[str]:
    known_ids = set(known)
    return sorted({one for one in ids if one not in known_ids})
