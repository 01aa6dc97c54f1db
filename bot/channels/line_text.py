"""Text within LINE's limits, which count UTF-16 units as Java does."""

from __future__ import annotations

LONGEST_TEXT = 5000
_MORE = "…"


def units(text: str) -> int:
    """How long LINE thinks that a text is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if units(text) <= most else _head(text, most - 1).rstrip() + _MORE


def split(text: str, most: int = LONGEST_TEXT) -> list[str]:
    """Pieces within the limit: cut between paragraphs where that will do, else between lines, and within one only
    where it is longer than the limit itself; a step is a line, so none is torn."""
    pieces: list[str] = []
    for joint, parts in (("\n\n", text.split("\n\n")), ("\n", text.split("\n"))):
        if all(units(part) <= most for part in parts):
            pieces = _packed(parts, joint, most)
            break
    else:
        lines = [piece for line in text.split("\n") for piece in _chopped(line, most)]
        pieces = _packed(lines, "\n", most)
    return [piece for piece in (one.strip("\n") for one in pieces) if piece.strip()]


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without these places, given as LINE gives them: first unit and number of units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    for index, length in sorted(spans, reverse=True):
        raw = raw[: index * 2] + raw[(index + length) * 2 :]
    return raw.decode("utf-16-le", "replace")


def _packed(parts: list[str], joint: str, most: int) -> list[str]:
    packed: list[str] = []
    for part in parts:
        if packed and units(packed[-1]) + len(joint) + units(part) <= most:
            packed[-1] += joint + part
        else:
            packed.append(part)
    return packed


def _chopped(line: str, most: int) -> list[str]:
    chopped = []
    while units(line) > most:
        head = _head(line, most)
        chopped.append(head)
        line = line[len(head) :]
    return [*chopped, line]


def _head(text: str, most: int) -> str:
    """The longest beginning of whole signs within the limit."""
    used = 0
    for at, sign in enumerate(text):
        used += 2 if ord(sign) > 0xFFFF else 1
        if used > most:
            return text[:at]
    return text
