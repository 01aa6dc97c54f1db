"""All figures of a span, out of the database, and as rows of a table. There is no personal data in any of them."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.engine import Engine

from bot.cases.desk_time import desk_time
from bot.cases.reading import MOST, CaseReading
from bot.cases.records import Case, CaseFilter
from bot.figures.span import DAY, Span
from bot.figures.talk import QUESTIONS, TalkFigures, talk_figures
from bot.figures.work import Durations, WorkFigures, work_figures
from bot.journal.journal import Journal
from bot.knowledge.help_desk import HelpDesk
from bot.knowledge.models import Knowledge

HEADER = ("figure", "of", "value")


@dataclass(frozen=True)
class Figures:
    """The figures of a span."""

    span: Span
    talk: TalkFigures
    work: WorkFigures

    @property
    def containment(self) -> float | None:
        """Share of the matters answered after which nobody had to come back."""
        return share(self.talk.contained, self.talk.answered)

    @property
    def hand_over_rate(self) -> float | None:
        """Share of the conversations in which a case was opened."""
        return share(self.talk.handed_over, self.talk.conversations)

    @property
    def fallback_rate(self) -> float | None:
        """Share of the questions that the bot could not answer."""
        outcomes = self.talk.outcomes
        return share(outcomes.get("fallback", 0), sum(outcomes.get(one, 0) for one in QUESTIONS))

    @property
    def helpful_share(self) -> float | None:
        """Share of the thumbs that are up."""
        return share(self.talk.thumbs_up, self.talk.thumbs_up + self.talk.thumbs_down)

    def as_dict(self) -> dict[str, Any]:
        """For --json: plain values, days as ISO dates."""
        talk = asdict(self.talk)
        talk["days"] = {day.isoformat(): count for day, count in self.talk.days.items()}
        return {
            "from": self.span.first.isoformat(),
            "to": self.span.last.isoformat(),
            "containment": self.containment,
            "hand_over_rate": self.hand_over_rate,
            "fallback_rate": self.fallback_rate,
            "helpful_share": self.helpful_share,
            **talk,
            "cases": asdict(self.work),
        }

    def rows(self) -> Iterator[tuple[str, str, int | float | str]]:
        """Figure, what it is of, and value; figures that do not exist have an empty value."""
        yield "from", "", self.span.first.isoformat()
        yield "to", "", self.span.last.isoformat()
        for name in ("containment", "hand_over_rate", "fallback_rate", "helpful_share"):
            value = getattr(self, name)
            yield name, "", "" if value is None else value
        talk, work = self.talk, self.work
        for name in ("turns", "conversations", "answered", "contained", "undecided", "handed_over"):
            yield name, "", getattr(talk, name)
        yield "thumbs", "up", talk.thumbs_up
        yield "thumbs", "down", talk.thumbs_down
        for reason, count in talk.reasons.items():
            yield "thumbs_down_reason", reason, count
        for outcome, count in talk.outcomes.items():
            yield "outcome", outcome, count
        for topic in talk.topics:
            yield "topic", topic.topic, topic.count
            yield "topic_before", topic.topic, topic.before
            yield "topic_answered", topic.topic, topic.answered
            yield "topic_contained", topic.topic, topic.contained
        for name, counts in (("answers_of_desk", talk.desks), ("channel", talk.channels)):
            yield from ((name, one, count) for one, count in counts.items())
        yield from (("hour", f"{hour:02d}", count) for hour, count in enumerate(talk.hours))
        yield from (("day", day.isoformat(), count) for day, count in talk.days.items())
        yield "cases", "", work.opened
        for name in ("states", "kinds", "channels", "topics"):
            yield from ((f"cases_{name[:-1]}", one, count) for one, count in getattr(work, name).items())
        yield from _durations("first_response", "", work.first_response)
        yield from _durations("resolution", "", work.resolution)
        for desk in work.desks:
            yield "cases_of_desk", desk.desk, desk.opened
            yield "unfinished_of_desk", desk.desk, desk.unfinished
            yield from _durations("first_response", desk.desk, desk.first_response)
            yield from _durations("resolution", desk.desk, desk.resolution)


def figures_of(
    engine: Engine, journal: Journal, knowledge: Knowledge, help_desk: HelpDesk, span: Span, now: datetime.datetime
) -> Figures:
    """The figures of a span as the database has them at this moment."""
    journal.copy_thumbs()
    turns = journal.turns(span.before().begin - DAY, span.end + DAY)
    talk = talk_figures(turns, span, now)
    time_of = functools.partial(desk_time, knowledge, help_desk)
    return Figures(span, talk, work_figures(_cases(engine, span), span, time_of, help_desk))


def share(part: int, whole: int) -> float | None:
    """A share to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def _cases(engine: Engine, span: Span) -> Iterator[Case]:
    reading = CaseReading(engine)
    offset = 0
    while True:
        wanted = CaseFilter(opened_from=span.begin, opened_to=span.end, newest_first=False, limit=MOST, offset=offset)
        found = reading.find(wanted)
        yield from found
        offset += len(found)
        if len(found) < MOST:
            return


def _durations(name: str, of: str, found: Durations) -> Iterator[tuple[str, str, int | float | str]]:
    yield f"{name}_count", of, found.count
    for kind in ("median", "mean", "longest"):
        value = getattr(found, kind)
        yield f"{name}_minutes_{kind}", of, "" if value is None else value
    yield f"{name}_in_time", of, found.in_time
