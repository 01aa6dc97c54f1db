"""`epark learn`: what the bot could learn, what editors made of it, the patch of it, and a trial of the patch."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.learners.clock import now_in_taipei
from bot.settings import Settings

DONE, FAILED = 0, 1
SHOWN = 3
TERMINAL = "terminal"
"""Who treats messages on the command line, where no account signs in."""


def add_parser(commands: Any) -> None:
    """Add the commands to the console script."""
    learn = commands.add_parser("learn", help="what the bot could learn").add_subparsers(
        required=True, metavar="COMMAND"
    )
    inbox = learn.add_parser("inbox", help="messages that were not answered, refused, thumbed down or handed over")
    inbox.add_argument("--json", action="store_true", help="a line of JSON for each cluster")
    inbox.set_defaults(run=_inbox)
    treat = learn.add_parser("treat", help="say what the messages of a cluster were")
    treat.add_argument("cluster", metavar="CLUSTER", help="as epark learn inbox names it; its first signs are enough")
    what = treat.add_mutually_exclusive_group(required=True)
    what.add_argument("--topic", metavar="ID", help="this topic")
    what.add_argument("--out-of-scope", action="store_true", help="none of our matters")
    what.add_argument("--new-topic", metavar="TITLE", help="a matter that has no topic yet")
    what.add_argument("--ignore", action="store_true", help="nothing to learn")
    treat.set_defaults(run=_treat)
    export = learn.add_parser("export", help="write what was accepted as a patch of training and held-out questions")
    export.add_argument("--to", metavar="DIR", type=Path, help="where to (default: var/learning/, by the moment)")
    export.add_argument("--apply", action="store_true", help="into the project's own files as well")
    export.set_defaults(run=_export)
    trial = learn.add_parser("trial", help="train with a patch, beside the model in use, and compare the figures")
    trial.add_argument("patch", metavar="DIR", nargs="?", type=Path, help="an exported patch (default: the newest)")
    trial.add_argument("--json", action="store_true", help="the figures as JSON")
    trial.set_defaults(run=_trial)


def _inbox(options: argparse.Namespace, settings: Settings) -> int:
    box, knowledge = _box(settings)
    rank = ranking(settings)
    found = box.clusters(knowledge)
    best = rank([one.items[0].text for one in found]) if found else []
    for cluster, topics in zip(found, best):
        if options.json:
            texts = [item.text for item in cluster.items]
            told = {"cluster": cluster.key, "count": cluster.count, "reasons": list(cluster.reasons), "texts": texts}
            print(
                json.dumps(
                    {**told, "topics": [{"id": one, "score": score} for one, score in topics]}, ensure_ascii=False
                )
            )
            continue
        print(f"{cluster.key[:8]}  {cluster.count} × {', '.join(cluster.reasons)}")
        for item in cluster.items[:SHOWN]:
            print(f"    {' '.join(item.text.split())[:100]}")
        print("    " + "  ".join(f"{topic} {score:.2f}" for topic, score in topics))
    print(f"{len(found)} clusters.", file=sys.stderr)
    return DONE


def _treat(options: argparse.Namespace, settings: Settings) -> int:
    from bot.learning.verdicts import IGNORE, NEW_TOPIC, OUT_OF_SCOPE, TOPIC, VerdictError

    box, knowledge = _box(settings)
    chosen = [one for one in box.clusters(knowledge) if one.key.startswith(options.cluster)]
    if len(chosen) != 1:
        return _fail(f"{options.cluster!r} names {len(chosen)} clusters of the inbox; name one (epark learn inbox)")
    if options.topic:
        verdict = TOPIC
    elif options.out_of_scope:
        verdict = OUT_OF_SCOPE
    else:
        verdict = NEW_TOPIC if options.new_topic else IGNORE
    keys = [item.key for item in chosen[0].items]
    try:
        treated = box.treat(keys, verdict, TERMINAL, knowledge, options.topic, options.new_topic or "")
    except VerdictError as error:
        return _fail(str(error))
    print(f"{treated} messages treated.", file=sys.stderr)
    return DONE


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.learn_export import ExportError, export, new_folder

    box, knowledge = _box(settings)
    folder = options.to or new_folder(settings)
    try:
        patch = export(box.verdicts, knowledge, settings, folder, options.apply)
    except (ExportError, OSError, ValueError) as error:
        return _fail(str(error))
    for text, where in patch.refused:
        print(f"refused, stands in {where} already: {text[:60]}", file=sys.stderr)
    learnt, kept = (sum(map(len, side.values())) for side in (patch.training, patch.held_out))
    if patch.empty:
        print("Nothing to export.", file=sys.stderr)
        return DONE
    print(folder)
    new = sum(map(len, patch.new_topics.values()))
    print(f"{learnt} training questions, {kept} held-out ones, {new} for new topics.", file=sys.stderr)
    return DONE


def _trial(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.learn_export import newest_patch
    from bot.commands.learn_trial import TrialError, as_text, trial

    folder = options.patch or newest_patch(settings)
    if folder is None:
        return _fail("there is no exported patch; epark learn export writes one")
    try:
        found = trial(settings, folder, lambda line: print(line, file=sys.stderr, flush=True))
    except (TrialError, OSError, ValueError) as error:
        return _fail(str(error))
    print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if options.json else "\n".join(as_text(found)))
    return DONE


def ranking(settings: Settings) -> Callable[[Any], list[list[tuple[str, float]]]]:
    """The three best topics of texts by the trained model; none where there is no model."""
    from bot.commands.quiet import be_quiet

    be_quiet()
    from bot.commands.model_file import NoModelError
    from bot.commands.understanding import Understanding
    from bot.learning.box import BEST

    try:
        understanding = Understanding(settings)
    except (NoModelError, FileNotFoundError):
        return lambda texts: [[] for _text in texts]
    return lambda texts: [list(one.ranked.topics[:BEST]) for one in understanding.hear(texts)]


def _box(settings: Settings) -> Any:
    # The database and the libraries behind it take a second to import: only here, where they are needed.
    from bot.knowledge.load import load
    from bot.learners.database import migrate, open_database
    from bot.learning.box import LearningBox

    engine = open_database(settings.database_url)
    migrate(engine)
    box = LearningBox(engine, settings.token_key, now_in_taipei)
    return box, load(settings.kb_dir)


def _fail(message: str) -> int:
    print(f"epark: {message}", file=sys.stderr)
    return FAILED
