"""The guided diagnosis of a learner who is not signed in: which screen comes next, what a reply says, what follows."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.guides.facts import (
    DOUBTS,
    SCREENS,
    UNKNOWN,
    Facts,
    absent,
    diagnosed,
    matters,
    unsure_of,
    value_of,
)
from bot.guides.replies import Reading, read_reply, resolved, small_words
from bot.guides.screens import UNSURE, DiagnosisGuide, Option, Screen, offered, standing
from bot.guides.tokens import FINE, MISSING
from bot.guides.wording import spell
from bot.learners.diagnosis import Diagnosis, NthWorkingDay

STRANGE = 1
"""How many letters of a reply may be neither words of the guide nor small words, however short it is."""
LONGEST_REPLY = 40
"""A longer reply is never the words of one option alone."""


@dataclass(frozen=True)
class Conclusion:
    """What the guided diagnosis comes to."""

    portal: str
    diagnosis: Diagnosis
    doubts: tuple[str, ...]
    """What stayed unknown and could change the diagnosis, in the order of DOUBTS."""


def next_screen(facts: Mapping[str, Any]) -> str | None:
    """The first screen that asks for something the diagnosis still turns on; None at the end."""
    unasked = absent(facts)
    for screen, keys in SCREENS.items():
        if any(key in unasked and matters(key, facts, unasked) for key in keys):
            return screen
    return None


def understand(
    screen: str, text: str, facts: Mapping[str, Any], today: datetime.date, guide: DiagnosisGuide
) -> Facts | None:
    """The facts that a reply to the screen sets, those of other screens among them; None where it is no reply to it."""
    if screen not in guide.screens:
        return None
    asked = guide.screens[screen]
    own = {key for option in standing(asked, facts) for key in option.sets or {}} | set(SCREENS[screen])
    reading = _picked(asked, text, facts, today, guide) or read_reply(text, screen, facts, today, guide)
    if not _fits(reading):
        return None
    correction = bool(small_words(guide, "correction").search(spell(text)))
    found = {
        key: value
        for key, value in reading.facts.items()
        if (key in own or correction or (reading.tells and facts.get(key, UNKNOWN) == UNKNOWN))
        and (value != UNKNOWN or key in (*SCREENS[screen], "relogin"))
    }
    if not reading.answers and not reading.unsure:
        return found or None
    found.update(_checked(asked, reading, {**facts, **found}))
    for key in SCREENS[screen]:
        now = {**facts, **found}
        if key not in now and matters(key, now, absent(now)):
            found[key] = UNKNOWN
    return found


def _fits(reading: Reading) -> bool:
    """Whether a reply is about the screen, or about the case at least, and about nothing else."""
    if reading.conflict or reading.elsewhere:
        return False
    if reading.answers:
        plain = "" not in reading.items.values()
        strange = max(STRANGE, reading.known // 3) if plain else 0
        return (reading.unsure or not reading.asks) and reading.left <= strange
    if reading.unsure:
        return reading.beside_unsure <= STRANGE
    return reading.tells and not reading.asks and not reading.left


def facts_from_text(text: str, today: datetime.date, guide: DiagnosisGuide) -> Facts:
    """What a message tells that is no reply to a screen, such as the question that the guide starts from."""
    reading = read_reply(text, None, {}, today, guide)
    return {} if reading.conflict else {key: value for key, value in reading.facts.items() if value != UNKNOWN}


def conclude(facts: Mapping[str, Any], today: datetime.date, nth_working_day: NthWorkingDay) -> Conclusion:
    """The diagnosis of what is known, everything unknown taken as fine, with what stayed in doubt."""
    diagnosis = diagnosed(facts, today, nth_working_day)
    unsure = unsure_of(facts)
    open_facts = [*absent(facts), *unsure]
    doubts = {key for key in unsure if matters(key, facts, open_facts, today, nth_working_day)}
    if facts.get("test") in ("taken", "failed") and matters("test", facts, (), today, nth_working_day):
        doubts.add("test_below_pass")
    portal = value_of(facts, "portal")
    if portal == "env_edu" and diagnosis.causes == ("already_uploaded",):
        doubts.add("env_agency_mismatch")
    return Conclusion(portal, diagnosis, tuple(key for key in DOUBTS if key in doubts))


def _picked(
    screen: Screen, text: str, facts: Mapping[str, Any], today: datetime.date, guide: DiagnosisGuide
) -> Reading | None:
    """The options named by their title, by a whole reply, or by number; None where the text is something else."""
    names = {
        _bare(name): option for option in standing(screen, facts) for name in (option.title, *option.replies) if name
    }
    readings = list(_readings(_bare(text), guide))
    options = [names[said] for said in readings if said in names][:1]
    options = options or next(filter(None, (_numbered(screen, said, facts, guide) for said in readings)), [])
    if not options:
        return None
    reading = Reading(answers=True)
    for option in options:
        if option.id == UNSURE:
            reading.unsure = True
        elif option.every:
            reading.rest = option.every
        elif option.otherwise is not None:
            reading.items[option.id] = MISSING
        for key, value in (option.sets or {}).items() if option.otherwise is None else ():
            reading.put(key, resolved(value, today))
    reading.conflict |= len(options) > 1 and (reading.unsure or bool(reading.items and reading.rest))
    return reading


def _bare(text: str) -> str:
    """The spelled text without signs."""
    return " ".join(re.sub(r"[^\w\s]+", " ", spell(text)).split())


def _readings(said: str, guide: DiagnosisGuide) -> Iterator[str]:
    """What is said, then what is left of it without the small words at its ends."""
    seen = [said] if len(said) <= LONGEST_REPLY else []
    for one in seen:
        yield one
        for word in map(spell, guide.language["particles"]):
            shorter = {one[len(word) :].strip() if one.startswith(word) else ""}
            shorter |= {one[: -len(word)].strip() if one.endswith(word) else ""}
            seen += sorted(shorter - {"", *seen})


def _numbered(screen: Screen, said: str, facts: Mapping[str, Any], guide: DiagnosisGuide) -> list[Option]:
    numerals = {spell(word): number for number, word in enumerate(guide.language["numerals"], 1)}
    words = re.split(r"(\d+|\s+)", small_words(guide, "number_words").sub(" ", said))
    places = [word for word in words if word.strip()]
    if not places or not all(place in numerals or (place.isdigit() and len(place) <= 2) for place in places):
        return []
    options = offered(screen, facts)
    numbers = [numerals.get(place) or int(place) for place in places]
    if not all(1 <= number <= len(options) for number in numbers) or len(set(numbers)) < len(numbers):
        return []
    return [options[number - 1] for number in numbers] if len(numbers) == 1 or screen.checklist else []


def _checked(screen: Screen, reading: Reading, facts: Mapping[str, Any]) -> Facts:
    """The facts of a checklist's items: those named, and what follows for the others."""
    items = [option for option in standing(screen, facts) if option.otherwise is not None]
    named = {option.id: reading.items[option.id] or MISSING for option in items if option.id in reading.items}
    direct = [reading.facts.get(key, True) for option in items for key in option.sets or {}]
    rest = reading.rest
    if not rest and (set(named.values()) - {FINE} or any(value is not True for value in direct)):
        # Whoever names what is missing or not sure leaves out what is done.
        rest = FINE
    found: Facts = {}
    for option in items:
        said = named.get(option.id, rest)
        if option.id not in named and not any(matters(key, facts) for key in option.sets or {}):
            continue
        for key, value in ((option.otherwise if said == FINE else option.sets) or {}).items():
            new = key not in facts or option.id in named
            if said and new and key not in reading.facts and key not in found:
                found[key] = UNKNOWN if said == UNKNOWN else value
    return found
