"""`epark predict`: one decision a line of JSON, streaming and in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Any

from bot.commands.understanding import Understanding

BATCH = 64


def predict(lines: Iterable[bytes], understanding: Understanding, out: IO[str], batch: int = BATCH) -> int:
    """Write one JSON line for each input line; exit status 1 where any was no valid input."""
    bad = 0
    for chunk in _chunks(enumerate(lines, 1), batch):
        parsed = [(number, _parse(raw)) for number, raw in chunk]
        decisions = iter(understanding.decisions([text for _number, (text, problem) in parsed if not problem]))
        for number, (text, problem) in parsed:
            if problem:
                bad += 1
                answer: dict[str, Any] = {"line": number, "error": problem}
                print(f"line {number}: {problem}", file=sys.stderr)
            else:
                answer = {"text": text, **next(decisions).as_dict()}
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return 1 if bad else 0


def _parse(raw: bytes) -> tuple[str, str]:
    """The text of a line and what is wrong with it (empty where nothing is)."""
    if not raw.strip():
        return "", "is empty"
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "", "is not UTF-8"
    except (ValueError, RecursionError) as error:
        return "", f"is no valid JSON ({error})"
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        return "", 'must be an object with a string "text"'
    # A lone surrogate is valid JSON but no text; it cannot be written out again.
    return data["text"].encode("utf-8", "replace").decode("utf-8"), ""


def _chunks(items: Iterable[tuple[int, bytes]], size: int) -> Iterator[list[tuple[int, bytes]]]:
    chunk: list[tuple[int, bytes]] = []
    for item in items:
        chunk.append(item)
        if len(chunk) >= size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
