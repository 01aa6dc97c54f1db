"""Finding the terms of kb/vocabulary.yml in a message: log-in provider, portal, desk, course kind, identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import spacy
from spacy.matcher import PhraseMatcher

from bot.knowledge.live import LiveKnowledge
from bot.nlu.normalise import fold

Vocabulary = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Term:
    """One term found: the value it stands for and where it stands in the text."""

    entity: str
    value: str
    start: int
    end: int


class TermFinder:
    """A spaCy phrase matcher over single signs: jieba's words would miss terms such as 臺北e大."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._nlp = spacy.blank("zh")
        self._matcher = PhraseMatcher(self._nlp.vocab)
        self._meaning: dict[str, tuple[str, str]] = {}
        for entity, values in vocabulary.items():
            for value, terms in values.items():
                key = f"{entity}={value}"
                self._meaning[key] = (entity, value)
                self._matcher.add(key, [self._nlp.make_doc(fold(term)[0]) for term in terms])

    def find(self, text: str) -> list[Term]:
        """Terms in the order of the text; of overlapping ones of an entity the longest, then the earliest, counts."""
        folded, places = fold(text)
        if not folded:
            return []
        doc = self._nlp.make_doc(folded)
        found = []
        for key, first, last in self._matcher(doc):
            start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
            if _cuts_a_word(folded, start, end):
                continue
            entity, value = self._meaning[self._nlp.vocab.strings[key]]
            found.append(Term(entity, value, places[start], places[end - 1] + 1))
        found.sort(key=lambda term: (term.start - term.end, term.start))
        kept: list[Term] = []
        for term in found:
            if not any(one.entity == term.entity and one.start < term.end and term.start < one.end for one in kept):
                kept.append(term)
        return sorted(kept, key=lambda term: (term.start, term.entity))


class LiveTerms:
    """The term finder over the vocabulary as it stands on disk now."""

    def __init__(self, knowledge: LiveKnowledge) -> None:
        self._knowledge = knowledge
        self._vocabulary = knowledge.get().vocabulary
        self._finder = TermFinder(self._vocabulary)

    def find(self, text: str) -> list[Term]:
        """Terms in the order of the text; a changed vocabulary counts from the next message on."""
        vocabulary = self._knowledge.get().vocabulary
        if vocabulary != self._vocabulary:
            self._vocabulary, self._finder = vocabulary, TermFinder(vocabulary)
        return self._finder.find(text)


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a Latin term begins or ends inside a longer Latin word (fb in fbi)."""

    def latin(sign: str) -> bool:
        return sign.isascii() and sign.isalnum()

    before = start > 0 and latin(text[start - 1]) and latin(text[start])
    after = end < len(text) and latin(text[end]) and latin(text[end - 1])
    return before or after
