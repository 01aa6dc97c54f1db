"""The guided diagnosis as kb/guides/diagnosis.yml tells it: screens, options, and the words that people use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.guides.facts import matters

ABSENT = "absent"
"""In a condition: the fact was not asked yet."""
UNSURE = "unsure"
"""The id of the option 「不確定」, which every screen has."""


@dataclass(frozen=True)
class Option:
    """One answer to a screen."""

    id: str
    title: str
    """What stands on the button; empty for what is understood where it is typed and not offered."""
    words: tuple[str, ...] = ()
    """Ways to say it inside a sentence, on this screen or on another."""
    replies: tuple[str, ...] = ()
    """Ways to say it that are the whole reply, on this screen alone."""
    sets: Mapping[str, Any] | None = None
    """Fact to value; the value of a date may be {days_ago: n}."""
    otherwise: Mapping[str, Any] | None = None
    """Of a checklist's item: what holds where it is not what is missing."""
    when: Mapping[str, tuple[Any, ...]] | None = None
    """Fact to the values of which it must have one for the option to stand."""
    every: str = ""
    """fine or missing: the reply holds for each item offered."""


@dataclass(frozen=True)
class Variant:
    """Another text of a screen, for a portal or a kind of course."""

    when: Mapping[str, tuple[Any, ...]]
    text: str


@dataclass(frozen=True)
class Screen:
    """One question of the guide."""

    id: str
    text: str
    options: tuple[Option, ...]
    variants: tuple[Variant, ...] = ()
    checklist: bool = False
    """Several options may be named at once; they name what is missing."""


@dataclass(frozen=True, eq=False)
class DiagnosisGuide:
    """All of kb/guides/diagnosis.yml."""

    screens: Mapping[str, Screen]
    doubts: Mapping[str, str]
    """Fact or cause to the sentence for where it stayed in doubt."""
    language: Mapping[str, tuple[str, ...]]
    """Kind of small word to the ways to write it."""


def holds(when: Mapping[str, tuple[Any, ...]] | None, facts: Mapping[str, Any]) -> bool:
    """Whether the facts meet a condition."""
    return all(facts.get(key, ABSENT) in values for key, values in (when or {}).items())


def standing(screen: Screen, facts: Mapping[str, Any]) -> list[Option]:
    """The options that may be meant on the screen, offered or not."""
    return [option for option in screen.options if holds(option.when, facts)]


def offered(screen: Screen, facts: Mapping[str, Any]) -> list[Option]:
    """The options to show as buttons, in the order of their numbers."""
    shown = [option for option in standing(screen, facts) if option.title]
    return [option for option in shown if not option.sets or _open(option, facts)]


def text_of(screen: Screen, facts: Mapping[str, Any]) -> str:
    """The question of the screen as these facts want it put."""
    return next((variant.text for variant in screen.variants if holds(variant.when, facts)), screen.text)


def _open(option: Option, facts: Mapping[str, Any]) -> bool:
    """Whether the option says something new that matters, and nothing against what is known."""
    sets = option.sets or {}
    if option.otherwise is not None:
        return any(key not in facts and matters(key, facts) for key in sets) or bool(option.when)
    return all(key not in facts or facts[key] == value for key, value in sets.items())
