"""The knowledge as it stands on disk now: edits show at the next reply, broken edits keep the last good state."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bot.knowledge.check import faults_of
from bot.knowledge.load import KnowledgeError, answer_files, read
from bot.knowledge.models import Answer, Fault, Knowledge
from bot.knowledge.texts import phrase_faults

logger = logging.getLogger(__name__)
_SHARED: dict[Path, LiveKnowledge] = {}
_SHARED_LOCK = threading.Lock()
LOOK_AGAIN = 0.01
"""Seconds: a turn asks for the knowledge some ten times, and each look at the files costs 1.5 ms. The front door
always looks, so that an edit counts from the next message on."""


class LiveKnowledge:
    """Knowledge that follows its files.

    Raises KnowledgeError at construction where topics, desks or phrases cannot be used: there is no last good state
    to fall back to then. Later a broken file is logged once and its last good state stays.
    """

    def __init__(
        self, kb_dir: Path, on_faults: Callable[[list[Fault]], None] | None = None, look_again: float = 0.0
    ) -> None:
        self._kb_dir = kb_dir
        self._look_again = look_again
        self._looked = float("-inf")
        self._on_faults = on_faults or _log_faults
        self._lock = threading.Lock()
        self._stamp: tuple[tuple[str, int, int], ...] = ()
        self._reported: set[Fault] = set()
        self._stamp = self._fingerprint()
        knowledge, faults = read(kb_dir)
        faults += [Fault(f"{kb_dir.name}/phrases.yml", message) for message in phrase_faults(knowledge.phrases)]
        if not knowledge.topics or not knowledge.desks or any(phrase_faults(knowledge.phrases)):
            raise KnowledgeError(faults)
        self._current = self._usable(knowledge, {})
        self._report(faults + faults_of(knowledge, kb_dir))

    @classmethod
    def shared(cls, kb_dir: Path) -> LiveKnowledge:
        """One LiveKnowledge a process and folder, however many components ask for it."""
        with _SHARED_LOCK:
            if kb_dir not in _SHARED:
                _SHARED[kb_dir] = cls(kb_dir, look_again=LOOK_AGAIN)
            return _SHARED[kb_dir]

    def get(self, fresh: bool = False) -> Knowledge:
        """The newest usable state of kb/; `fresh` looks at the files whenever they were looked at last."""
        now = time.monotonic()
        if not fresh and now - self._looked < self._look_again:
            return self._current
        self._looked = now
        stamp = self._fingerprint()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._reload()
                    self._stamp = stamp
        return self._current

    def _reload(self) -> None:
        knowledge, faults = read(self._kb_dir)
        last = self._current
        merged = Knowledge(
            topics=knowledge.topics or last.topics,
            answers=knowledge.answers,
            desks=knowledge.desks or last.desks,
            links=knowledge.links or last.links,
            documents=knowledge.documents or last.documents,
            causes=knowledge.causes or last.causes,
            calendar=knowledge.calendar if not _broken(faults, "calendar") else last.calendar,
            phrases=knowledge.phrases or last.phrases,
            vocabulary=knowledge.vocabulary or last.vocabulary,
            notices=knowledge.notices if not _broken(faults, "notices") else last.notices,
            review=knowledge.review if not _broken(faults, "review") else last.review,
        )
        found = faults_of(merged, self._kb_dir)
        self._current = self._usable(self._trusted(merged, last), last.answers)
        self._report(faults + [fault for fault in found if fault not in faults])

    def _trusted(self, knowledge: Knowledge, last: Knowledge) -> Knowledge:
        """The knowledge with the last state of each file whose edit broke something between the files."""
        if any(phrase_faults(knowledge.phrases)):
            knowledge = replace(knowledge, phrases=last.phrases)
        before = set(faults_of(last, self._kb_dir))
        new = set(faults_of(knowledge, self._kb_dir)) - before
        for name in ("desks", "links", "topics", "documents", "causes", "calendar", "vocabulary", "notices"):
            if not new:
                break
            restored: Knowledge = replace(knowledge, **{name: getattr(last, name)})
            left = set(faults_of(restored, self._kb_dir)) - before
            if new - left:
                knowledge, new = restored, left
        return knowledge

    def _usable(self, knowledge: Knowledge, last: Mapping[str, Answer]) -> Knowledge:
        """Answers that name what does not exist would break a reply: their last good state is kept instead."""
        bad_files = {fault.path for fault in faults_of(knowledge, self._kb_dir, answers_only=True)}
        answers = {
            topic: answer
            for topic, answer in knowledge.answers.items()
            if answer.path.relative_to(self._kb_dir.parent).as_posix() not in bad_files
        }
        for topic, answer in last.items():
            if topic not in answers and answer.path.exists():
                answers[topic] = answer
        return replace(knowledge, answers=answers)

    def _report(self, faults: list[Fault]) -> None:
        new = [fault for fault in faults if fault not in self._reported]
        self._reported = set(faults)
        if new:
            self._on_faults(new)

    def _fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        stamps = []
        for path in (*sorted(self._kb_dir.glob("*.yml")), *answer_files(self._kb_dir)):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            stamps.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(stamps)


def _broken(faults: list[Fault], name: str) -> bool:
    return any(fault.path.endswith(f"{name}.yml") for fault in faults)


def _log_faults(faults: list[Fault]) -> None:
    for fault in faults:
        logger.error("kb: %s", fault)
