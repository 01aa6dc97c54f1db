"""What the bot could learn from: messages not answered, refused suggestions, thumbs down, hand-overs."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.journal.turns import ANSWER, FALLBACK, QUESTIONS, SUGGEST, Turn

NOT_ANSWERED, REFUSED, THUMBED_DOWN, HANDED_OVER = "not_answered", "refused", "thumbed_down", "handed_over"
REASONS = (NOT_ANSWERED, REFUSED, THUMBED_DOWN, HANDED_OVER)
SOON = datetime.timedelta(minutes=30)
"""Within this a message still speaks of the suggestions before it, and a hand-over of the question before it."""


@dataclass(frozen=True)
class Item:
    """One message to learn from, however often it came."""

    key: str
    text: str
    reasons: tuple[str, ...]
    """Each once, in the order of REASONS."""
    count: int
    last_at: datetime.datetime
    taken_for: str | None
    """The topic that was answered or offered first, the last time."""


def folded(text: str) -> str:
    """What two messages must differ in: letters, digits and ideographs, in one width and case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum()) or plain.strip()


def keyed(secret: str) -> Callable[[str], str]:
    """The name of a message; nobody finds the way back without the secret."""
    key = hashlib.sha256(b"epark learning\0" + secret.encode()).digest()
    return lambda text: hmac.new(key, folded(text).encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def collect(
    turns: Sequence[Turn], key: Callable[[str], str], treated: frozenset[str] = frozenset(), said_by: Iterable[str] = ()
) -> list[Item]:
    """The messages of turns (in order) that are worth a look, the newest first.

    `said_by` are what buttons send (「都不是」, titles): nobody can learn from them.
    """
    buttons = {folded(one) for one in said_by}
    found: dict[str, list[tuple[Turn, str]]] = {}
    for turn, reason in _reasons(turns, buttons):
        found.setdefault(key(turn.text or ""), []).append((turn, reason))
    items = [_item(name, those) for name, those in found.items() if name not in treated]
    return sorted(items, key=lambda item: (item.last_at, item.key), reverse=True)


def _reasons(turns: Sequence[Turn], buttons: set[str]) -> Iterator[tuple[Turn, str]]:
    """Each turn with a reason to look at it; one may have several."""
    asked: dict[str, Turn] = {}
    for turn in turns:
        before = asked.get(turn.conversation)
        recent = before if before is not None and turn.at - before.at <= SOON else None
        if recent is not None:
            # Whoever takes a suggestion is answered next; anything else is a refusal.
            if recent.outcome == SUGGEST and turn.outcome in (FALLBACK, SUGGEST):
                yield recent, REFUSED
            if turn.handed_over:
                yield recent, HANDED_OVER
        pressed = turn.text is None or folded(turn.text) in buttons
        if turn.outcome not in QUESTIONS:
            continue
        if pressed:
            # A button goes on with the question before it.
            if recent is not None:
                asked[turn.conversation] = replace(recent, outcome=turn.outcome, at=turn.at)
            continue
        asked[turn.conversation] = turn
        if turn.outcome == FALLBACK:
            yield turn, NOT_ANSWERED
        if turn.helpful is False and turn.outcome in (ANSWER, SUGGEST):
            yield turn, THUMBED_DOWN


def _item(name: str, those: list[tuple[Turn, str]]) -> Item:
    last = max((turn for turn, _reason in those), key=lambda turn: (turn.at, turn.id))
    reasons = {reason for _turn, reason in those}
    return Item(
        key=name,
        text=last.text or "",
        reasons=tuple(reason for reason in REASONS if reason in reasons),
        count=len({turn.id for turn, _reason in those}),
        last_at=last.at,
        taken_for=last.topic,
    )
