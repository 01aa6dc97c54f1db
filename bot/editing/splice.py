"""Putting new values into a YAML file and leaving every other byte of it: comments, order, quotes, line ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from bot.editing.yaml_values import block, header_of, inline

ORDER = (
    *("topic", "id", "when", "title", "desk", "text", "topics", "from", "to", "reviewed", "review_by"),
    *("short", "steps", "parts", "notes", "contacts", "links", "related", "sources", "settled"),
)
"""Where a key goes that was not there before."""


class SpliceError(Exception):
    """Raised for a file that is written in a way that cannot be changed piece by piece."""


@dataclass(frozen=True)
class _Entry:
    """A key with its value, or an item of a list, as it stands in the file."""

    comments: str
    """The whole lines between the entry before it and this one."""
    start: int
    end: int
    """Behind its last line."""
    node: Any
    key: str = ""


def spliced(text: str, data: Mapping[str, Any]) -> str:
    """The file's text with this data in it; what is the same stays as it is written. Raises SpliceError.

    An entry takes the comment above it along; the comments above one that is gone stay. Lists and mappings must not
    be empty: leave their key out, or the list is written as [].
    """
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        old = YAML(typ="safe", pure=False).load(text)
        if not isinstance(node, MappingNode) or node.flow_style:
            raise SpliceError("the file is no mapping of a line for each key")
        done = _Splice(text).whole(node, old, data)
        same = YAML(typ="safe", pure=False).load(done) == data
    except (YAMLError, ValueError) as error:
        raise SpliceError(str(error)) from error
    if not same:
        raise SpliceError("the file is written in a way that cannot be changed piece by piece")
    return done


class _Splice:
    def __init__(self, text: str) -> None:
        self._text = text
        self._eol = "\r\n" if "\r\n" in text else "\n"

    def whole(self, node: Any, old: Any, new: Any) -> str:
        body = self._mapping(node, old, new, 0)
        return self._text[: node.start_mark.index] + body + self._text[self._end(node) :]

    def _mapping(self, node: Any, old: Mapping[str, Any], new: Mapping[str, Any], indent: int) -> str:
        entries = {one.key: one for one in self._entries(node)}
        keys = [key for key in entries if key in new]
        for key in (one for one in new if one not in entries):
            before = [at for at, one in enumerate(keys) if _rank(one) < _rank(key)]
            keys.insert(before[-1] + 1 if before else 0, key)
        bodies = {}
        for key in keys:
            if key not in entries:
                bodies[key] = self._lines(f"{key}:{block(new[key], indent, key)}")
            else:
                bodies[key] = self._changed(entries[key], old[key], new[key], indent)
        return self._joined([(entries.get(key), bodies[key]) for key in keys], list(entries.values()), indent)

    def _sequence(self, node: Any, old: Sequence[Any], new: Sequence[Any], indent: int, key: str) -> str:
        entries = self._entries(node)
        found = _paired(old, new)
        pieces: list[tuple[_Entry | None, str]] = []
        for value, at in zip(new, found):
            if at is None:
                pieces.append((None, self._lines(f"- {block(value, indent, key, item=True)}")))
            else:
                pieces.append((entries[at], self._changed(entries[at], old[at], value, indent)))
        return self._joined(pieces, entries, indent)

    def _changed(self, entry: _Entry, old: Any, new: Any, indent: int) -> str:
        """The lines of an entry with another value."""
        text, node = self._text, entry.node
        if old == new and type(old) is type(new):
            return text[entry.start : entry.end]
        start = node.start_mark.index
        head = text[entry.start : start]
        if isinstance(node, MappingNode) and not node.flow_style and isinstance(new, Mapping):
            return head + self._mapping(node, old, new, node.start_mark.column)
        if isinstance(node, SequenceNode) and not node.flow_style and isinstance(new, list) and new:
            return head + self._sequence(node, old, new, node.start_mark.column, entry.key)
        if isinstance(node, ScalarNode) and node.style in (">", "|") and isinstance(new, str) and "\n" not in new:
            return self._lines(head + header_of(text, start) + " " * (indent + 2) + new)
        if isinstance(node, ScalarNode) and node.style not in (">", "|") and not isinstance(new, (list, Mapping)):
            # The comment at the end of its line stays.
            return head + inline(new, style=node.style) + text[node.end_mark.index : entry.end]
        if isinstance(node, (SequenceNode, MappingNode)) and node.flow_style and (not new or inline(new, entry.key)):
            return head + inline(new, entry.key) + text[node.end_mark.index : entry.end]
        item = not entry.key
        return self._lines(("- " if item else f"{entry.key}:") + block(new, indent, entry.key, item))

    def _joined(self, pieces: Sequence[tuple[_Entry | None, str]], entries: Sequence[_Entry], indent: int) -> str:
        """The entries one after another; the comments of those that are gone stay where they were."""
        kept = [entry.start for entry, _body in pieces if entry is not None]
        orphans = [entry for entry in entries if entry.start not in kept]
        margin, out = " " * indent, []
        for at, (entry, body) in enumerate(pieces):
            comments = entry.comments if entry is not None else ""
            while entry is not None and orphans and orphans[0].start < entry.start:
                comments = orphans.pop(0).comments + comments
            if at:
                out.append(comments + margin)
            elif comments:
                # The margin of the first entry stands before it already.
                out.append(comments[indent:] + margin if comments.startswith(margin) else comments + margin)
            out.append(body if body.endswith("\n") or at == len(pieces) - 1 else body + self._eol)
        return "".join(out) + "".join(one.comments for one in orphans)

    def _entries(self, node: Any) -> list[_Entry]:
        pairs = [(None, one) for one in node.value] if isinstance(node, SequenceNode) else node.value
        found: list[_Entry] = []
        for key, value in pairs:
            start = key.start_mark.index if key is not None else self._dash(value, node.start_mark.column)
            comments = self._text[found[-1].end : start].rstrip(" ") if found else ""
            found.append(_Entry(comments, start, self._end(value), value, key.value if key is not None else ""))
        return found

    def _dash(self, item: Any, column: int) -> int:
        """Where the dash of an item stands."""
        at = self._text.rfind("\n", 0, item.start_mark.index) + 1
        while self._text[at + column : at + column + 1] != "-":
            at = self._text.rfind("\n", 0, at - 1) + 1
        return at + column

    def _end(self, node: Any) -> int:
        """Behind the last line of a node; blank lines and comments below belong to what follows."""
        while isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(node, MappingNode) else last
        end = int(node.end_mark.index)
        if isinstance(node, ScalarNode) and node.style in (">", "|"):
            end = node.start_mark.index + len(self._text[node.start_mark.index : end].rstrip())
        newline = self._text.find("\n", end)
        return len(self._text) if newline < 0 else newline + 1

    def _lines(self, text: str) -> str:
        plain = text.replace("\r\n", "\n").rstrip("\n") + "\n"
        return plain.replace("\n", self._eol)


def _rank(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _paired(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """For each new item the old one that it is or was: the same one, else the one beside its neighbour."""
    found: list[int | None] = [None] * len(new)
    left = set(range(len(old)))
    for at, value in enumerate(new):
        same = [one for one in sorted(left) if old[one] == value]
        if same:
            found[at] = at if at in same else same[0]
            left -= {at if at in same else same[0]}
    for at in range(len(new)):
        before = found[at - 1] if at else -1
        after = found[at + 1] if at + 1 < len(new) else len(old)
        beside = [*([] if before is None else [before + 1]), *([] if after is None else [after - 1])]
        here = next((one for one in beside if one in left), None)
        if found[at] is None and here is not None:
            found[at] = here
            left.remove(here)
    return found
