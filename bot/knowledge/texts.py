"""What must hold of every text that a person may read: those of answers and guides, and the bot's own phrases."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.knowledge.fill import PLACEHOLDER, FillError, fill
from bot.knowledge.models import Answer, Knowledge, Part

PHONE = re.compile(
    r"(?<![\d:/.-])(?<!(?<![A-Za-z])[A-Z])"  # 機關代碼 A09600000Q is none
    r"(?:(?:\(0\d{1,3}\)|0\d{1,3})[ -]?\d{3,4}[ -]?\d{3,4}|4\d\d-\d{4})(?![\d/]|\.\d)"
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
URL = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:gov|com|org|net|edu|tw|cc)\b", re.IGNORECASE | re.ASCII)
WRITTEN_OUT = {
    "phone": ("a phone number", "{phone:desk}"),
    "mail": ("a mailbox", "{mail:desk}"),
    "link": ("a web address", "{link:id}"),
}
"""What each kind of contact fact is called, and the placeholder that belongs in its place."""
REQUIRED_PHRASES = Path(__file__).parent / "schema" / "required_phrases.txt"
PHRASE_FIELDS = Path(__file__).parent / "schema" / "phrase_fields.txt"
"""Lines of a phrase and the placeholders that the program fills in; a phrase that is not listed is not checked."""


def texts_of(answer: Answer) -> Iterator[str]:
    """Every text of an answer that a person may read."""
    pieces: Iterable[Answer | Part] = (answer, *answer.parts)
    for piece in pieces:
        yield from (text for text in (piece.title, piece.short, *piece.steps, *piece.notes) if text)


def text_faults(text: str, knowledge: Knowledge) -> Iterator[str]:
    """What is wrong with a text that a person may read: contact facts written out, placeholders that do not fill."""
    yield from _literal_facts(text)
    try:
        fill(text, knowledge)
    except FillError as error:
        yield f"{error} in 「{text[:30]}」"


def phrase_faults(phrases: Mapping[str, str]) -> Iterator[str]:
    """What would break a reply: a phrase that is missing, or a placeholder that the program does not fill in."""
    if not phrases:
        yield "holds no phrases"
        return
    for name in sorted(set(REQUIRED_PHRASES.read_text(encoding="utf-8").split()) - set(phrases)):
        yield f"phrase {name!r} is missing"
    lines = [line.split() for line in PHRASE_FIELDS.read_text(encoding="utf-8").splitlines() if line.strip()]
    fields = {name: others for name, *others in lines}
    for name, text in phrases.items():
        yield from (f"phrase {name!r}: {fault}" for fault in _literal_facts(text))
        try:
            used = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
        except ValueError as error:
            yield f"phrase {name!r} is no valid template ({error})"
            continue
        for field in sorted(used - set(fields.get(name) or used)):
            known = ", ".join(fields[name])
            yield f"phrase {name!r}: {{{field}}} is not filled in here; known are {known} ({PHRASE_FIELDS.name})"
    if len(phrases.get("weekday_names", "1234567")) != 7:
        yield "phrase 'weekday_names' must have one sign for each day from Monday to Sunday"


def written_out(text: str) -> Iterator[tuple[str, str]]:
    """The first contact fact of each kind (phone, mail or link, as the placeholders say) that stands in a text."""
    plain = unicodedata.normalize("NFKC", PLACEHOLDER.sub("", text))
    for kind, pattern in (("phone", PHONE), ("mail", ADDRESS), ("link", URL)):
        found = pattern.search(plain)
        if found:
            yield kind, found.group()


def _literal_facts(text: str) -> Iterator[str]:
    for kind, found in written_out(text):
        what, how = WRITTEN_OUT[kind]
        yield f"{what} stands in the text ({found}); put it into its own file and write {how}"
