"""When answers must be looked at again: the day they say themselves, or so long after they were reviewed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.models import Answer, Knowledge

LONGEST = datetime.timedelta(days=1100)


@dataclass(frozen=True)
class Due:
    """An answer and the day by which it must be looked at again."""

    answer: Answer
    by: datetime.date

    def late(self, today: datetime.date) -> int:
        """Days past that day; negative where it is still ahead."""
        return (today - self.by).days


def review_by(answer: Answer, knowledge: Knowledge) -> datetime.date:
    """The last day on which the answer may go unreviewed."""
    if answer.review_by is not None:
        return answer.review_by
    days = knowledge.review.groups.get(answer.path.parent.name, knowledge.review.days)
    return answer.reviewed + datetime.timedelta(days=days)


def due(knowledge: Knowledge, today: datetime.date, within: int = 0) -> list[Due]:
    """The answers past their day, or that will be within so many days, the longest overdue first."""
    last = today + datetime.timedelta(days=within)
    found = (Due(answer, review_by(answer, knowledge)) for answer in knowledge.answers.values())
    return sorted((one for one in found if one.by < last), key=lambda one: (one.by, one.answer.topic))


def freshness_faults(answer: Answer) -> Iterator[str]:
    """What is wrong with the day that an answer says itself."""
    if answer.review_by is None:
        return
    if answer.review_by <= answer.reviewed:
        yield f"review_by {answer.review_by} is not after reviewed {answer.reviewed}"
    elif answer.review_by - answer.reviewed > LONGEST:
        yield f"review_by {answer.review_by} is more than three years after reviewed; sources change sooner"


def review_faults(knowledge: Knowledge, kb_dir: Path) -> Iterator[str]:
    """What is wrong with the review periods."""
    groups = {path.parent.name for path in (kb_dir / "answers").glob("*/*")}
    for group in sorted(set(knowledge.review.groups) - groups):
        yield f"group {group!r} is no folder of answers/"
