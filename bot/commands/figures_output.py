"""The figures as a table for people and as CSV for spreadsheets."""

from __future__ import annotations

import csv
from typing import IO

from bot.figures.report import HEADER, Figures
from bot.figures.work import Durations

SHOWN = 15


def write_csv(figures: Figures, out: IO[str]) -> None:
    """A row for each figure, with a BOM for spreadsheets."""
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(figures.rows())


def as_text(figures: Figures) -> list[str]:
    """The figures for people."""
    talk, work = figures.talk, figures.work
    lines = [f"{figures.span.first} to {figures.span.last}"]
    lines.append(f"{talk.turns} turns in {talk.conversations} conversations")
    lines.append(
        f"contained      {_percent(figures.containment)}  {talk.contained} of {talk.answered} matters answered"
    )
    if talk.undecided:
        lines.append(f"               of them {talk.undecided} whose 24 hours are not over")
    lines.append(f"handed over    {_percent(figures.hand_over_rate)}  {talk.handed_over} conversations")
    lines.append(f"fallback       {_percent(figures.fallback_rate)}  {talk.outcomes.get('fallback', 0)} questions")
    lines.append(f"thumbs up      {_percent(figures.helpful_share)}  {talk.thumbs_up} up, {talk.thumbs_down} down")
    lines.append(f"cases opened   {work.opened}")
    lines.append(f"first response {_minutes(work.first_response)}")
    lines.append(f"resolution     {_minutes(work.resolution)}")
    lines += [f"  {desk.desk:<16}{desk.opened:>5} opened, {desk.unfinished} unfinished" for desk in work.desks]
    if talk.topics:
        lines.append("topics, and the days before:")
        lines += [f"  {one.topic:<32}{one.count:>6}{one.before:>6}" for one in talk.topics[:SHOWN]]
    return lines


def _percent(value: float | None) -> str:
    return "     –" if value is None else f"{value:6.1%}"


def _minutes(found: Durations) -> str:
    if not found.count:
        return "–"
    took = f"median {found.median:g} min of working time, longest {found.longest}"
    return f"{took}; {found.in_time} of {found.count} in time"
