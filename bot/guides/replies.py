"""What a learner's own words say: the facts in them, and how much of them is about something else."""

from __future__ import annotations

import datetime
import re
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bot.guides.dates import dates_in
from bot.guides.facts import DATES, UNKNOWN, Facts
from bot.guides.screens import DiagnosisGuide, Option
from bot.guides.tokens import FINE, MISSING, Token, clause_starts, masked, said_of, tokens_of
from bot.guides.wording import pattern, spell

_DENIALS = ("not", "missing_before", "missing")


@dataclass
class Reading:
    """What was found in a text."""

    facts: Facts = field(default_factory=dict)
    conflict: bool = False
    """Two values were named for one fact."""
    answers: bool = False
    """Something was said that the screen asked for."""
    items: dict[str, str] = field(default_factory=dict)
    """Id of a checklist's item to missing, fine or unknown; empty where it was just named."""
    rest: str = ""
    """missing, fine or unknown, said of all other items."""
    unsure: bool = False
    asks: bool = False
    """A question is asked."""
    tells: bool = False
    """It is told of oneself."""
    elsewhere: bool = False
    """Something is named that the guide has nothing to do with."""
    known: int = 0
    """How many signs are words of the guide or days."""
    left: int = 0
    """How many letters are neither these nor small words."""
    beside_unsure: int = 0
    """How many letters do not belong to saying that one is not sure."""

    def put(self, key: str, value: Any) -> None:
        """Add a fact; what is known stands above what is unknown."""
        before = self.facts.get(key, UNKNOWN)
        if before == UNKNOWN:
            self.facts[key] = value
        elif value not in (UNKNOWN, before):
            self.conflict = True


def read_reply(
    text: str, screen: str | None, facts: Mapping[str, Any], today: datetime.date, guide: DiagnosisGuide
) -> Reading:
    """Every fact that the text tells; with a screen, as a reply to it."""
    found = Reading()
    spelled = spell(text)
    asked_end = screen == "finished" and facts.get("kind") == "mooc" and facts.get("uploaded") is not True
    days = list(dates_in(spelled, today, future=asked_end))
    rest = masked(spelled, [(start, end) for _, start, end in days])
    tokens = tokens_of(rest, screen, facts, guide)
    starts = clause_starts(rest, tokens)
    own = guide.screens[screen].options if screen else ()
    _read_options(tokens, own, today, found)
    _read_items(tokens, own, found)
    _read_days([(day, bisect(starts, start)) for day, start, _ in days], tokens, screen, facts, today, found)
    _weigh(rest, tokens, guide, found)
    found.known += sum(end - start for _, start, end in days)
    return found


def resolved(value: Any, today: datetime.date) -> Any:
    """The value of an option's fact; {days_ago: n} becomes that day."""
    if isinstance(value, Mapping):
        return (today - datetime.timedelta(days=value["days_ago"])).isoformat()
    return value


def _read_options(tokens: list[Token], own: tuple[Option, ...], today: datetime.date, found: Reading) -> None:
    """The facts of options that are named, but for the items of checklists."""
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        denied = before is not None and before.kind in _DENIALS and before.end == token.start
        unsure = any(one.kind == "unsure" and one.clause == token.clause for one in tokens)
        for option in () if denied else token.options:
            if option.otherwise is None:
                found.answers |= option in own
                for key, value in (option.sets or {}).items():
                    found.put(key, UNKNOWN if unsure else resolved(value, today))
    found.unsure |= any(token.kind == "unsure" for token in tokens)


def _read_items(tokens: list[Token], own: tuple[Option, ...], found: Reading) -> None:
    for token in tokens:
        for option in (option for option in token.options if option.otherwise is not None):
            said = said_of(token, tokens, option in own)
            if option in own:
                found.items[option.id] = said or found.items.get(option.id, "")
                found.answers = True
            elif said:
                for key, value in ((option.otherwise if said == FINE else option.sets) or {}).items():
                    found.put(key, UNKNOWN if said == UNKNOWN else value)
        if token.kind == "rest":
            found.rest = said_of(token, tokens, True) or found.rest
    if any(token.kind == "only" for token in tokens) and set(found.items.values()) == {FINE}:
        found.rest = found.rest or MISSING


def _read_days(
    days: list[tuple[datetime.date, int]],
    tokens: list[Token],
    screen: str | None,
    facts: Mapping[str, Any],
    today: datetime.date,
    found: Reading,
) -> None:
    """The days, each with its clause: of an upload, of finishing, or of the end of a MOOC."""
    uploads = {token.clause for token in tokens for one in token.options if (one.sets or {}).get("uploaded") is True}
    done = {token.clause for token in tokens if token.kind == "completed"}
    uploaded = found.facts.get("uploaded", facts.get("uploaded")) is True
    for day, clause in days:
        alone = len(days) == 1 and clause not in done
        if uploaded and (clause in uploads or alone):
            key = "uploaded_on"
        elif screen == "finished":
            key = "ends_on" if facts.get("kind") == "mooc" else "finished_on"
        elif clause in done:
            key = "finished_on"
        else:
            continue
        if key == "ends_on" or day <= today:
            # A day that was told stands above the vague one of an option.
            if found.facts.get(key) in (UNKNOWN, *DATES[key]):
                del found.facts[key]
            found.put(key, day.isoformat())
            found.answers |= screen == "finished"


def _weigh(rest: str, tokens: list[Token], guide: DiagnosisGuide, found: Reading) -> None:
    """Count what is known and what is left over, and look for questions and for other matters."""
    found.known += sum(token.end - token.start for token in tokens if token.kind not in ("but", "not"))
    words = [(token.start, token.end) for token in tokens if token.kind == "option"]
    found.asks = bool(small_words(guide, "asks").search(masked(rest, words)))
    found.elsewhere = bool(small_words(guide, "elsewhere").search(_without(rest, tokens)))
    found.tells = bool(small_words(guide, "tells").search(rest))
    found.left = _letters(small_words(guide, "fillers").sub("", _without(rest, tokens)))
    unsure = [token for token in tokens if token.kind == "unsure"]
    found.beside_unsure = _letters(small_words(guide, "unsure_about").sub("", _without(rest, unsure)))


def _without(text: str, tokens: list[Token]) -> str:
    return masked(text, [(token.start, token.end) for token in tokens])


def _letters(text: str) -> int:
    return sum(sign.isalpha() for sign in text)


@lru_cache(maxsize=256)
def small_words(guide: DiagnosisGuide, kind: str) -> re.Pattern[str]:
    """Finds the small words of one kind in a spelled text."""
    return pattern(map(spell, guide.language[kind]))
