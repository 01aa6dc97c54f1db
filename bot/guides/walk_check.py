"""What must hold of a step-by-step guide beyond its schema."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from bot.guides.navigation import Navigation, fold
from bot.guides.walk import WalkGuide, WalkScreen
from bot.knowledge.check import source_faults
from bot.knowledge.models import Knowledge
from bot.knowledge.texts import text_faults


def walk_faults(
    guide: WalkGuide, knowledge: Knowledge, navigation: Navigation | None, today: datetime.date | None = None
) -> Iterator[str]:
    """Every fault of a guide, said so that its author can mend it."""
    if guide.path.stem != guide.id:
        yield f"the file must be named {guide.id}.yml after its guide"
    if guide.reviewed > (today or datetime.date.today() + datetime.timedelta(days=1)):
        yield f"reviewed {guide.reviewed} lies in the future"
    yield from _topic_faults(guide.topic, knowledge)
    yield from _name_faults((guide.title, *guide.words), navigation)
    for screen in guide.screens.values():
        yield from (f"screen {screen.id}: {fault}" for fault in _screen_faults(screen, knowledge, navigation))
    missing = list(_missing(guide))
    yield from missing or _way_faults(guide)


def _screen_faults(screen: WalkScreen, knowledge: Knowledge, navigation: Navigation | None) -> Iterator[str]:
    if sum((bool(screen.choices), screen.next is not None, screen.end)) != 1:
        yield "must have exactly one of choices, next and end"
    if not screen.end and (screen.topic or screen.contacts):
        yield "topic and contacts belong to an end only"
    if screen.topic:
        yield from _topic_faults(screen.topic, knowledge)
    for desk in screen.contacts:
        if desk not in knowledge.desks:
            yield f"desk {desk!r} is not in desks.yml"
    for source in screen.sources:
        yield from source_faults(source, knowledge)
    for text in (screen.text, screen.stuck, *(choice.title for choice in screen.choices)):
        yield from text_faults(text, knowledge)
    owners: dict[str, str] = {}
    for choice in screen.choices:
        names = (choice.title, *choice.words)
        yield from _name_faults(names, navigation)
        for name in names:
            owner = owners.setdefault(fold(name), choice.title)
            if owner != choice.title:
                yield f"{name!r} stands under {owner!r} and under {choice.title!r}; keep one"
    if len({choice.title for choice in screen.choices}) < len(screen.choices):
        yield "two choices share one title"


def _name_faults(names: Iterable[str], navigation: Navigation | None) -> Iterator[str]:
    buttons = {fold(title): title for title in navigation.titles.values()} if navigation else {}
    for name in names:
        if not fold(name):
            yield f"{name!r} has neither letters nor digits"
        elif fold(name) in buttons:
            yield f"{name!r} is the button {buttons[fold(name)]!r} of navigation.yml; choose another wording"


def _topic_faults(topic: str, knowledge: Knowledge) -> Iterator[str]:
    if topic not in knowledge.topics or knowledge.topics[topic].kind != "faq":
        yield f"topic {topic!r} is no faq topic of topics.yml; correct it or add the topic there"


def _missing(guide: WalkGuide) -> Iterator[str]:
    if guide.start not in guide.screens:
        yield f"start {guide.start!r} is no screen of this guide"
    for screen in guide.screens.values():
        for after in screen.exits:
            if after not in guide.screens:
                yield f"screen {screen.id}: next {after!r} is no screen of this guide"


def _way_faults(guide: WalkGuide) -> Iterator[str]:
    """Ways that lead nowhere; every screen named by another exists."""
    reached = _closure({guide.start}, {key: screen.exits for key, screen in guide.screens.items()})
    for screen in sorted(guide.screens.keys() - reached):
        yield f"screen {screen} is never reached from {guide.start}; name it as a next, or remove it"
    ends = {key for key, screen in guide.screens.items() if screen.end}
    arrives = {
        key: tuple(before.id for before in guide.screens.values() if key in before.exits) for key in guide.screens
    }
    for screen in sorted(guide.screens.keys() - _closure(ends, arrives)):
        yield f"screen {screen} is a dead end: no way from it leads to an end"
    for key in sorted(guide.screens):
        onward = {one.id: (one.next,) if one.next else () for one in guide.screens.values()}
        if key in _closure(set(onward[key]), onward):
            yield f"screen {key} comes back to itself without a choice"


def _closure(starts: set[str], ways: dict[str, tuple[str, ...]]) -> set[str]:
    seen, todo = set(starts), list(starts)
    while todo:
        for after in ways[todo.pop()]:
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return seen
