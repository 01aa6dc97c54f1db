"""Which topics are taken for which others, and the list of all messages that were not right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.commands.verdict import FALSE_ANSWER, MISSED, RIGHT, WRONG, Pair, said, verdict
from bot.nlu.model import OUT_OF_SCOPE

WORST = 15


@dataclass(frozen=True)
class Confusion:
    """A topic taken for another: how often, and a message that shows it."""

    topic: str
    taken_for: str
    count: int
    example: str


@dataclass(frozen=True)
class Matrix:
    """What was said about messages of the topics most confused, as shares of each topic's messages."""

    topics: list[str]
    """Rows: the topics of the messages."""
    said: list[str]
    """Columns: the same topics, out_of_scope for no answer, and every other topic together."""
    shares: list[list[float]]
    """Each row adds up to 1."""
    messages: list[int]
    """How many messages stand behind each row."""


OTHER = "another topic"


def wrong_answers(pairs: Sequence[Pair]) -> list[Confusion]:
    """The most frequent wrong answers, in scope and out of it, but for those that the label accepts."""
    return _worst([pair for pair in pairs if _answered_wrong(pair)])


def missed_suggestions(pairs: Sequence[Pair]) -> list[Confusion]:
    """The most frequent suggestions without the right topic, each by its first one."""
    return _worst([pair for pair in pairs if verdict(*pair) == MISSED])


def _answered_wrong(pair: Pair) -> bool:
    question, decision = pair
    worth = verdict(question, decision)
    return worth == WRONG or (worth == FALSE_ANSWER and not question.right(decision.topics[0][0]))


def _worst(pairs: Sequence[Pair]) -> list[Confusion]:
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for question, decision in pairs:
        pair = (question.topic, decision.topics[0][0])
        counts[pair] += 1
        examples.setdefault(pair, question.text)
    return [Confusion(*pair, count, examples[pair]) for pair, count in counts.most_common(WORST)]


def matrix(pairs: Sequence[Pair], most: int = 20) -> Matrix:
    """The topics most often taken for each other, either way; suggestions count by their first topic."""
    counts = Counter((question.topic, said(question, decision)) for question, decision in pairs)
    involved: Counter[str] = Counter()
    for (topic, taken_for), count in counts.items():
        if topic != taken_for and OUT_OF_SCOPE not in (topic, taken_for):
            involved[topic] += count
            involved[taken_for] += count
    asked = Counter(question.topic for question, _ in pairs)
    names = sorted(topic for topic, _ in involved.most_common(most) if asked[topic])
    rows = [*names, OUT_OF_SCOPE] if asked[OUT_OF_SCOPE] else names
    columns = [*names, OUT_OF_SCOPE]
    shares = []
    for topic in rows:
        row = [counts[topic, column] / asked[topic] for column in columns]
        shares.append([round(one, 4) for one in (*row, max(0.0, 1 - sum(row)))])
    return Matrix(rows, [*columns, OTHER], shares, [asked[topic] for topic in rows])


def error_lines(pairs: Sequence[Pair]) -> Iterator[str]:
    """A line of JSON for every message that was not right, with what was said and what that is worth."""
    for question, decision in pairs:
        worth = verdict(question, decision)
        if worth != RIGHT:
            label = {"text": question.text, "topic": question.topic, "accept": list(question.accept)}
            marks = {"kind": question.kind, "range": question.range, "verdict": worth}
            yield json.dumps({**label, **marks, **decision.as_dict()}, ensure_ascii=False)
