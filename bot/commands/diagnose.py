"""`epark diagnose`: contracts section 4 on the terminal, for one learner or for all."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import IO, Any

from sqlalchemy.engine import Engine

from bot.knowledge.load import load
from bot.knowledge.models import Knowledge
from bot.learners.database import migrate, open_database
from bot.learners.diagnosis import diagnose
from bot.learners.records import TAIPEI, taipei_day
from bot.learners.report import diagnosis_dict
from bot.learners.store import all_learners, find_learner
from bot.learners.working_days import calendar_of
from bot.settings import Settings

COLUMNS = ("course", "title", "state", "causes", "next_check", "desk")


class UnknownError(LookupError):
    """Raised for a learner or a course that the database does not hold."""


def diagnose_one(
    engine: Engine, learner_id: str, course: str | None, portal: str, moment: datetime.datetime, knowledge: Knowledge
) -> list[tuple[str, dict[str, Any]]]:
    """Title and diagnosis of a learner's enrollments, or of the one named; raises UnknownError."""
    learner = find_learner(engine, learner_id)
    if learner is None:
        raise UnknownError(f"no learner {learner_id!r} in the database")
    chosen = [one for one in learner.enrollments if course is None or one.course.code == course]
    if course is not None and not chosen:
        raise UnknownError(f"the record of {learner_id} holds no course {course!r}")
    nth, today = calendar_of(knowledge).nth_working_day_after, taipei_day(moment)
    return [
        (one.course.title, diagnosis_dict(learner, one, portal, diagnose(learner, one, portal, today, nth)))
        for one in chosen
    ]


def diagnose_all(
    engine: Engine, portal: str, moment: datetime.datetime, knowledge: Knowledge
) -> Iterator[tuple[str, dict[str, Any]]]:
    """As diagnose_one for every learner, by learner_id, then in the record's order; streamed."""
    nth, today = calendar_of(knowledge).nth_working_day_after, taipei_day(moment)
    for learner in all_learners(engine):
        for one in learner.enrollments:
            yield one.course.title, diagnosis_dict(learner, one, portal, diagnose(learner, one, portal, today, nth))


def run(options: argparse.Namespace, settings: Settings) -> None:
    """Print what the options ask for; raises UnknownError."""
    moment = options.at or datetime.datetime.now(TAIPEI)
    engine = open_database(settings.database_url)
    migrate(engine)
    knowledge = load(settings.kb_dir)
    if options.all:
        everyone = diagnose_all(engine, options.portal, moment, knowledge)
        if options.json:
            write_json_lines(everyone, sys.stdout)
        else:
            write_table(everyone, sys.stdout, with_learner=True)
        return
    found = diagnose_one(engine, options.learner_id, options.course, options.portal, moment, knowledge)
    if not options.json:
        write_table(found, sys.stdout, with_learner=False)
        return
    data = [diagnosis for _title, diagnosis in found]
    print(json.dumps(data[0] if options.course else data, ensure_ascii=False, indent=1))


def write_table(found: Iterable[tuple[str, dict[str, Any]]], out: IO[str], with_learner: bool) -> None:
    """A table for people; rows as they come, so that a long one streams."""
    columns = (("learner_id", *COLUMNS)) if with_learner else COLUMNS
    widths = {"learner_id": 12, "course": 18, "title": 30, "state": 15, "causes": 34, "next_check": 11, "desk": 10}
    out.write("".join(_pad(name, widths[name]) for name in columns).rstrip() + "\n")
    for title, diagnosis in found:
        cells = {**diagnosis, "title": title, "causes": ", ".join(diagnosis["causes"])}
        out.write("".join(_pad(str(cells[name] or "-"), widths[name]) for name in columns).rstrip() + "\n")


def write_json_lines(found: Iterable[tuple[str, dict[str, Any]]], out: IO[str]) -> None:
    """One JSON object a line."""
    for _title, diagnosis in found:
        out.write(json.dumps(diagnosis, ensure_ascii=False) + "\n")


def _pad(text: str, width: int) -> str:
    """Padded to a width in terminal columns, in which an ideograph takes two; at least one space follows."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(1, width - taken)
