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
from bot.guides.screens import UNSURE, DiagnosisGuide, Option, holds
from bot.guides.wording import BREAKS, pattern, spell

MISSING, FINE = "missing", "fine"
NEAR = 2
"""How many signs may stand between an item and what is said of it where nobody asked for the item."""


@dataclass(frozen=True)
class Token:
    """A word that was found."""

    start: int
    end: int
    clause: int
    kind: str
    """option, or a kind of small word of the guide."""
    options: tuple[Option, ...] = ()


@dataclass
class Reading:
    """What was found in a text."""

    facts: Facts = field(default_factory=dict)
    conflict: bool = False
    """Two values were named for one fact."""
    answers: bool = False
    """Something was said that the screen asked for."""
    items: dict[str, str] = field(default_factory=dict)
    """Id of a checklist's item to missing, fine or unknown, as this screen's reply."""
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
    """How many signs are neither these nor small words."""
    beside_unsure: int = 0
    """How many signs do not belong to saying that one is not sure."""

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
    asked_end = screen == "finished" and facts.get("kind") == "mooc"
    days = list(dates_in(spelled, today, future=asked_end))
    masked = _masked(spelled, [(start, end) for _, start, end in days])
    tokens = _tokens(masked, screen, facts, guide)
    starts = _clause_starts(masked, tokens)
    tokens = [Token(one.start, one.end, bisect(starts, one.start), one.kind, one.options) for one in tokens]
    own = guide.screens[screen].options if screen else ()
    _read_options(tokens, own, today, found)
    _read_items(tokens, own, found)
    _read_days([(day, bisect(starts, start)) for day, start, _ in days], tokens, screen, facts, today, found)
    _weigh(masked, tokens, guide, found)
    found.known += sum(end - start for _, start, end in days)
    return found


def resolved(value: Any, today: datetime.date) -> Any:
    """The value of an option's fact; {days_ago: n} becomes that day."""
    if isinstance(value, Mapping):
        return (today - datetime.timedelta(days=value["days_ago"])).isoformat()
    return value


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


@lru_cache(maxsize=64)
def _lexicon(
    guide: DiagnosisGuide, screen: str | None
) -> tuple[re.Pattern[str], dict[str, list[Option]], dict[str, str]]:
    words: dict[str, list[Option]] = {}
    for one in sorted(guide.screens.values(), key=lambda one: one.id != screen):
        own = one.id == screen
        for option in one.options:
            # 「都做完了」 is what is said of items too, so such a title is read as a whole reply alone.
            titles = (option.title,) if own and option.title and option.id != UNSURE and not option.every else ()
            for word in (*option.words, *titles):
                owners = words.setdefault(spell(word), [])
                if own or not any(owner in guide.screens[screen].options for owner in owners if screen):
                    owners.append(option)
    markers = {spell(word): kind for kind, terms in guide.language.items() if kind in _MARKERS for word in terms}
    return pattern({*words, *markers}), words, markers


_TIME = re.compile(r"\d{1,2}:\d{2}")
_SAYS = {"missing_before": MISSING, "missing": MISSING, "fine": FINE, "completed": FINE, "unsure": UNKNOWN}
"""Kind of small word to what it says of an item."""
_DENIALS = ("not", "missing_before", MISSING)
_MARKERS = ("missing_before", "missing", "fine", "unsure", "rest", "only", "not", "but", "completed")


def _tokens(masked: str, screen: str | None, facts: Mapping[str, Any], guide: DiagnosisGuide) -> list[Token]:
    finder, words, markers = _lexicon(guide, screen)
    tokens = []
    for match in finder.finditer(masked):
        word = match.group()
        owners = words.get(word) or words.get(word.replace(" ", "")) or []
        options = tuple(option for option in owners if holds(option.when, facts))
        kind = "option" if options else markers.get(word, "")
        if kind:
            tokens.append(Token(match.start(), match.end(), 0, kind, options))
    return tokens


def _clause_starts(masked: str, tokens: list[Token]) -> list[int]:
    breaks = [match.end() for match in BREAKS.finditer(masked)]
    return sorted({*breaks, *(token.start for token in tokens if token.kind == "but")})


def _read_options(tokens: list[Token], own: tuple[Option, ...], today: datetime.date, found: Reading) -> None:
    for place, token in enumerate(tokens):
        for option in token.options:
            if option.otherwise is not None or not option.sets:
                continue
            before = tokens[place - 1] if place else None
            if before and before.kind in _DENIALS and before.end == token.start:
                continue
            found.answers |= option in own
            unsure = any(one.kind == "unsure" and one.clause == token.clause for one in tokens)
            for key, value in option.sets.items():
                found.put(key, UNKNOWN if unsure else resolved(value, today))
    found.unsure |= any(token.kind == "unsure" for token in tokens)


def _read_items(tokens: list[Token], own: tuple[Option, ...], found: Reading) -> None:
    for token in tokens:
        for option in token.options:
            if option.otherwise is None:
                continue
            here = option in own
            said = _said_of(token, tokens, here)
            if here:
                found.items[option.id] = said or found.items.get(option.id, "")
                found.answers = True
            elif said:
                for key, value in ((option.otherwise if said == FINE else option.sets) or {}).items():
                    found.put(key, UNKNOWN if said == UNKNOWN else value)
    for token in tokens:
        if token.kind == "rest":
            found.rest = _said_of(token, tokens, True) or found.rest
    if any(token.kind == "only" for token in tokens) and set(found.items.values()) == {FINE}:
        found.rest = found.rest or MISSING


def _said_of(item: Token, tokens: list[Token], asked: bool) -> str:
    """What the words around an item say of it: missing, fine, unknown, or nothing."""
    said = [one for one in tokens if one.clause == item.clause and one.kind in _SAYS]
    for one in said:
        if one.kind == "missing_before" and 0 <= item.start - one.end <= NEAR:
            return MISSING
    after = [one for one in said if one.start >= item.end and (asked or one.start - item.end <= NEAR)]
    before = [one for one in said if one.end <= item.start and (asked or item.start - one.end <= NEAR)]
    if not after and not before and asked:
        # 「閱讀，問卷，都還沒」: what is said comes in a later clause that names nothing itself.
        later = [one for one in tokens if one.clause > item.clause and one.kind in ("option", *_SAYS)]
        after = later[:1] if later and later[0].kind != "option" else []
    nearest = after[0] if after else before[-1] if before else None
    if nearest is None:
        return ""
    return _SAYS[nearest.kind]


def _read_days(
    days: list[tuple[datetime.date, int]],
    tokens: list[Token],
    screen: str | None,
    facts: Mapping[str, Any],
    today: datetime.date,
    found: Reading,
) -> None:
    uploads = {token.clause for token in tokens for one in token.options if (one.sets or {}).get("uploaded") is True}
    done = {token.clause for token in tokens if token.kind == "completed"}
    sure_upload = found.facts.get("uploaded", facts.get("uploaded")) is True
    for day, clause in days:
        alone = len(days) == 1 and clause not in done
        if sure_upload and (clause in uploads or alone):
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


def _weigh(masked: str, tokens: list[Token], guide: DiagnosisGuide, found: Reading) -> None:
    found.known += sum(token.end - token.start for token in tokens if token.kind not in ("but", "not"))
    spans = [(token.start, token.end) for token in tokens]
    words = [span for span, token in zip(spans, tokens) if token.kind == "option"]
    found.asks = bool(_finder(guide, "asks").search(_masked(masked, words)))
    found.elsewhere = bool(_finder(guide, "elsewhere").search(_masked(masked, spans)))
    found.tells = bool(_finder(guide, "tells").search(masked))
    found.left = _left(masked, tokens, guide, "fillers")
    found.beside_unsure = _left(masked, [one for one in tokens if one.kind == "unsure"], guide, "unsure_about")


def _left(masked: str, tokens: list[Token], guide: DiagnosisGuide, small: str) -> int:
    unknown = _TIME.sub("", _masked(masked, [(token.start, token.end) for token in tokens]))
    return sum(sign.isalnum() for sign in _finder(guide, small).sub("", unknown))


@lru_cache(maxsize=64)
def _finder(guide: DiagnosisGuide, kind: str) -> re.Pattern[str]:
    return pattern(map(spell, guide.language[kind]))
