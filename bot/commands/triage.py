"""`epark triage`: inbound messages to desk, topic, what is missing and a drafted reply."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.commands.quiet import be_quiet
from bot.commands.triage_output import CsvOutput, JsonOutput
from bot.settings import Settings
from bot.triage.csv_rows import read_csv
from bot.triage.decoding import decode
from bot.triage.inbound import Inbound, UnreadableFile
from bot.triage.json_rows import read_jsonl
from bot.triage.mail_file import read_mail

DONE, FAILED = 0, 1
BATCH = 200
ENDINGS = (".csv", ".jsonl", ".eml")


def add_parser(commands: Any) -> None:
    """Add the command to the console script."""
    triage = commands.add_parser("triage", help="inbound messages to desk, topic, what is missing and a draft reply")
    triage.add_argument("file", metavar="FILE.csv|FILE.jsonl|FILE.eml", type=Path, help="or a folder of .eml files")
    triage.add_argument("--json", action="store_true", help="a line of JSON for each message instead of CSV")
    triage.set_defaults(run=run, usage_error=triage.error)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write a row for each message; exit status 1 where any could not be understood."""
    path: Path = options.file
    if not path.is_dir() and path.suffix.casefold() not in ENDINGS:
        options.usage_error(f"{path}: the name must end with {', '.join(ENDINGS)}, or be a folder of .eml files")
    try:
        messages = read_messages(path)
    except (UnreadableFile, OSError) as error:
        print(f"epark: {path}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return FAILED
    be_quiet()
    # The model and what it needs take seconds to import: only here, where they are needed.
    from bot.commands.model_file import NoModelError
    from bot.commands.triage_reading import Triage

    try:
        triage = Triage.from_settings(settings)
    except (NoModelError, ValueError) as error:
        print(f"epark: {error}", file=sys.stderr)
        return FAILED
    # Rows end as the CSV standard says, on every system; a BOM, so that Excel reads them as UTF-8.
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    output: CsvOutput | JsonOutput = JsonOutput(sys.stdout) if options.json else CsvOutput(sys.stdout)
    return write_all(messages, triage.sort, output, sys.stderr.isatty())


def read_messages(path: Path) -> list[Inbound]:
    """The messages of a file, or of the .eml files in a folder; raises UnreadableFile and OSError."""
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.suffix.casefold() == ".eml" and one.is_file())
        if not files:
            raise UnreadableFile("holds no .eml file")
        return [_mail(one, one.relative_to(path).with_suffix("").as_posix()) for one in files]
    if path.suffix.casefold() == ".eml":
        return [read_mail(path.read_bytes(), path.stem)]
    text = decode(path.read_bytes())
    return read_csv(text) if path.suffix.casefold() == ".csv" else read_jsonl(text)


def write_all(
    messages: list[Inbound],
    sort: Callable[[list[Inbound]], list[dict[str, Any]]],
    output: CsvOutput | JsonOutput,
    progress: bool,
) -> int:
    """Sort in batches and write every row in order, naming each bad one on stderr."""
    from tqdm import tqdm

    bad = 0
    with tqdm(total=len(messages), unit=" messages", disable=not progress, file=sys.stderr) as bar:
        for start in range(0, len(messages), BATCH):
            chunk = messages[start : start + BATCH]
            for message, row in zip(chunk, sort(chunk)):
                if row["error"]:
                    bad += 1
                    bar.write(f"{message.place}: {row['error']}", file=sys.stderr)
                output.write(row)
            output.flush()
            bar.update(len(chunk))
    print(f"{len(messages)} messages, {bad} bad.", file=sys.stderr)
    return FAILED if bad else DONE


def _mail(path: Path, name: str) -> Inbound:
    try:
        return read_mail(path.read_bytes(), name)
    except OSError as error:
        return Inbound(name, name, error=f"cannot be read ({error.strerror})")
