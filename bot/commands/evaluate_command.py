"""What `epark evaluate` does with its options: decide, print, list errors, compare with known failures, report."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from bot.commands.confusions import error_lines
from bot.commands.entity_scores import as_text as entities_as_text
from bot.commands.entity_scores import labelled, measure_entities, today_of
from bot.commands.evaluate import as_text, measure
from bot.commands.known_failures import KnownFailures, KnownFailuresError, read_known, started, write_known
from bot.commands.model_file import NoModelError
from bot.commands.questions import QuestionError, read_questions
from bot.commands.training_questions import TrainingError
from bot.commands.understanding import Understanding
from bot.commands.verdict import Pair
from bot.desks.hours import TAIPEI
from bot.knowledge.live import LiveKnowledge
from bot.nlu.mentions import MentionFinder
from bot.settings import Settings

SHOWN = 20
TITLE = "course_title"


class EvaluateError(Exception):
    """Raised where there is nothing to measure with, or what was measured cannot be written."""


Understand = Callable[[Settings], Understanding]


def evaluate(options: argparse.Namespace, settings: Settings, understand: Understand = Understanding) -> None:
    """Raises EvaluateError, with what is wrong."""
    if (options.shrink or options.start) and not options.known:
        options.usage_error("--shrink and --start need --known")
    if options.learning_curve and not options.report:
        options.usage_error("--learning-curve needs --report")
    if not (options.paths or options.entities):
        options.usage_error("name questions (PATH) or --entities")
    try:
        if options.entities:
            _entities(options, settings)
        if options.paths:
            _evaluate(options, settings, understand)
    except BrokenPipeError:
        raise
    except (QuestionError, NoModelError, ValueError, KnownFailuresError, TrainingError, OSError) as error:
        raise EvaluateError(str(error)) from error


def _evaluate(options: argparse.Namespace, settings: Settings, understand: Understand) -> None:
    questions = read_questions(options.paths)
    known = _known(options)
    understanding = understand(settings)
    heard = understanding.hear([one.text for one in questions])
    decisions = understanding.decide(heard, understanding.thresholds)
    pairs = list(zip(questions, decisions))
    metrics = measure(questions, decisions)
    print(json.dumps(metrics.as_dict(), ensure_ascii=False, indent=1) if options.json else as_text(metrics))
    if options.errors:
        options.errors.write_text("".join(f"{line}\n" for line in error_lines(pairs)), encoding="utf-8")
    if options.known:
        _keep(options, known, pairs)
    if options.report:
        # Drawing takes a second to import: only here, where it is needed.
        from bot.commands.report import write_report

        write_report(options.report, settings, understanding, questions, heard, options.learning_curve)


def _entities(options: argparse.Namespace, settings: Settings) -> None:
    """The figures of a labelled file; the titles that it names stand for those of the learner database."""
    lines = options.entities.read_text(encoding="utf-8").splitlines()
    titles = {str(one["value"]) for _text, entities in labelled(lines) for one in entities if one["entity"] == TITLE}
    finder = MentionFinder(LiveKnowledge.shared(settings.kb_dir).get().vocabulary, sorted(titles))
    today = today_of(lines) or datetime.datetime.now(TAIPEI).date()
    measured = measure_entities(lines, lambda text, day: [one.as_dict() for one in finder.find(text, day)], today)
    if options.json:
        scores = {entity: asdict(score) for entity, score in measured.scores.items()}
        print(json.dumps({"entities": scores}, ensure_ascii=False, indent=1))
    else:
        print(entities_as_text(measured))


def _known(options: argparse.Namespace) -> KnownFailures | None:
    """The known failures before anything slow happens; None where they are to be written for the first time."""
    if not options.known:
        return None
    if options.start:
        if options.known.exists():
            raise KnownFailuresError(f"{options.known}: exists already; --shrink takes out what is solved")
        return None
    if not options.known.exists():
        raise KnownFailuresError(f"{options.known}: no such file; --start writes it")
    return read_known(options.known)


def _keep(options: argparse.Namespace, known: KnownFailures | None, pairs: Sequence[Pair]) -> None:
    """Write or compare the known failures, and say so on stderr."""
    if known is None:
        known = started(pairs)
        write_known(options.known, known)
        _say(f"{options.known}: {len(known.entries)} failures written")
        return
    solved = known.solved(pairs)
    if options.shrink:
        known = known.shrunk(pairs)
        write_known(options.known, known)
    done = "removed" if options.shrink else "can be removed with --shrink"
    _say(f"{options.known}: {len(known.entries)} known failures, at most {known.at_most}; {len(solved)} solved {done}")
    if len(known.entries) > known.at_most:
        _say(f"{options.known}: has grown by {len(known.entries) - known.at_most}; take out what was added")
    unknown = known.unknown(pairs)
    if unknown:
        _say(f"{len(unknown)} failures are not in the file:")
        for topic, text in unknown[:SHOWN]:
            _say(f"  {topic}: {' '.join(text.split())[:60]}")


def _say(line: str) -> None:
    print(line, file=sys.stderr)
