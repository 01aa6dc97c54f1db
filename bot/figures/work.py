"""What cases add up to: how many, for which desk, how soon answered and settled, in working time."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.cases.records import CLOSED, RESOLVED, UNFINISHED, Case
from bot.desks.working_time import WorkingTime
from bot.figures.span import Span
from bot.knowledge.help_desk import HelpDesk

MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class Durations:
    """How long something took, in whole minutes of working time; None where it never happened."""

    count: int
    median: float | None
    mean: float | None
    longest: int | None
    in_time: int
    """How many kept to the target of kb/help_desk.yml."""


@dataclass(frozen=True)
class DeskFigure:
    """The load of one desk."""

    desk: str
    opened: int
    unfinished: int
    """Of those opened, at the moment of asking."""
    first_response: Durations
    resolution: Durations


@dataclass(frozen=True)
class WorkFigures:
    """Cases opened within a span."""

    opened: int
    states: Mapping[str, int]
    kinds: Mapping[str, int]
    channels: Mapping[str, int]
    topics: Mapping[str, int]
    first_response: Durations
    resolution: Durations
    desks: Sequence[DeskFigure]


def work_figures(
    cases: Iterable[Case], span: Span, time_of: Callable[[str], WorkingTime], targets: HelpDesk
) -> WorkFigures:
    """The figures of the cases opened within the span."""
    opened = [case for case in cases if case.opened_at in span]
    by_desk = Counter(case.desk for case in opened)

    def of(chosen: Sequence[Case]) -> tuple[Durations, Durations]:
        return _responses(chosen, time_of, targets.first_response), _resolutions(chosen, time_of, targets.resolution)

    desks = []
    for desk, count in sorted(by_desk.items(), key=lambda one: (-one[1], one[0])):
        chosen = [case for case in opened if case.desk == desk]
        desks.append(DeskFigure(desk, count, sum(case.state in UNFINISHED for case in chosen), *of(chosen)))
    response, resolution = of(opened)
    return WorkFigures(
        opened=len(opened),
        states=_counted(case.state for case in opened),
        kinds=_counted(case.kind for case in opened),
        channels=_counted(case.channel for case in opened),
        topics=_counted(case.topic for case in opened if case.topic),
        first_response=response,
        resolution=resolution,
        desks=desks,
    )


def _responses(cases: Sequence[Case], time_of: Callable[[str], WorkingTime], target: datetime.timedelta) -> Durations:
    spent = [time_of(one.desk).between(one.opened_at, one.first_reply_at) for one in cases if one.first_reply_at]
    return _durations(spent, target)


def _resolutions(cases: Sequence[Case], time_of: Callable[[str], WorkingTime], target: datetime.timedelta) -> Durations:
    done = [one for one in cases if one.state in (RESOLVED, CLOSED) and one.resolved_at]
    return _durations([time_of(one.desk).between(one.opened_at, one.resolved_at) for one in done], target)  # type: ignore[arg-type]


def _durations(spent: Sequence[datetime.timedelta], target: datetime.timedelta) -> Durations:
    minutes = [one // MINUTE for one in spent]
    if not minutes:
        return Durations(0, None, None, None, 0)
    mean = round(statistics.fmean(minutes), 1)
    in_time = sum(one <= target for one in spent)
    return Durations(len(minutes), float(statistics.median(minutes)), mean, max(minutes), in_time)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda one: (-one[1], one[0])))
