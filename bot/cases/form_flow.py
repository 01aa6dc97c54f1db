"""How a case form goes on: what is asked next, and what a message means to it. Nothing is said or kept here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cases.contact import reference_in
from bot.cases.rules import CONTACT, FILES, KNOWN, TEXT, CaseForm, Field, Rules
from bot.guides.navigation import fold
from bot.guides.numerals import number_in

State = dict[str, Any]
"""JSON in a slot: form, at, values, contact (a reference), files taken by field, skipped, key, and what is added."""
QUESTION = "question"
"""The field that holds what the matter is."""
OFFER, CONFIRM, CHANGE = "offer", "confirm", "change"
ASKED, UNCLEAR, CANCELLED, DECLINED, CONFIRMED = "asked", "unclear", "cancelled", "declined", "confirmed"
TOO_SHORT, TOO_LONG, NO_CONTACT, NO_FILES = "too_short", "too_long", "no_contact", "no_files"


@dataclass(frozen=True)
class Step:
    """What a message came to."""

    state: State
    outcome: str


def begun(form: CaseForm, values: Mapping[str, str], files: int, can_send_files: bool, offer: bool) -> State:
    """A form with what is known already; `files` are those sent before, `offer` asks first whether one is wanted."""
    wanted = {field.id for field in form.fields if field.kind in (TEXT, KNOWN)}
    skipped = [] if can_send_files else [field.id for field in form.fields if field.kind == FILES]
    state: State = {
        "form": form.id,
        "key": secrets.token_urlsafe(12),
        "values": {name: value for name, value in values.items() if name in wanted and value},
        "contact": None,
        "files": {},
        "skipped": skipped,
        "at": OFFER,
    }
    return state if offer else went_on(state, form, files)


def went_on(state: State, form: CaseForm, files: int) -> State:
    """The state at the next thing that is missing; files that are waiting are taken where a form asks for some."""
    taken = dict(state["files"])
    for at, field in enumerate(form.fields):
        if field.kind == KNOWN or field.id in state["skipped"]:
            continue
        if field.kind == FILES:
            later = [one for one in form.fields[at + 1 :] if one.kind == FILES and one.id not in state["skipped"]]
            waiting = files - sum(taken.values())
            if field.id not in taken and waiting > 0:
                taken[field.id] = max(1, waiting - len(later))
            missing = field.id not in taken
        elif field.kind == CONTACT:
            missing = not state["contact"]
        else:
            missing = field.id not in state["values"]
        if missing:
            return {**state, "files": taken, "at": field.id}
    return {**state, "files": taken, "at": CONFIRM}


def take(state: State, text: str, files: int, form: CaseForm, rules: Rules) -> Step:
    """What a message means where the form stands."""
    at = state["at"]
    if at == OFFER:
        meant = rules.means(text, "yes", "no", "cancel")
        if meant == "yes":
            return Step(went_on(state, form, files), ASKED)
        return Step(state, DECLINED if meant else UNCLEAR)
    if rules.means(text, "cancel"):
        return Step(state, CANCELLED)
    if at == CONFIRM:
        return _confirm(state, text, form, rules)
    if at == CHANGE:
        chosen = _chosen(text, form)
        return Step(asked_again(state, chosen), ASKED) if chosen else Step(state, UNCLEAR)
    field = form.field(at)
    if field is None:
        # The form changed in kb/ meanwhile.
        return Step(went_on(state, form, files), ASKED)
    if field.optional and rules.means(text, "skip"):
        return Step(went_on({**state, "skipped": [*state["skipped"], at]}, form, files), ASKED)
    if field.kind != TEXT and rules.means(text, "change"):
        return Step({**state, "at": CHANGE}, ASKED)
    if field.kind == FILES:
        after = went_on(state, form, files)
        return Step(after, ASKED) if after["at"] != at else Step(state, NO_FILES)
    if field.kind == CONTACT:
        reference = reference_in(text)
        if reference is None:
            return Step(state, NO_CONTACT)
        return Step(went_on({**state, "contact": reference}, form, files), ASKED)
    return _text(state, text, files, field, form)


def asked_again(state: State, field: Field) -> State:
    """The state in which a field is asked once more, whatever was said of it before."""
    values = {name: value for name, value in state["values"].items() if name != field.id}
    skipped = [name for name in state["skipped"] if name != field.id]
    contact = None if field.kind == CONTACT else state["contact"]
    taken = {name: count for name, count in state["files"].items() if name != field.id}
    return {**state, "values": values, "skipped": skipped, "contact": contact, "files": taken, "at": field.id}


def added(state: State, text: str, form: CaseForm) -> State | None:
    """The state with more words on the matter; None where the form has no question to add them to, or no room."""
    field, before = form.field(QUESTION), state["values"].get(QUESTION, "")
    whole = f"{before}\n{text.strip()}".strip()
    if field is None or state["at"] == OFFER or len(whole) > field.most:
        return None
    return {**state, "values": {**state["values"], QUESTION: whole}}


def changeable(form: CaseForm) -> list[Field]:
    """The fields that a person may change, in order."""
    return [field for field in form.fields if field.kind in (TEXT, CONTACT)]


def _text(state: State, text: str, files: int, field: Field, form: CaseForm) -> Step:
    value = text.strip()
    if len(value) < field.least:
        return Step(state, TOO_SHORT)
    if len(value) > field.most:
        return Step(state, TOO_LONG)
    return Step(went_on({**state, "values": {**state["values"], field.id: value}}, form, files), ASKED)


def _confirm(state: State, text: str, form: CaseForm, rules: Rules) -> Step:
    meant = rules.means(text, "send", "change")
    if meant == "send":
        return Step(state, CONFIRMED)
    if meant == "change":
        return Step({**state, "at": CHANGE}, ASKED)
    chosen = _chosen(text, form)
    return Step(asked_again(state, chosen), ASKED) if chosen else Step(state, UNCLEAR)


def _chosen(text: str, form: CaseForm) -> Field | None:
    """The field whose label a message names, alone or with a word for changing, or whose number it gives."""
    fields, folded = changeable(form), fold(text)
    named = [field for field in fields if fold(field.label) in folded and len(folded) <= len(fold(field.label)) + 4]
    if named:
        return named[0]
    try:
        number = number_in(folded)
    except (KeyError, ValueError):
        return None
    return fields[number - 1] if 0 < number <= len(fields) else None
