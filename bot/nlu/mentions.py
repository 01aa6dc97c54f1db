"""Everything that a message names: terms of the vocabulary, course titles, dates and durations, side by side."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from bot.nlu.days import find_days
from bot.nlu.durations import find_durations
from bot.nlu.terms import TermFinder, Vocabulary
from bot.nlu.titles import TitleFinder

FINER = {"login_method": "provider", "position": "identity"}
"""Sections of the vocabulary whose values are finer ones of an entity: they get the section's name as their role.

Slots and parts of answers know the coarse values alone; a mapping without a role never takes one with a role."""
NOT = "not_"
"""Before an entity: the section holds longer words in which its terms mean something else (google表單)."""
_INSIDE_OF = {"portal", "provider", "course_kind"}


@dataclass(frozen=True)
class Mention:
    """One entity: what it is, its normalised value, and where it stands in the text as typed."""

    entity: str
    value: str
    start: int
    end: int
    role: str | None = None

    def as_dict(self) -> dict[str, str | int]:
        """As Rasa has entities; a role is there only where there is one."""
        place: dict[str, str | int] = {"entity": self.entity, "value": self.value, "start": self.start, "end": self.end}
        return place if self.role is None else {**place, "role": self.role}


class MentionFinder:
    """Finds every entity of a message, for one vocabulary and one list of titles."""

    def __init__(self, vocabulary: Vocabulary, titles: Sequence[str]) -> None:
        self._terms = TermFinder(vocabulary)
        self._titles = TitleFinder(titles)

    def find(self, text: str, today: datetime.date) -> list[Mention]:
        """The mentions in the order of the text; a title hides what stands in it, a longer time a shorter one."""
        terms = [
            Mention(FINER.get(term.entity, term.entity), term.value, term.start, term.end, _role(term.entity))
            for term in self._terms.find(text)
        ]
        titles = [
            Mention("course_title", title.value, title.start, title.end)
            for title in self._titles.find(text, [(term.start, term.end) for term in terms])
        ]
        times = [Mention("date", day.value, day.start, day.end) for day in find_days(text, today)]
        times += [Mention("duration", one.value, one.start, one.end) for one in find_durations(text)]
        terms = [term for term in terms if not _hidden(term, terms)]
        rest = [one for one in (*terms, *times) if not any(_overlap(one, title) for title in titles)]
        kinds = [one for one in rest if one.entity == "course_kind"]
        kept = [one for one in rest if one not in times or not _beaten(one, [*times, *kinds])]
        return sorted([*titles, *kept], key=lambda one: (one.start, one.entity, one.role or ""))


def _role(section: str) -> str | None:
    return section if section in FINER else None


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _hidden(term: Mention, terms: list[Mention]) -> bool:
    """Whether a term is but a part of a longer word: 教師 in 教師研習 speaks of the hours, not of the speaker."""
    hiding = _INSIDE_OF if term.entity == "identity" else {NOT + term.entity}
    return term.entity.startswith(NOT) or any(
        other.entity in hiding and other.start <= term.start and term.end <= other.end for other in terms
    )


def _beaten(time: Mention, others: list[Mention]) -> bool:
    """Whether a longer one (一個星期 before 星期一), or the date of two equal ones, stands in its place."""
    return any(
        other is not time
        and _overlap(time, other)
        and (other.end - other.start, other.entity != "duration") > (time.end - time.start, time.entity != "duration")
        for other in others
    )
