"""The words of an HTML mail, with quoted mails marked as plain-text mails mark them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr"})
_SILENT = frozenset({"style", "script", "head", "title"})
_EMPTY = frozenset({"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "source", "wbr"})
_QUOTING = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divrplyfwdmsg", "appendonsend")
_SPACE = re.compile(r"[ \t\r\n\xa0]+")


def html_text(html: str) -> str:
    """The text of a page, a line for each block; what stands in a quotation begins with "> "."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[bool, list[str]]] = [(False, [])]
        self._open: list[tuple[str, bool]] = []
        self._silent = 0
        self._quoted = 0
        self._rest = False
        """Outlook marks only where the earlier mail begins: all that follows is quoted."""

    def text(self) -> str:
        found = []
        for quoted, pieces in self._lines:
            line = _SPACE.sub(" ", "".join(pieces)).strip()
            found.append(f"> {line}" if quoted and line else line)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(found)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        mark = " ".join(value or "" for name, value in attrs if name in ("class", "id")).casefold()
        if "divrplyfwdmsg" in mark or "appendonsend" in mark:
            self._rest = True
        quotes = tag == "blockquote" or any(one in mark for one in _QUOTING)
        if tag not in _EMPTY:
            self._open.append((tag, quotes))
            self._quoted += quotes
            self._silent += tag in _SILENT
        if tag in _BREAKS or quotes:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                for name, quotes in self._open[at:]:
                    self._quoted -= quotes
                    self._silent -= name in _SILENT
                del self._open[at:]
                break
        if tag in _BREAKS or tag == "blockquote":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._lines[-1][1].append(data)

    def _break(self) -> None:
        self._lines.append((self._rest or self._quoted > 0, []))
