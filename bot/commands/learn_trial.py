"""Training with a learning patch, beside the model in use, and the figures before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.evaluate import NAMES, Metrics, measure
from bot.commands.kinds import percent
from bot.commands.learn_export import HELD_OUT, TRAINING
from bot.commands.learning_curve import Labelled, all_examples, fitted
from bot.commands.questions import Question, read_questions
from bot.commands.training_questions import read_training
from bot.commands.understanding import Understanding
from bot.commands.verdict import FAILURES, verdict
from bot.nlu.decision import Decision
from bot.settings import Settings

SHOWN = 20
Fit = Callable[[Settings, Sequence[Labelled]], Understanding]


class TrialError(Exception):
    """Raised where there is nothing to try, with what is wrong."""


@dataclass(frozen=True)
class Trial:
    """The figures of the held-out questions before and after, and those of the patch's own."""

    learnt: int
    """Training questions of the patch."""
    before: Metrics
    after: Metrics
    own_before: Metrics | None
    """Of the patch's held-out questions; None where it has none."""
    own_after: Metrics | None
    worse: tuple[tuple[str, str], ...]
    """Topic and text of questions that were right before and are not after."""
    better: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        sides = {name: getattr(self, name) for name in ("before", "after", "own_before", "own_after")}
        told = {name: None if one is None else one.as_dict() for name, one in sides.items()}
        changes = {name: [list(one) for one in getattr(self, name)] for name in ("worse", "better")}
        return {"learnt": self.learnt, **told, **changes}


def trial(settings: Settings, folder: Path, say: Callable[[str], None], fit: Fit = fitted) -> Trial:
    """Train twice, on the questions as they are and with the patch's, nothing of it kept. Raises TrialError.

    Both models are trained here, the same way, so that nothing but the patch differs.
    """
    if not (folder / TRAINING).is_file():
        raise TrialError(f"{folder}: holds no {TRAINING.as_posix()}, so there is nothing to learn from it")
    lessons = read_training(folder / TRAINING)
    questions = read_questions([settings.project / "tests" / "questions"])
    own = read_questions([folder / HELD_OUT]) if (folder / HELD_OUT).is_file() else []
    # What was applied already stands in both; it must not count twice.
    examples = [one for one in all_examples(settings.project) if one not in set(lessons)]
    known = {one.text for one in own}
    questions = [one for one in questions if one.text not in known]
    say("Training without the patch …")
    before = _decisions(fit(settings, examples), [*questions, *own])
    say(f"Training with its {len(lessons)} questions …")
    after = _decisions(fit(settings, [*examples, *lessons]), [*questions, *own])
    return _compared(len(lessons), questions, own, before, after)


def as_text(found: Trial) -> list[str]:
    """The figures for people, side by side."""
    lines = [f"{found.learnt} training questions more"]
    lines += _table("held-out questions", found.before, found.after)
    if found.own_before is not None and found.own_after is not None:
        lines += _table("held-out questions of the patch", found.own_before, found.own_after)
    for title, changed in (("right before, not after:", found.worse), ("not right before, right after:", found.better)):
        if changed:
            lines.append(f"{title} {len(changed)}")
            lines += [f"  {topic}: {' '.join(text.split())[:60]}" for topic, text in changed[:SHOWN]]
    return lines


def _table(title: str, before: Metrics, after: Metrics) -> list[str]:
    lines = [f"{title:<34}{'before':>9}{'after':>9}{'change':>9}"]
    for key, name in NAMES.items():
        one, other = getattr(before, key), getattr(after, key)
        change = "" if one is None or other is None else f"{100 * (other - one):+.2f}"
        lines.append(f"  {name:<32}{percent(one):>9}{percent(other):>9}{change:>9}")
    return lines


def _decisions(understanding: Understanding, questions: Sequence[Question]) -> list[Decision]:
    return understanding.decisions([one.text for one in questions])


def _compared(
    learnt: int,
    questions: Sequence[Question],
    own: Sequence[Question],
    before: Sequence[Decision],
    after: Sequence[Decision],
) -> Trial:
    count = len(questions)
    failed = [
        (one, verdict(one, first) in FAILURES, verdict(one, second) in FAILURES)
        for one, first, second in zip([*questions, *own], before, after)
    ]
    return Trial(
        learnt=learnt,
        before=measure(questions, before[:count]),
        after=measure(questions, after[:count]),
        own_before=measure(own, before[count:]) if own else None,
        own_after=measure(own, after[count:]) if own else None,
        worse=tuple((one.topic, one.text) for one, first, second in failed if second and not first),
        better=tuple((one.topic, one.text) for one, first, second in failed if first and not second),
    )
