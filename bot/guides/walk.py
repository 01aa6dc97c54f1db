"""Walking a step-by-step guide: which screen comes next, how far it is, what a person's words mean there.

A guide is data (kb/guides/<guide>.yml). Where someone stands is JSON-able: guide id, screen id, list of screen ids
that lead there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.guides.navigation import Navigation, fold
from bot.knowledge.models import Source


@dataclass(frozen=True)
class Choice:
    """One answer to the question of a screen."""

    title: str
    """The button; also what a tap sends."""
    words: tuple[str, ...]
    next: str

    @cached_property
    def folded(self) -> frozenset[str]:
        """Title and words as they are compared."""
        return frozenset(map(fold, (self.title, *self.words)))


@dataclass(frozen=True)
class WalkScreen:
    """One step or question; exactly one of choices, next and end."""

    id: str
    text: str
    """With placeholders, see bot.knowledge.fill."""
    stuck: str
    """Help for this very step, with placeholders."""
    sources: tuple[Source, ...]
    choices: tuple[Choice, ...] = ()
    next: str | None = None
    end: bool = False
    topic: str | None = None
    """The answer to offer at an end."""
    contacts: tuple[str, ...] = ()
    """The desks to name at an end."""

    @property
    def exits(self) -> tuple[str, ...]:
        """The screens that may follow."""
        return tuple(dict.fromkeys(choice.next for choice in self.choices)) or ((self.next,) if self.next else ())


@dataclass(frozen=True)
class WalkGuide:
    """A guide of kb/guides/, parsed and checked."""

    id: str
    topic: str
    """The faq topic that it belongs to."""
    title: str
    words: tuple[str, ...]
    """Other ways to ask for exactly this guide."""
    start: str
    screens: Mapping[str, WalkScreen]
    reviewed: date
    path: Path

    @cached_property
    def folded(self) -> frozenset[str]:
        """Title and words as they are compared."""
        return frozenset(map(fold, (self.title, *self.words)))

    @cached_property
    def remaining(self) -> Mapping[str, int]:
        """Screen to the longest way from there to an end, itself not counted; ways that turn back do not count."""
        remaining: dict[str, int] = {}
        for screen in self._last_first:
            onward = [after for after in self.screens[screen].exits if after in remaining]
            remaining[screen] = max((remaining[after] + 1 for after in onward), default=0)
        return remaining

    @property
    def _last_first(self) -> list[str]:
        """The screens, each after all that follow it (depth-first post-order)."""
        order: list[str] = []
        entered: set[str] = set()
        todo = [(self.start, False)]
        while todo:
            screen, followed = todo.pop()
            if followed:
                order.append(screen)
            elif screen not in entered:
                entered.add(screen)
                todo.append((screen, True))
                todo += [(after, False) for after in reversed(self.screens[screen].exits)]
        return order


@dataclass(frozen=True)
class Move:
    """Where a person stands after a message."""

    screen: str
    path: tuple[str, ...]
    """The screens walked through to get there, the oldest first."""
    stuck: bool = False
    """Give the screen's help; the person stays."""
    left: bool = False
    """The person leaves the guide, or is done with its last screen."""
    stayed: bool = False
    """There is no way on or back from here: say the same screen again."""


def asked_for(guides: Mapping[str, WalkGuide], text: str, words: Navigation) -> WalkGuide | None:
    """The guide whose title or other name the text is."""
    for reading in words.readings(text):
        for guide in guides.values():
            if reading in guide.folded:
                return guide
    return None


def settle(guide: WalkGuide, screen: str, path: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Where a stored place stands in the guide as it is now: its files may have been edited in between."""
    kept = tuple(one for one in path if one in guide.screens)
    if screen in guide.screens:
        return screen, kept
    return (kept[-1], kept[:-1]) if kept else (guide.start, ())


def progress(guide: WalkGuide, screen: str, path: Sequence[str]) -> tuple[int, int]:
    """The step's number and the most steps that it may take in all; going on, the second never grows."""
    screen, walked = settle(guide, screen, path)
    step = len(walked) + 1
    return step, step + guide.remaining[screen]


def move(guide: WalkGuide, screen: str, path: Sequence[str], text: str, words: Navigation) -> Move | None:
    """What the text does at this screen; None where it is no answer to it (another question)."""
    screen, walked = settle(guide, screen, path)
    here = guide.screens[screen]
    for reading in words.readings(text):
        for place, choice in enumerate(here.choices):
            if reading in choice.folded or words.places.get(reading) == place:
                return _onto(choice.next, screen, walked)
        command = words.words.get(reading)
        if command is not None:
            return _command(command, here, walked)
    return None


def _command(command: str, here: WalkScreen, walked: tuple[str, ...]) -> Move:
    if command == "next" and here.next is not None:
        return _onto(here.next, here.id, walked)
    if command == "back" and walked:
        return Move(walked[-1], walked[:-1])
    left = command == "leave" or (command == "next" and here.end)
    stuck = command == "stuck"
    return Move(here.id, walked, stuck=stuck, left=left, stayed=not (left or stuck))


def _onto(target: str, screen: str, walked: tuple[str, ...]) -> Move:
    """One screen on; a way that turns back to a screen forgets what came after it, so a path never grows for ever."""
    path = (*walked, screen)
    return Move(target, path[: path.index(target)] if target in path else path)
