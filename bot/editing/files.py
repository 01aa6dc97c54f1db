"""Files of kb/ that are replaced whole or not at all, and only by what the knowledge loader accepts."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.knowledge.check import check, faults_of
from bot.knowledge.load import read, read_answer
from bot.knowledge.models import Answer, Fault, Knowledge

LONGEST = 60_000
"""Signs of one file."""


class EditError(Exception):
    """Raised for a text that may not replace a file; carries every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(fault.message for fault in faults))


def stamp(text: str) -> str:
    """The name of a text, by which it is known whether the file is still the same."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def tidied(text: str) -> str:
    """The text as files keep it: Unix line ends, one at the end, no spaces before it."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def checked_answer(text: str, topic: str, kb_dir: Path, knowledge: Knowledge) -> Answer:
    """The answer that a text would be in place of the topic's file; raises EditError."""
    path = knowledge.answers[topic].path
    where = path.relative_to(kb_dir.parent).as_posix()
    if len(text) > LONGEST:
        raise EditError([Fault(where, f"has more than {LONGEST} signs")])
    with tempfile.TemporaryDirectory() as folder:
        # Under its own names: faults speak of the file as it will be called.
        copy = Path(folder) / kb_dir.name / path.relative_to(kb_dir)
        copy.parent.mkdir(parents=True)
        copy.write_text(text, encoding="utf-8")
        faults: list[Fault] = []
        answer = read_answer(copy, Path(folder) / kb_dir.name, faults)
    if answer is None:
        raise EditError(faults)
    answer = replace(answer, path=path)
    if answer.topic != topic:
        raise EditError([Fault(where, f"topic is {answer.topic!r}; it must stay {topic!r}")])
    changed = replace(knowledge, answers={**knowledge.answers, topic: answer})
    found = [fault for fault in faults_of(changed, kb_dir, answers_only=True) if fault.path == where]
    if found:
        raise EditError(found)
    return answer


def checked_file(text: str, name: str, kb_dir: Path) -> Knowledge:
    """The knowledge as it would be with this text in place of a file right under kb/; raises EditError."""
    where = f"{kb_dir.name}/{name}"
    before = {str(fault) for fault in check(kb_dir)}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / kb_dir.name
        copy.mkdir()
        for entry in kb_dir.iterdir():
            if entry.name != name:
                (copy / entry.name).symlink_to(entry.resolve())
        (copy / name).write_text(text, encoding="utf-8")
        found = [fault for fault in check(copy) if str(fault) not in before]
        if found:
            raise EditError([Fault(where, fault.message) for fault in found])
        return read(copy)[0]


def write_whole(path: Path, text: str) -> None:
    """Replace the file at once: whoever reads it reads the old text or the new one."""
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(partial, path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
