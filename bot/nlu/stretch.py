"""The stretch of a text that reads like a stretch of a title: by sound, with at most one slip."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

FUZZY_SIGNS = 4
"""A slip is forgiven only among so many signs that are right."""
WELL_NAMED = 0.75
"""So much of a title must be right for a slip, or signs at the ends that only sound right, to count."""
_SLIPS = ((1, 1), (0, 1), (1, 0), (0, 2))
"""How many signs of the text, and how many of the title, a slip leaves over: one is wrong, missing, too many."""


@dataclass(frozen=True)
class Spelled:
    """A text as it is compared: its signs, and the sound of each."""

    signs: str
    sounds: tuple[str, ...]


@dataclass(frozen=True)
class Stretch:
    """From start to end of the text, from first to last of the title, and how many signs are right."""

    start: int
    end: int
    first: int
    last: int
    right: int


def best_stretch(text: Spelled, title: Spelled) -> Stretch | None:
    """The longest stretch with two or more signs, or None."""
    at: dict[tuple[str, str], list[int]] = {}
    for first, pair in enumerate(pairwise(title.sounds)):
        at.setdefault(pair, []).append(first)
    best: Stretch | None = None
    done: set[tuple[int, int]] = set()
    for start, pair in enumerate(pairwise(text.sounds)):
        for first in at.get(pair, ()):
            if (start, first) in done:
                continue
            length = _same(text, title, start, first)
            done.update((start + step, first + step) for step in range(length))
            run = Stretch(start, start + length, first, first + length, length)
            found = _over_a_slip(text, title, run)
            if found.right < WELL_NAMED * len(title.signs):
                found = _written(text, title, run)
            if best is None or found.right > best.right:
                best = found
    return best


def _same(text: Spelled, title: Spelled, start: int, first: int) -> int:
    """How many signs from these places on sound the same."""
    length = 0
    for sound, other in zip(text.sounds[start:], title.sounds[first:]):
        if sound != other:
            break
        length += 1
    return length


def _over_a_slip(text: Spelled, title: Spelled, run: Stretch) -> Stretch:
    """The run and what follows one slip behind it, or else the title's first sign before one."""
    best = run
    for extra, missing in _SLIPS:
        start, first = run.end + extra, run.last + missing
        length = _same(text, title, start, first)
        if length == 1 and (first + 1 < len(title.signs) or text.signs[start] != title.signs[first]):
            continue
        if length and run.right + length >= FUZZY_SIGNS and run.right + length > best.right:
            best = Stretch(run.start, start + length, run.first, first + length, run.right + length)
    if best is run and run.first in (1, 2) and run.right >= FUZZY_SIGNS:
        for start in (run.start - 1, run.start - 2):
            if start >= 0 and run.first + run.start - start > 2 and text.signs[start] == title.signs[0]:
                return Stretch(start, run.end, 0, run.last, run.right + 1)
    return best


def _written(text: Spelled, title: Spelled, run: Stretch) -> Stretch:
    """The run without signs at its ends that only sound right: of 環境教育實務, 環境教育時 holds 環境教育."""
    start, end, shift = run.start, run.end, run.first - run.start
    while start < end and text.signs[start] != title.signs[start + shift]:
        start += 1
    while end > start and text.signs[end - 1] != title.signs[end - 1 + shift]:
        end -= 1
    return Stretch(start, end, start + shift, end + shift, end - start)
