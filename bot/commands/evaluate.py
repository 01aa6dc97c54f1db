"""`epark evaluate`: the metrics of contracts section 2, by kind of message, and the worst confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bot.commands.confusions import Confusion, missed_suggestions, wrong_answers
from bot.commands.kinds import Kind, kinds, percent, share, table
from bot.commands.questions import Question
from bot.commands.verdict import FALSE_ANSWER, HELPED, RIGHT, WRONG, Pair, said, verdict
from bot.nlu.decision import SUGGEST, Decision
from bot.nlu.model import OUT_OF_SCOPE


@dataclass(frozen=True)
class Metrics:
    """Shares from 0 to 1; None where there was no message of the kind."""

    in_scope: int
    out_of_scope: int
    answered_right: float | None
    wrong: float | None
    suggested: float | None
    helped: float | None
    false_answers: float | None
    false_answers_near: float | None
    false_answers_far: float | None
    macro_f1: float | None
    confusions: list[Confusion] = field(default_factory=list)
    missed_suggestions: list[Confusion] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """For --json."""
        return asdict(self)


def measure(questions: Sequence[Question], decisions: Sequence[Decision]) -> Metrics:
    """Compare decisions with labels; `answer` counts by its topics, `suggest` by those offered."""
    pairs = list(zip(questions, decisions))
    inside = [pair for pair in pairs if pair[0].topic != OUT_OF_SCOPE]
    outside = [pair for pair in pairs if pair[0].topic == OUT_OF_SCOPE]
    worth = Counter(verdict(*pair) for pair in inside)
    offered = sum(decision.outcome == SUGGEST for _question, decision in inside)
    return Metrics(
        in_scope=len(inside),
        out_of_scope=len(outside),
        answered_right=share(worth[RIGHT], len(inside)),
        wrong=share(worth[WRONG], len(inside)),
        suggested=share(offered, len(inside)),
        helped=share(worth[RIGHT] + worth[HELPED], len(inside)),
        false_answers=_false(outside),
        false_answers_near=_false([pair for pair in outside if pair[0].range == "near"]),
        false_answers_far=_false([pair for pair in outside if pair[0].range == "far"]),
        macro_f1=_macro_f1(pairs),
        confusions=wrong_answers(pairs),
        missed_suggestions=missed_suggestions(pairs),
        kinds=kinds(pairs),
    )


def _false(pairs: Sequence[Pair]) -> float | None:
    return share(sum(verdict(*pair) == FALSE_ANSWER for pair in pairs), len(pairs))


def _macro_f1(pairs: Sequence[Pair]) -> float | None:
    right: Counter[str] = Counter()
    named: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for question, decision in pairs:
        topic = said(question, decision)
        named[topic] += 1
        wanted[question.topic] += 1
        right[question.topic] += topic == question.topic
    scores = [2 * right[topic] / (named[topic] + wanted[topic]) for topic in wanted]
    return round(sum(scores) / len(scores), 4) if scores else None


NAMES = {
    "answered_right": "answered right",
    "wrong": "wrong",
    "suggested": "suggested",
    "helped": "helped",
    "false_answers": "false answers",
    "false_answers_near": "  near",
    "false_answers_far": "  far",
    "macro_f1": "macro-F1",
}
"""The metrics by the names that people read."""


def as_text(metrics: Metrics) -> str:
    """The metrics for people."""
    lines = [f"{metrics.in_scope} messages in scope, {metrics.out_of_scope} out of scope"]
    lines += [f"{name:<16}{percent(getattr(metrics, key)):>8}" for key, name in NAMES.items()]
    if metrics.kinds:
        lines += table(metrics.kinds)
    for title, found in (
        ("worst confusions:", metrics.confusions),
        ("suggestions that missed, by the first one offered:", metrics.missed_suggestions),
    ):
        if found:
            lines.append(title)
            lines += [f"  {one.count} × {one.topic} → {one.taken_for}   {_brief(one.example)}" for one in found]
    return "\n".join(lines)


def _brief(text: str) -> str:
    return " ".join(text.split())[:60]
