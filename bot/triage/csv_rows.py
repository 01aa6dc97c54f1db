"""Messages out of a CSV file, row by row, so that a broken row spoils no other."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from bot.triage.decoding import BROKEN
from bot.triage.inbound import Inbound, UnreadableFile

COLUMNS = ("id", "subject", "body")
LARGEST_FIELD = 64_000_000
"""Signs; csv's own limit of 131,072 is less than a long mail with its history."""
_DELIMITERS = (",", ";", "\t")
_SPACE = re.compile(r"\s+")


def read_csv(text: str) -> list[Inbound]:
    """The messages in order; raises UnreadableFile where there is no header with id, subject and body."""
    # As files end lines: not at the other signs that str.splitlines knows, which stand inside of mails.
    lines = list(io.StringIO(text, newline=""))
    csv.field_size_limit(LARGEST_FIELD)
    for at, line in enumerate(lines):
        if line.strip():
            delimiter, header = _header(line)
            return list(_rows(lines, at + 1, delimiter, header))
    raise UnreadableFile("is empty; it needs a header id, subject, body and a row for each message")


def _header(line: str) -> tuple[str, list[str]]:
    found: list[str] = []
    for delimiter in _DELIMITERS:
        try:
            row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
        except csv.Error as error:
            raise UnreadableFile(f"the header cannot be read ({error})") from error
        names = [_SPACE.sub("", name).casefold() for name in row]
        if all(column in names for column in COLUMNS):
            return delimiter, names
        found = found or names
    missing = ", ".join(column for column in COLUMNS if column not in found)
    raise UnreadableFile(f"the header lacks {missing}; the first line must name id, subject and body")


def _rows(lines: Sequence[str], at: int, delimiter: str, header: list[str]) -> Iterator[Inbound]:
    places = {name: header.index(name) for name in COLUMNS}
    while at < len(lines):
        # A reader of its own for each row: where a quote is never closed, reading goes on with the very next line.
        reader = csv.reader(
            (lines[number].replace("\0", BROKEN) for number in range(at, len(lines))),
            delimiter=delimiter,
            skipinitialspace=True,
            strict=True,
        )
        place = f"line {at + 1}"
        try:
            row = next(reader)
        except csv.Error as error:
            yield Inbound(place, _first(lines[at], delimiter), error=f"is no valid CSV ({error})")
            at += 1
            continue
        at += reader.line_num
        if row:
            yield _message(place, row, header, places)


def _message(place: str, row: list[str], header: list[str], places: dict[str, int]) -> Inbound:
    values = {name: row[number].strip() if number < len(row) else "" for name, number in places.items()}
    extra = any(value.strip() for value in row[len(header) :])
    error = ""
    if len(row) < len(header) - header.count("received_at") or extra:
        error = f"has {len(row)} columns where the header has {len(header)}; quote fields that hold {_DELIMITERS[0]!r}"
    elif BROKEN in "".join(values.values()):
        error = "holds bytes that are neither UTF-8 nor CP950; save the file as UTF-8"
    elif not values["id"]:
        error = "has no id"
    elif not values["subject"] and not values["body"]:
        error = "has neither subject nor body"
    return Inbound(place, values["id"], values["subject"], values["body"], error=error)


def _first(line: str, delimiter: str) -> str:
    """The id of a row that cannot be read, as far as that can be told."""
    first = line.split(delimiter, 1)[0].strip().strip('"').strip()
    return first if len(first) <= 100 else ""
