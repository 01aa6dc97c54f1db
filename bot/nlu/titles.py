"""Finding course titles in a message: whole, in part, with a wrong or missing sign, or only sounding the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from bot.learners.sounds import sounds
from bot.nlu.normalise import fold
from bot.nlu.squeeze import LONGEST, folded
from bot.nlu.stretch import WELL_NAMED, Spelled, Stretch, best_stretch

LEAST_SIGNS = 4
LONG_ENOUGH = 5
LEAST_SHARE = 0.4
SHORT_SHARE = 0.6
"""A part is enough with LONG_ENOUGH signs and LEAST_SHARE of the title; a shorter one needs SHORT_SHARE."""
CUED_SHARE = 0.25
"""Where quotation marks or 那門課 say that a title stands there, or a whole line of it does (up to a colon)."""
SAME_SIGNS = 0.5
"""So much of a part must be written, not only sound, the same."""
MUCH_BETTER = 0.1
MOST_CANDIDATES = 6
_OPENING = '「『《〈“"'
_CLOSING = '」』》〉”"'
_THAT = r"[這那該此](?:一?[門堂支]|個?(?:線上)?課)"
_THAT_COURSE = folded(_THAT)
_CUE = folded(rf"[{_CLOSING}]?\s?的?(?:{_THAT}|證書|測驗|問卷|考題|教材)")
_BREAK = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Title:
    """One course title: the whole of it, where the words for it stand in the text, and how much of it they are."""

    value: str
    start: int
    end: int
    right: int
    """How many signs of it were found."""
    share: float


@dataclass(frozen=True)
class _Course:
    title: str
    spelled: Spelled
    joined: str
    """Its sounds, with spaces."""
    lines: frozenset[tuple[int, int]]
    """Where each line of the title, up to a colon or dash, begins and ends."""


class TitleFinder:
    """Titles by the pairs of sounds in them: a message is only compared with those that it shares pairs with."""

    def __init__(self, titles: Iterable[str]) -> None:
        courses = (_course(title) for title in dict.fromkeys(titles))
        self._courses = [course for course in courses if len(course.spelled.signs) >= LEAST_SIGNS]
        self._by_pair: dict[tuple[str, str], list[int]] = {}
        for number, course in enumerate(self._courses):
            for pair in set(pairwise(course.spelled.sounds)):
                self._by_pair.setdefault(pair, []).append(number)

    def find(self, text: str, names: Iterable[tuple[int, int]] = ()) -> list[Title]:
        """The titles named, in the order of the text; a part of one that lies in other `names` is none.

        Of titles that a text names equally well none is told: 程式設計 alone is neither 程式設計初階 nor 程式設計進階.
        """
        if not self._courses:
            return []
        plain, origin = fold(text[:LONGEST])
        places, spelled = _spelled(plain)
        votes: Counter[int] = Counter()
        for pair in set(pairwise(spelled.sounds)):
            votes.update(self._by_pair.get(pair, ()))
        taken = tuple(names)
        found = []
        for course in self._likely(votes):
            stretch = best_stretch(spelled, course.spelled)
            if stretch is None or stretch.right < 1:
                continue
            first, last = places[stretch.start], places[stretch.end - 1] + 1
            if not (_tells(stretch, course, spelled, _cued(plain, first, last)) and self._alone(stretch, course)):
                continue
            start, end = origin[first], origin[last - 1] + 1
            share = stretch.right / len(course.spelled.signs)
            if share == 1 or not any(begin <= start and end <= finish for begin, finish in taken):
                found.append(Title(course.title, start, end, stretch.right, share))
        return _chosen(found)

    def _likely(self, votes: Counter[int]) -> list[_Course]:
        """The courses that share the most pairs with the text, and those of whose pairs the text has the most."""
        enough = [(count, number) for number, count in votes.items() if count > 1]
        if len(enough) > 2 * MOST_CANDIDATES:
            lengths = {number: len(self._courses[number].spelled.signs) for _, number in enough}
            most = nlargest(MOST_CANDIDATES, enough)
            nearest = nlargest(MOST_CANDIDATES, enough, key=lambda one: (one[0] / lengths[one[1]], one[1]))
            enough = list(dict.fromkeys([*most, *nearest]))
        return [self._courses[number] for _, number in enough]

    def _alone(self, stretch: Stretch, course: _Course) -> bool:
        """Whether a mere part of a title is a part of no other one: 環境教育 of fifty titles names none of them."""
        part = course.spelled.sounds[stretch.first : stretch.last]
        if stretch.right == len(course.spelled.signs) or stretch.right < len(part):
            return True
        rarest = min((self._by_pair[pair] for pair in pairwise(part)), key=len)
        joined = _joined(part)
        others = (self._courses[number] for number in rarest)
        return not any(joined in other.joined for other in others if other is not course)


def _chosen(found: list[Title]) -> list[Title]:
    """Of overlapping titles the one of which the most was found, and none where another comes near it."""
    found.sort(key=lambda title: (-title.right, -title.share))
    kept: list[Title] = []
    for at, title in enumerate(found):
        if any(_overlap(title, other) for other in kept):
            continue
        rivals = (one for one in found[at + 1 :] if one.right == title.right and _overlap(one, title))
        if title.share == 1 or not any(title.share - rival.share < MUCH_BETTER for rival in rivals):
            kept.append(title)
    return sorted(kept, key=lambda title: title.start)


def _overlap(one: Title, other: Title) -> bool:
    return one.start < other.end and other.start < one.end


def _course(title: str) -> _Course:
    plain = fold(title)[0]
    spelled = _spelled(plain)[1]
    lines, at = set(), 0
    for line in _BREAK.split(plain):
        lines.add((at, at + len(line)))
        at += len(line)
    return _Course(title, spelled, _joined(spelled.sounds), frozenset(lines))


def _spelled(plain: str) -> tuple[list[int], Spelled]:
    """The letters, digits and Chinese signs of a folded text with their sounds, and the place of each.

    那門 gets no sound: 簡報設計那門 is not a misspelt 簡報設計入門.
    """
    places = [place for place, sign in enumerate(plain) if sign.isalnum()]
    signs = "".join(plain[place] for place in places)
    heard = sounds(signs)
    for match in _THAT_COURSE.finditer(signs):
        heard[match.start() : match.end()] = [""] * (match.end() - match.start())
    return places, Spelled(signs, tuple(heard))


def _joined(heard: tuple[str, ...]) -> str:
    return f" {' '.join(heard)} "


def _cued(plain: str, first: int, last: int) -> bool:
    """Whether marks or words around a stretch say that it is a title."""
    quoted = first > 0 and plain[first - 1] in _OPENING and plain[last : last + 1] in tuple(_CLOSING)
    return quoted or _CUE.match(plain, last) is not None


def _tells(stretch: Stretch, course: _Course, text: Spelled, cued: bool) -> bool:
    """Whether the stretch is enough of the title to name it."""
    share = stretch.right / len(course.spelled.signs)
    signs = text.signs[stretch.start : stretch.end]
    if share < WELL_NAMED and len(set(signs) & set(course.spelled.signs)) < SAME_SIGNS * len(set(signs)):
        return False
    if share >= (LEAST_SHARE if stretch.right >= LONG_ENOUGH else SHORT_SHARE):
        return stretch.right >= LEAST_SIGNS - 1
    line = stretch.right >= LONG_ENOUGH and (stretch.first, stretch.last) in course.lines
    return share >= CUED_SHARE and stretch.right >= LEAST_SIGNS and (cued or line)
