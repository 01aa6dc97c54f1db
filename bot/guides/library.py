"""The guides as they stand on disk now; a broken edit keeps the last good guide."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.guides.load import load_diagnosis
from bot.guides.navigation import Navigation, fold, load_navigation
from bot.guides.screens import DiagnosisGuide
from bot.guides.walk import WalkGuide, asked_for
from bot.guides.walk_load import load_walks
from bot.knowledge.live import LOOK_AGAIN, LiveKnowledge

logger = logging.getLogger(__name__)
DIAGNOSIS = "diagnosis"
DIAGNOSIS_TOPIC = "hours_not_uploaded_lifelong"
"""The topic that the guided diagnosis belongs to, for evaluations."""


@dataclass
class GuideLibrary:
    """All guides of a knowledge folder, followed through edits."""

    kb_dir: Path
    walks: dict[str, WalkGuide] = field(default_factory=dict)
    navigation: Navigation | None = None
    diagnosis: DiagnosisGuide | None = None
    look_again: float = 0.0
    """Seconds in which the files are not looked at again."""
    _stamp: tuple[tuple[str, int], ...] = ()
    _looked: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def shared(cls, kb_dir: Path) -> GuideLibrary:
        """One library a process and folder."""
        with _SHARED_LOCK:
            if kb_dir not in _SHARED:
                _SHARED[kb_dir] = cls(kb_dir, look_again=LOOK_AGAIN)
            library = _SHARED[kb_dir]
        library.refresh()
        return library

    def refresh(self) -> None:
        """Take over what changed on disk."""
        now = time.monotonic()
        if now - self._looked < self.look_again:
            return
        self._looked = now
        stamp = tuple((str(path), path.stat().st_mtime_ns) for path in sorted((self.kb_dir / "guides").glob("*.yml")))
        with self._lock:
            if stamp == self._stamp:
                return
            self._stamp = stamp
            navigation, _faults = load_navigation(self.kb_dir)
            walks, faults = load_walks(self.kb_dir, LiveKnowledge.shared(self.kb_dir).get())
            self.navigation = navigation or self.navigation
            self.walks = {**{id: walk for id, walk in self.walks.items() if walk.path.exists()}, **walks}
            diagnosis, more = load_diagnosis(self.kb_dir)
            self.diagnosis = diagnosis or self.diagnosis
            for fault in (*faults, *more):
                logger.error("kb: %s", fault)

    def asked(self, text: str) -> tuple[str, str] | None:
        """Guide id and topic where the text is the name of a guide, else None."""
        phrases = LiveKnowledge.shared(self.kb_dir).get().phrases
        if fold(text) in {fold(one) for one in phrases["guided_diagnosis_words"].splitlines()}:
            return DIAGNOSIS, DIAGNOSIS_TOPIC
        walk = asked_for(self.walks, text, self.navigation) if self.navigation else None
        return None if walk is None else (walk.id, walk.topic)


_SHARED: dict[Path, GuideLibrary] = {}
_SHARED_LOCK = threading.Lock()
