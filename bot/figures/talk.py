"""What turns add up to: containment, hand-over, fallback, thumbs, topics, hours of the day."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.desks.hours import TAIPEI
from bot.figures.span import DAY, Span
from bot.journal.turns import ANSWER, CONTACT, FALLBACK, SILENT, SUGGEST, Turn

QUESTIONS = (ANSWER, SUGGEST, FALLBACK)
"""Outcomes of what the bot had to understand."""
READS_ON = frozenset({"step", "next", "again", "facet"})
"""Ways to go on that look closer at the answer given."""
DENIES = frozenset({"stuck", "contact", "correction"})
"""Ways to go on that say it was not enough: it did not work, its desk is asked for, it was the wrong one."""
VISIT = datetime.timedelta(minutes=30)
"""Whoever reads on after a longer pause came back."""


@dataclass(frozen=True)
class TopicFigure:
    """How often a topic was asked about."""

    topic: str
    count: int
    before: int
    """In the span of the same length just before."""
    contained: int
    answered: int
    """Matters of this topic, and how many of them needed no second try."""


@dataclass(frozen=True)
class TalkFigures:
    """Counts of a span; shares are left to whoever shows them."""

    turns: int
    conversations: int
    outcomes: Mapping[str, int]
    answered: int
    """Matters answered: a topic of a conversation, with whatever follows on it; after 24 quiet hours a new one."""
    contained: int
    """Those that needed nothing more within 24 hours of the first answer, as docs/figures.md defines it."""
    undecided: int
    """Of the contained ones those whose 24 hours are not over."""
    handed_over: int
    """Conversations in which a case was opened."""
    thumbs_up: int
    thumbs_down: int
    reasons: Mapping[str, int]
    topics: Sequence[TopicFigure]
    desks: Mapping[str, int]
    """Answers by the desk that they name."""
    channels: Mapping[str, int]
    hours: Sequence[int]
    """Turns by the hour of the day, 24 of them."""
    days: Mapping[datetime.date, int]


def talk_figures(turns: Iterable[Turn], span: Span, now: datetime.datetime) -> TalkFigures:
    """The figures of a span.

    `turns` are those from a day before the span of the same length in front of it to a day after the span, in order;
    the bot is silent while a colleague speaks, which is no turn of its own.
    """
    spoken = [turn for turn in turns if turn.outcome != SILENT]
    inside = [turn for turn in spoken if turn.at in span]
    earlier = [turn for turn in spoken if turn.at in span.before()]
    matters = _matters(spoken, span)
    asked, asked_before = _asked(inside), _asked(earlier)
    contained = [matter for matter in matters if matter.contained]
    of_topic = Counter(matter.topic for matter in matters)
    contained_of = Counter(matter.topic for matter in contained)
    topics = [
        TopicFigure(topic, count, asked_before[topic], contained_of[topic], of_topic[topic])
        for topic, count in sorted(asked.items(), key=lambda one: (-one[1], one[0]))
    ]
    hours = Counter(turn.at.astimezone(TAIPEI).hour for turn in inside)
    days = Counter(turn.at.astimezone(TAIPEI).date() for turn in inside)
    return TalkFigures(
        turns=len(inside),
        conversations=len({turn.conversation for turn in inside}),
        outcomes=dict(sorted(Counter(turn.outcome for turn in inside).items())),
        answered=len(matters),
        contained=len(contained),
        undecided=sum(matter.at + DAY > now for matter in contained),
        handed_over=len({turn.conversation for turn in _openings(inside)}),
        thumbs_up=sum(turn.helpful is True for turn in inside),
        thumbs_down=sum(turn.helpful is False for turn in inside),
        reasons=dict(sorted(Counter(turn.reason for turn in inside if turn.helpful is False and turn.reason).items())),
        topics=topics,
        desks=_ranked(turn.desk for turn in inside if turn.outcome == ANSWER and turn.desk),
        channels=_ranked(turn.channel for turn in inside),
        hours=[hours[hour] for hour in range(24)],
        days={day: days[day] for day in span.days()},
    )


@dataclass
class _Matter:
    """One topic of one conversation, from its first answer on."""

    topic: str
    at: datetime.datetime
    last: datetime.datetime
    contained: bool = True

    def needs_more(self, at: datetime.datetime) -> None:
        """The person came back on it, or went elsewhere with it."""
        self.contained &= at - self.at >= DAY


def _matters(turns: Sequence[Turn], span: Span) -> list[_Matter]:
    """The matters that were first answered within the span."""
    of_conversation: dict[str, list[_Matter]] = {}
    opened = {id(turn) for turn in _openings(turns)}
    for turn in turns:
        known = of_conversation.setdefault(turn.conversation, [])
        going = [matter for matter in known if turn.at - matter.last < DAY]
        asks_for_desk = turn.outcome == ANSWER and {topic for topic, _score in turn.topics} == {CONTACT}
        if id(turn) in opened or turn.goes_on in DENIES or asks_for_desk:
            for matter in _newest(going):
                matter.needs_more(turn.at)
        if turn.outcome in (ANSWER, SUGGEST) and not (asks_for_desk and going):
            known += _answered(turn, going)
    return [matter for matters in of_conversation.values() for matter in matters if matter.at in span]


def _answered(turn: Turn, going: Sequence[_Matter]) -> list[_Matter]:
    """The new matters of a turn that answers or offers; those that were going on are brought up to it."""
    found = []
    for topic, _score in turn.topics if turn.outcome == ANSWER else turn.topics[:1]:
        matter = next((one for one in going if one.topic == topic), None)
        if matter is not None:
            if turn.goes_on not in READS_ON or turn.at - matter.last > VISIT:
                matter.needs_more(turn.at)
            matter.last = turn.at
        elif turn.outcome == ANSWER:
            matter = _Matter(topic, turn.at, turn.at)
            found.append(matter)
        if matter is not None and turn.helpful is False:
            matter.contained = False
    return found


def _newest(matters: Sequence[_Matter]) -> list[_Matter]:
    """What was spoken of last: two matters where one message asked for both."""
    latest = max((matter.last for matter in matters), default=None)
    return [matter for matter in matters if matter.last == latest]


def _openings(turns: Iterable[Turn]) -> list[Turn]:
    """The turns in which a case was opened; one that is told of again was opened once."""
    seen: set[str] = set()
    found = []
    for turn in turns:
        if turn.handed_over and (turn.case_number is None or turn.case_number not in seen):
            found.append(turn)
            seen |= {turn.case_number} - {None}  # type: ignore[arg-type]
    return found


def _asked(turns: Iterable[Turn]) -> Counter[str]:
    """How often each topic was answered, each of two in one turn, or was the first one offered."""
    counted: Counter[str] = Counter()
    for turn in turns:
        if turn.outcome == ANSWER:
            counted.update(topic for topic, _score in turn.topics)
        elif turn.outcome == SUGGEST:
            counted.update(topic for topic, _score in turn.topics[:1])
    return counted


def _ranked(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda one: (-one[1], one[0])))
