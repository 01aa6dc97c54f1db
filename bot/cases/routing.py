"""Which desk for which problem, and why: from what was said and found, by the rules of kb/."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.cases.records import HUMAN, PLATFORM
from bot.cases.rules import CaseForm, Rules
from bot.desks.hours import Opening, opening
from bot.knowledge.models import Knowledge
from bot.learners.working_days import calendar_of

PORTAL_DESKS = frozenset({"lifelong", "env_edu", "teacher"})
"""Named in a report they say where hours are missing, which the platform looks into; only who asks for a person there
means the desk."""


@dataclass(frozen=True)
class Matter:
    """What a problem is about, as far as the conversation tells."""

    kind: str
    """report or human."""
    named: Sequence[str] = ()
    """Desks that the message names."""
    topic: str | None = None
    """The topic last answered."""
    topic_desk: str | None = None
    """The desk that its answer gave, where that is not the topic's own."""
    causes: Sequence[str] = ()
    """Causes of the diagnosis that was just told; empty where there was none."""
    diagnosis_desk: str | None = None
    """The desk of that diagnosis (contracts section 4)."""
    context: Mapping[str, str] = field(default_factory=dict)
    """provider, portal and identity, where known."""


@dataclass(frozen=True)
class Route:
    """Who should help."""

    desk: str
    reason: str
    bring: tuple[str, ...]
    topic: str | None
    cause: str | None
    """The cause of the diagnosis that led here, if one did."""


def route(matter: Matter, rules: Rules, knowledge: Knowledge) -> Route:
    """The desk, the reason to tell, and what to have at hand.

    A desk that is named comes first, then the diagnosis, then the topic with what refines it, then the platform.
    """
    named = [desk for desk in matter.named if desk in knowledge.desks]
    if matter.kind != HUMAN:
        named = [desk for desk in named if desk not in PORTAL_DESKS]
    if named and named[0] != PLATFORM:
        return _to(named[0], rules, matter.topic)
    if matter.diagnosis_desk in knowledge.desks and matter.causes:
        return _to(str(matter.diagnosis_desk), rules, matter.topic, cause=matter.causes[0])
    if named:
        return _to(named[0], rules, matter.topic)
    if matter.topic is not None and matter.topic in knowledge.topics:
        for one in rules.refined:
            fits = all(matter.context.get(key) == value for key, value in one.when.items())
            if matter.topic in one.topics and fits:
                return _to(one.desk, rules, matter.topic, reason=one.reason)
        desk = matter.topic_desk or knowledge.topics[matter.topic].desk
        if desk in knowledge.desks:
            return _to(str(desk), rules, matter.topic)
    return _to(matter.topic_desk if matter.topic_desk in knowledge.desks else PLATFORM, rules, matter.topic)


def form_for(found: Route, rules: Rules) -> CaseForm:
    """The first form that fits; the last one fits everything."""
    forms = list(rules.forms.values())
    return next((form for form in forms if _fits(form, found)), forms[-1])


def opening_of(desk: str, knowledge: Knowledge, now: datetime.datetime) -> Opening:
    """Whether a desk is open now and when it opens next; all None where no source gives its hours."""
    known = knowledge.desks[desk]
    return opening(known.hours, calendar_of(knowledge), now, desk, known.closed_on_holidays)


def next_working_day(knowledge: Knowledge, now: datetime.datetime) -> datetime.date | None:
    """The next day that is worked; None where today is one."""
    calendar = calendar_of(knowledge)
    today = now.date()
    return None if calendar.is_working_day(today) else calendar.nth_working_day_after(today, 1)


def _fits(form: CaseForm, found: Route) -> bool:
    if form.desks is not None and found.desk not in form.desks:
        return False
    if form.topics is None and not form.causes:
        return True
    return found.topic in (form.topics or ()) or found.cause in form.causes


def _to(
    desk: str | None, rules: Rules, topic: str | None, cause: str | None = None, reason: str | None = None
) -> Route:
    told = rules.desks[desk or PLATFORM]
    return Route(desk or PLATFORM, reason or told.reason, told.bring, topic, cause)
