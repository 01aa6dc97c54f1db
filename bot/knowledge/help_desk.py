"""What the help desk sets for itself: its hours and targets (kb/help_desk.yml) and its canned replies."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.fill import FillError, fill
from bot.knowledge.load import KnowledgeError, read_file
from bot.knowledge.models import Fault, Knowledge
from bot.knowledge.parse import hours_from

HELP_DESK, CANNED = "help_desk.yml", "canned_replies.yml"


@dataclass(frozen=True)
class HelpDesk:
    """The hours for desks whose own no source gives, and how soon a case should be answered and settled."""

    hours: Mapping[int, tuple[tuple[datetime.time, datetime.time], ...]]
    closed_on_holidays: bool
    first_response: datetime.timedelta
    """Of working time, as is the other."""
    resolution: datetime.timedelta


@dataclass(frozen=True)
class CannedReply:
    """A reply that is ready to be inserted, its contact facts filled in."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class HelpDeskKnowledge:
    """Both files."""

    desk: HelpDesk
    canned: tuple[CannedReply, ...]


def read_help_desk(kb_dir: Path, knowledge: Knowledge) -> tuple[HelpDeskKnowledge | None, list[Fault]]:
    """What the two files say, and what is wrong with them; None where the hours cannot be used."""
    faults: list[Fault] = []
    data = read_file(kb_dir / HELP_DESK, "help_desk", kb_dir, faults)
    replies = read_file(kb_dir / CANNED, "canned_replies", kb_dir, faults) or []
    canned: dict[str, CannedReply] = {}
    for entry in replies:
        try:
            text = fill(entry["text"].strip(), knowledge)
        except FillError as error:
            faults.append(Fault(f"{kb_dir.name}/{CANNED}", f"{entry['id']}: {error}"))
            continue
        if entry["id"] in canned:
            faults.append(Fault(f"{kb_dir.name}/{CANNED}", f"{entry['id']} stands twice; keep one"))
        canned[entry["id"]] = CannedReply(entry["id"], entry["title"].strip(), text)
    if data is None:
        return None, faults
    desk = HelpDesk(
        hours_from(data["hours"]),
        data["hours"]["holidays"] == "closed",
        datetime.timedelta(hours=data["first_response_hours"]),
        datetime.timedelta(hours=data["resolution_hours"]),
    )
    return HelpDeskKnowledge(desk, tuple(canned.values())), faults


class LiveHelpDesk:
    """The files as they stand now; where an edit breaks them, what stood before."""

    def __init__(self, kb_dir: Path, knowledge: Knowledge) -> None:
        """Raises KnowledgeError where the hours cannot be used to begin with."""
        self._kb_dir = kb_dir
        self._stamp = self._stamps()
        self._of = knowledge
        found, faults = read_help_desk(kb_dir, knowledge)
        if found is None:
            raise KnowledgeError(faults)
        self._last = found

    def get(self, knowledge: Knowledge) -> HelpDeskKnowledge:
        """The newest usable state, filled from this knowledge."""
        stamp = self._stamps()
        if stamp != self._stamp or knowledge is not self._of:
            self._stamp, self._of = stamp, knowledge
            self._last = read_help_desk(self._kb_dir, knowledge)[0] or self._last
        return self._last

    def _stamps(self) -> tuple[tuple[int, int], ...]:
        paths = (self._kb_dir / HELP_DESK, self._kb_dir / CANNED)
        return tuple((one.stat().st_mtime_ns, one.stat().st_size) if one.exists() else (0, 0) for one in paths)
