"""The console script `epark` (contracts section 1)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands import figures, kb_due, learn, line_setup, mail, staff, telegram_setup, triage
from bot.commands.arguments import moment, port, seconds
from bot.knowledge.load import KnowledgeError
from bot.settings import Settings, SettingsError

DONE, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit status 0 done, 1 a check failed or some input was bad, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_env()
        return int(options.run(options, settings))
    except SettingsError as error:
        print(f"epark: {error}", file=sys.stderr)
        return USAGE
    except KnowledgeError as error:
        return _fail(f"the knowledge base cannot be used; mend it first:\n{error}")
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (epark predict … | head): nothing is wrong, and nothing more can be said.
        sys.stderr.close()
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="epark", description="epark, the support assistant of the e-learning platform for civil servants"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="start bot and actions, print their addresses")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument("--port", type=port, default=5005, help="port of the bot and its page (default 5005)")
    serve.add_argument("--console-port", type=port, default=5006, help="port of the console (default 5006)")
    serve.add_argument("--actions-port", type=port, default=5055, help="port of the actions (default 5055)")
    serve.add_argument("--no-console", action="store_true", help="without the help desk's console")
    serve.add_argument("--telegram-polling", action="store_true", help="fetch Telegram's updates: no public address")
    serve.set_defaults(run=_serve)

    train = commands.add_parser("train", help="train the model from bot/data, config.yml and domain.yml")
    train.add_argument("--if-needed", action="store_true", help="only where no model fits the data")
    train.set_defaults(run=_train)

    ask = commands.add_parser("ask", help="one message to the trained bot, the reply on the terminal")
    ask.add_argument("text", metavar="TEXT")
    ask.add_argument("--token", help="a learner token, to ask as that learner (see epark token)")
    ask.add_argument("--json", action="store_true", help="the reply as JSON")
    ask.set_defaults(run=_ask)

    predict = commands.add_parser("predict", help="the decision for each line of a JSONL file")
    predict.add_argument("file", metavar="FILE.jsonl", help='lines {"text": …}; - is standard input')
    predict.set_defaults(run=_predict)

    evaluate = commands.add_parser("evaluate", help="metrics over labelled questions")
    evaluate.add_argument("paths", metavar="PATH", nargs="*", type=Path, help=".yml, .jsonl or a folder of them")
    evaluate.add_argument("--entities", metavar="FILE.jsonl", type=Path, help="precision and recall of each entity")
    evaluate.add_argument("--json", action="store_true", help="the metrics as JSON")
    evaluate.add_argument("--errors", metavar="FILE.jsonl", type=Path, help="write every message that was not right")
    evaluate.add_argument("--known", metavar="FILE.yml", type=Path, help="compare with a list of known failures")
    change = evaluate.add_mutually_exclusive_group()
    change.add_argument("--shrink", action="store_true", help="take out of --known what is solved")
    change.add_argument("--start", action="store_true", help="write --known for the first time")
    evaluate.add_argument("--report", metavar="DIR", type=Path, help="write pictures and figures into a folder")
    evaluate.add_argument("--learning-curve", action="store_true", help="in --report too: trains anew, takes minutes")
    evaluate.set_defaults(run=_evaluate, usage_error=evaluate.error)

    kb = commands.add_parser("kb", help="the knowledge base").add_subparsers(required=True, metavar="COMMAND")
    check = kb.add_parser("check", help="prove that kb/ holds together; names every fault by file")
    check.set_defaults(run=_kb_check)
    kb_due.add_parser(kb)

    learners = commands.add_parser("learners", help="the learner database").add_subparsers(
        required=True, metavar="COMMAND"
    )
    imports = learners.add_parser("import", help="learner records (JSONL) into the database")
    imports.add_argument("file", metavar="FILE.jsonl", type=Path)
    imports.add_argument(
        "--as-of", metavar="ISO_TIME", type=moment, help="when the export was made (default: the file's time)"
    )
    imports.set_defaults(run=_learners_import)

    diagnose = commands.add_parser("diagnose", help="why a learner's hours are or are not at a portal")
    diagnose.add_argument("learner_id", metavar="LEARNER_ID", nargs="?")
    diagnose.add_argument("--all", action="store_true", help="every learner in the database")
    diagnose.add_argument("--portal", required=True, choices=["lifelong", "env_edu", "teacher"])
    diagnose.add_argument("--course", metavar="CODE", help="this course alone")
    diagnose.add_argument("--at", metavar="ISO_TIME", type=moment, help="what now is taken for (default: now)")
    diagnose.add_argument("--json", action="store_true", help="JSON; with --all a line each")
    diagnose.set_defaults(run=_diagnose, usage_error=diagnose.error)

    token = commands.add_parser("token", help="a learner token for trying things out")
    token.add_argument("learner_id", metavar="LEARNER_ID")
    token.add_argument("--ttl", type=seconds, default=3600, help="seconds that it lasts (default 3600)")
    token.set_defaults(run=_token)

    for one in (staff, mail, line_setup, telegram_setup, triage, figures, learn):
        one.add_parser(commands)

    return parser


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.serve import Ports, serve

    console = None if options.no_console else options.console_port
    unable = options.telegram_polling and telegram_setup.poll_instead(settings, options.port)
    return unable or serve(settings, options.host, Ports(options.port, options.actions_port, console))


def _train(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.train import train

    return train(settings, options.if_needed)


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.model_file import NoModelError, fitting_model
    from bot.commands.quiet import be_quiet, quiet_logs

    be_quiet()
    try:
        model = fitting_model(settings)
    except NoModelError as error:
        return _fail(str(error))
    from bot.commands.in_process import InProcessBot

    quiet_logs()
    said = InProcessBot(settings, model).say_now(options.text, token=options.token)
    if options.json:
        print(json.dumps([{**one, "recipient_id": "terminal"} for one in said], ensure_ascii=False, indent=1))
        return DONE
    for one in said:
        if one.get("text"):
            print(one["text"] + "\n")
        for button in one.get("buttons") or []:
            print(f"  [ {button['title']} ]")
    return DONE


def _predict(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.model_file import NoModelError
    from bot.commands.predict import predict
    from bot.commands.understanding import Understanding

    try:
        understanding = Understanding(settings)
    except NoModelError as error:
        return _fail(str(error))
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if options.file == "-":
        # One at a time: who pipes in a line waits for its answer.
        return predict(sys.stdin.buffer, understanding, sys.stdout, batch=1)
    try:
        with open(options.file, "rb") as lines:
            return predict(lines, understanding, sys.stdout)
    except OSError as error:
        return _fail(f"{options.file}: {error.strerror}")


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.evaluate_command import EvaluateError, evaluate

    try:
        evaluate(options, settings)
    except EvaluateError as error:
        return _fail(str(error))
    return DONE


def _kb_check(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.kb_check import all_faults

    faults = all_faults(settings)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} faults." if faults else "The knowledge base holds together.")
    return FAILED if faults else DONE


def _learners_import(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.learners_import import import_file
    from bot.learners.database import migrate, open_database

    if not options.file.is_file():
        return _fail(f"{options.file}: no such file")
    engine = open_database(settings.database_url)
    migrate(engine)
    result = import_file(engine, options.file, options.as_of, progress=sys.stderr.isatty())
    print(f"{result.imported} records imported, {result.bad} bad lines.", file=sys.stderr)
    return FAILED if result.bad else DONE


def _diagnose(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.diagnose import UnknownError, run

    if options.all == bool(options.learner_id) or (options.all and options.course):
        options.usage_error("name one LEARNER_ID, or --all without --course")
    try:
        run(options, settings)
    except UnknownError as error:
        return _fail(str(error))
    return DONE


def _token(options: argparse.Namespace, settings: Settings) -> int:
    from bot.learners.token import issue_token

    if settings.token_public_key:
        return _fail("tokens are checked with a public key here (EPARK_TOKEN_PUBLIC_KEY); only its owner can sign")
    try:
        print(issue_token(options.learner_id, settings.token_key, options.ttl))
    except ValueError as error:
        return _fail(str(error))
    except OverflowError:
        return _fail(f"--ttl {options.ttl} ends after the calendar does")
    return DONE


def _fail(message: str) -> int:
    print(f"epark: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
