"""How sorted messages are written: CSV with a BOM for spreadsheets, or a line of JSON each."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from typing import IO, Any

COLUMNS = ("id", "desk", "topic", "confidence", "missing", "draft", "error")


class CsvOutput:
    """CSV with a header; begins with a BOM."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        out.write("\ufeff")
        self._writer = csv.DictWriter(out, COLUMNS)
        self._writer.writeheader()

    def write(self, row: Mapping[str, Any]) -> None:
        """One message."""
        self._writer.writerow({name: "" if row[name] is None else row[name] for name in COLUMNS})

    def flush(self) -> None:
        """Hand over what has been written."""
        self._out.flush()


class JsonOutput:
    """One JSON object a line; confidence is null where a message could not be understood."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def write(self, row: Mapping[str, Any]) -> None:
        """One message."""
        self._out.write(json.dumps({name: row[name] for name in COLUMNS}, ensure_ascii=False) + "\n")

    def flush(self) -> None:
        """Hand over what has been written."""
        self._out.flush()
