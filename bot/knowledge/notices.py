"""Notices: announcements that hold from one moment to another, from kb/notices.yml."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.knowledge.models import Knowledge, Notice

FILE = "notices"
TAIPEI = ZoneInfo("Asia/Taipei")
EVERYWHERE = "all"
DAY = datetime.timedelta(days=1)


def notices_from(data: Mapping[str, Any]) -> tuple[Notice, ...]:
    """The notices of a file that fits its schema; raises ValueError where a day or an hour does not exist.

    A day without an hour begins at its midnight, and ends with the midnight after it.
    """
    return tuple(
        Notice(
            id=entry["id"],
            text=entry["text"].strip(),
            topics=None if entry["topics"] == EVERYWHERE else tuple(entry["topics"]),
            begin=_moment(entry["from"], datetime.timedelta()),
            end=_moment(entry["to"], DAY),
        )
        for entry in data["notices"]
    )


def holding(knowledge: Knowledge, now: datetime.datetime, topic: str | None = None) -> list[Notice]:
    """The notices that hold at an aware moment; with a topic those that concern it, oldest first."""
    found = (one for one in knowledge.notices if one.begin <= now < one.end)
    concerned = (one for one in found if topic is None or one.topics is None or topic in one.topics)
    return sorted(concerned, key=lambda one: (one.begin, one.id))


def notice_faults(knowledge: Knowledge) -> Iterator[str]:
    """What is wrong with the notices among themselves and with what they name."""
    seen: set[str] = set()
    for notice in knowledge.notices:
        if notice.id in seen:
            yield f"{notice.id} stands twice; each needs an id of its own"
        seen.add(notice.id)
        if notice.end <= notice.begin:
            yield f"{notice.id}: it ends before it begins"
        for topic in notice.topics or ():
            if topic not in knowledge.topics:
                yield f"{notice.id}: topic {topic!r} is not in topics.yml"


def _moment(value: Any, of_a_day: datetime.timedelta) -> datetime.datetime:
    if type(value) is datetime.date:
        return datetime.datetime.combine(value, datetime.time(), TAIPEI) + of_a_day
    return datetime.datetime.fromisoformat(str(value)).replace(tzinfo=TAIPEI)
