"""`epark evaluate`: the metrics of contracts section 2 and the worst confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bot.commands.questions import Question
from bot.nlu.decision import ANSWER, FALLBACK, SUGGEST, Decision
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

    def as_dict(self) -> dict[str, object]:
        """For --json."""
        return asdict(self)


def measure(questions: Sequence[Question], decisions: Sequence[Decision]) -> Metrics:
    """Compare decisions with labels; `answer` counts by its topics, `suggest` by those offered."""
    pairs = list(zip(questions, decisions))
    inside = [(question, decision) for question, decision in pairs if question.topic != OUT_OF_SCOPE]
    outside = [(question, decision) for question, decision in pairs if question.topic == OUT_OF_SCOPE]
    right = sum(_answered_right(question, decision) for question, decision in inside)
    answered = sum(decision.outcome == ANSWER for _question, decision in inside)
    offered = [(question, decision) for question, decision in inside if decision.outcome == SUGGEST]
    helped = right + sum(any(question.right(topic) for topic, _ in decision.topics) for question, decision in offered)
    return Metrics(
        in_scope=len(inside),
        out_of_scope=len(outside),
        answered_right=_share(right, len(inside)),
        wrong=_share(answered - right, len(inside)),
        suggested=_share(len(offered), len(inside)),
        helped=_share(helped, len(inside)),
        false_answers=_false(outside),
        false_answers_near=_false([pair for pair in outside if pair[0].range == "near"]),
        false_answers_far=_false([pair for pair in outside if pair[0].range == "far"]),
        macro_f1=_macro_f1(pairs),
        confusions=_confusions(pairs),
    )


def _answered_right(question: Question, decision: Decision) -> bool:
    return decision.outcome == ANSWER and question.right(decision.topics[0][0])


def _false(pairs: Sequence[tuple[Question, Decision]]) -> float | None:
    """The share of messages out of scope that were answered, whatever else their label accepts."""
    return _share(sum(decision.outcome == ANSWER for _question, decision in pairs), len(pairs))


def _said(question: Question, decision: Decision) -> str:
    """The one topic a decision counts as for F1 and confusions."""
    if decision.outcome == FALLBACK:
        return OUT_OF_SCOPE
    topic = decision.topics[0][0]
    return question.topic if question.right(topic) else topic


def _macro_f1(pairs: Sequence[tuple[Question, Decision]]) -> float | None:
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for question, decision in pairs:
        topic = _said(question, decision)
        said[topic] += 1
        wanted[question.topic] += 1
        right[question.topic] += topic == question.topic
    scores = [2 * right[topic] / (said[topic] + wanted[topic]) for topic in wanted]
    return round(sum(scores) / len(scores), 4) if scores else None


def _confusions(pairs: Sequence[tuple[Question, Decision]]) -> list[Confusion]:
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for question, decision in pairs:
        if decision.outcome != ANSWER or question.right(decision.topics[0][0]):
            continue
        pair = (question.topic, decision.topics[0][0])
        counts[pair] += 1
        examples.setdefault(pair, question.text)
    return [Confusion(*pair, count, examples[pair]) for pair, count in counts.most_common(WORST)]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def as_text(metrics: Metrics) -> str:
    """The metrics for people."""
    names = {
        "answered_right": "answered right",
        "wrong": "wrong",
        "suggested": "suggested",
        "helped": "helped",
        "false_answers": "false answers",
        "false_answers_near": "  near",
        "false_answers_far": "  far",
        "macro_f1": "macro-F1",
    }
    values = metrics.as_dict()
    lines = [f"{metrics.in_scope} messages in scope, {metrics.out_of_scope} out of scope"]
    for key, name in names.items():
        value = values[key]
        lines.append(f"{name:<16}" + ("–" if value is None else f"{float(str(value)) * 100:6.1f} %"))
    if metrics.confusions:
        lines.append("worst confusions:")
        lines += [f"  {one.count} × {one.topic} → {one.taken_for}   {one.example[:60]}" for one in metrics.confusions]
    return "\n".join(lines)
