"""Telegram's HTML: escaping, links, bold headings, and cutting at line ends where a message would be too long."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 4096
"""UTF-16 units of a message, counted without its tags."""
_ADDRESS = re.compile(r"https?://[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]+")
_TRAILING = ".,;:!?'"
_HEADING = re.compile(r"【[^【】]+】")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Block:
    """Lines that belong together; a cut falls between blocks where it can."""

    lines: tuple[str, ...]
    """Each a line of HTML whose own tags are balanced."""
    quoted: bool = False
    """Drawn as a quotation that opens with a tap."""

    def html(self) -> str:
        """The block as Telegram takes it."""
        inner = "\n".join(self.lines)
        return f"<blockquote expandable>{inner}</blockquote>" if self.quoted else inner


def escaped(text: str) -> str:
    """The text with nothing in it that Telegram would take for a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bold(text: str) -> str:
    """The text in bold."""
    return f"<b>{escaped(text)}</b>"


def link(text: str, address: str) -> str:
    """A link; the address stands in quotation marks."""
    return f'<a href="{html.escape(address)}">{escaped(text)}</a>'


def line_of(text: str) -> str:
    """A line of text as HTML: a heading in brackets in bold, web addresses as links that end where the address ends."""
    if heading := _HEADING.match(text):
        rest = text[heading.end() :]
        return bold(heading.group()) + (line_of(rest) if rest else "")
    found, at = [], 0
    for match in _ADDRESS.finditer(text):
        address = _without_what_follows(match.group())
        found += [escaped(text[at : match.start()]), link(address, address)]
        at = match.start() + len(address)
    return "".join([*found, escaped(text[at:])])


def blocks_of(text: str) -> list[Block]:
    """A text as blocks, cut at its blank lines."""
    paragraphs = re.split(r"\n\s*\n", text.strip("\n"))
    return [Block(tuple(map(line_of, one.split("\n")))) for one in paragraphs if one.strip()]


def plain(text: str) -> str:
    """The words of HTML without its tags, an address behind the words that it was linked to."""
    with_addresses = re.sub(r'<a href="([^"]*)">(.*?)</a>', _named, text)
    return html.unescape(_TAG.sub("", with_addresses))


def length(text: str) -> int:
    """How long Telegram counts a piece of HTML: UTF-16 units without tags."""
    return units(html.unescape(_TAG.sub("", text)))


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def pieces(blocks: Iterable[Block], longest: int = LONGEST) -> list[str]:
    """The blocks as messages of at most this length, cut at paragraph ends where one is near, else at line ends."""
    done: list[list[str]] = [[]]
    room = longest
    for block in blocks:
        for part in _fitting(block, longest):
            cost = length(part) + (2 if done[-1] else 0)
            if cost > room:
                done.append([])
                room = longest
                cost = length(part)
            done[-1].append(part)
            room -= cost
    return ["\n\n".join(one) for one in done if one]


def _fitting(block: Block, longest: int) -> list[str]:
    """The block, cut between its lines where it alone is longer than a message."""
    if length(block.html()) <= longest:
        return [block.html()]
    parts: list[list[str]] = [[]]
    room = longest
    for line in (piece for whole in block.lines for piece in _short(whole, longest)):
        cost = length(line) + 1
        if cost > room and parts[-1]:
            parts.append([])
            room = longest
        parts[-1].append(line)
        room -= cost
    return [Block(tuple(one), block.quoted).html() for one in parts]


def _short(line: str, longest: int) -> Sequence[str]:
    """A line that is longer than a whole message is cut as plain words, at the end of a sentence where there is one."""
    if length(line) <= longest:
        return [line]
    words, found = plain(line), []
    while words:
        end, cost = 0, 0
        for end, sign in enumerate(words, 1):
            cost += units(sign)
            if cost > longest - 1:
                end -= 1
                break
        if end < len(words):
            sentence = max(words.rfind(mark, end // 2, end) for mark in "。！？；\n.!?;")
            end = sentence + 1 if sentence > 0 else end
        found.append(escaped(words[:end]))
        words = words[end:]
    return found


def _without_what_follows(address: str) -> str:
    """The address without the full stop of the sentence, or the bracket that was opened before it."""
    while address:
        if address[-1] in _TRAILING or (address[-1] == ")" and address.count(")") > address.count("(")):
            address = address[:-1]
        else:
            break
    return address


def _named(match: re.Match[str]) -> str:
    address, words = match.group(1), match.group(2)
    return words if html.unescape(words) == html.unescape(address) else f"{words} {address}"
