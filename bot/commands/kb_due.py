"""`epark kb due`: the answers that must be looked at again, and the notices that are over."""

from __future__ import annotations

import argparse
import datetime
import json
from typing import Any

from bot.settings import Settings

DONE = 0


def add_parser(commands: Any) -> None:
    """Add the command to those about the knowledge base."""
    due = commands.add_parser("due", help="answers past the day by which they must be reviewed again")
    due.add_argument("--within", metavar="DAYS", type=_days, default=0, help="also those due within so many days")
    due.add_argument("--json", action="store_true", help="as JSON")
    due.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings, today: datetime.date | None = None) -> int:
    """List them, the longest overdue first."""
    from bot.desks.hours import TAIPEI
    from bot.knowledge.freshness import due
    from bot.knowledge.load import load

    now = datetime.datetime.now(TAIPEI)
    today = today or now.date()
    knowledge = load(settings.kb_dir)
    found = due(knowledge, today, options.within)
    over = [notice for notice in knowledge.notices if notice.end.date() <= today and notice.end <= now]
    if options.json:
        entries = [
            {
                "topic": one.answer.topic,
                "title": one.answer.title,
                "reviewed": one.answer.reviewed.isoformat(),
                "review_by": one.by.isoformat(),
                "days_late": one.late(today),
                "file": one.answer.path.relative_to(settings.kb_dir.parent).as_posix(),
            }
            for one in found
        ]
        print(json.dumps({"answers": entries, "notices_over": [one.id for one in over]}, ensure_ascii=False, indent=1))
        return DONE
    for one in found:
        late = one.late(today)
        when = f"{late} days late" if late > 0 else f"in {-late} days"
        print(f"{one.by}  {when:<14} {one.answer.topic}  {one.answer.title}")
    for notice in over:
        print(f"{notice.end:%Y-%m-%d}  over           notice {notice.id}: take it out of kb/notices.yml")
    print(f"{len(found)} of {len(knowledge.answers)} answers to review, {len(over)} notices over.")
    return DONE


def _days(text: str) -> int:
    if not text.isdigit() or int(text) > 1100:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 0 to 1100")
    return int(text)
