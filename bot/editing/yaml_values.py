"""New values as the files of kb/ write them: short lists of ids on one line, texts plain where YAML reads them so."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

ON_ONE_LINE = frozenset({"contacts", "links", "related", "topics", "when"})
"""Keys whose list or mapping stands on one line, as do the items of `sources`."""
ITEMS_ON_ONE_LINE = frozenset({"sources"})
QUOTED = frozenset({"document", "from", "to"})


def block(value: Any, indent: int, key: str, item: bool = False) -> str:
    """What stands behind `key:` (or behind the dash of an item) at this indent; begins with its space or line end."""
    gap = "" if item else " "
    if isinstance(value, Mapping):
        if key in ON_ONE_LINE or (item and key in ITEMS_ON_ONE_LINE):
            return gap + inline(value, key)
        lines = [f"{name}:{block(one, indent + 2, name)}" for name, one in value.items()]
        margin = "\n" + " " * (indent + 2)
        return ("" if item else margin) + margin.join(lines)
    if isinstance(value, Sequence) and not isinstance(value, str):
        if key in ON_ONE_LINE or not value:
            return gap + inline(value, key)
        margin = "\n" + " " * (indent + 2)
        return "".join(f"{margin}- {block(one, indent + 2, key, item=True)}" for one in value)
    return gap + inline(value, style='"' if key in QUOTED else None)


def inline(value: Any, key: str = "", style: str | None = None, flow: bool = False) -> str:
    """A value on one line; empty for what does not stand on one. `style` is the quote that stood there before."""
    if isinstance(value, Mapping):
        values = {name: inline(one, name, '"' if name in QUOTED else None, True) for name, one in value.items()}
        return "{" + ", ".join(f"{name}: {one}" for name, one in values.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(not isinstance(one, str) for one in value):
            return ""
        return "[" + ", ".join(inline(one, flow=True) for one in value) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _scalar(value, style, flow) if isinstance(value, str) else json.dumps(value)


def header_of(text: str, start: int) -> str:
    """The first line of a folded or literal text (`>-`, with a comment if it has one)."""
    return text[start : text.index("\n", start) + 1]


def _scalar(text: str, style: str | None, flow: bool) -> str:
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and "\n" not in text and _reads_as(f"[{text}]" if flow else f"- {text}", text):
        return text
    # JSON's escapes are YAML's; ideographs stay readable.
    return json.dumps(text, ensure_ascii=False)


def _reads_as(line: str, text: str) -> bool:
    try:
        # As bot.knowledge.load reads it: there `true` and `10` are no texts.
        return bool(YAML(typ="safe", pure=False).load(line) == [text])
    except (YAMLError, ValueError):
        return False
