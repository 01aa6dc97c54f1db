"""Killing an import: afterwards every record is the old one or the new one, never half of one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bot.learners.database import migrate, open_database
from bot.learners.store import all_learners

LEARNERS = 6000
COURSES = 5


def export(path: Path, name: str, minutes: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(LEARNERS):
            enrollments = [
                {
                    "course": {"code": f"C{course}", "title": "課程", "kind": "open", "certified_hours": 1},
                    "enrolled_at": "2026-10-01T09:00:00+08:00",
                    "reading_minutes": minutes,
                    "survey_done": True,
                    "uploads": [{"portal": "lifelong", "uploaded_at": "2026-10-05T05:00:00+08:00"}],
                }
                for course in range(COURSES)
            ]
            account = {"provider": "ecpa", "identity": "civil_servant", "id_number_on_file": True}
            record = {"learner_id": f"K{number:010d}", "display_name": name, "account": account, "profile": {}}
            file.write(json.dumps({**record, "enrollments": enrollments}) + "\n")


def test_a_killed_import_leaves_whole_records_only(tmp_path: Path, project: Path) -> None:
    url = f"sqlite:///{tmp_path / 'epark.db'}"
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "bot.cli", "learners", "import"]
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    export(old, "舊", 10)
    export(new, "新", 99)
    subprocess.run([*command, str(old)], env=environment, cwd=project, check=True, capture_output=True)
    engine = open_database(url)

    process = subprocess.Popen([*command, str(new)], env=environment, cwd=project, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        with engine.connect() as connection:
            begun = connection.exec_driver_sql("SELECT count(*) FROM learner WHERE display_name = '新'").scalar_one()
        if begun:
            os.kill(process.pid, signal.SIGKILL)
            break
        time.sleep(0.02)
    process.wait()
    migrate(engine)
    found = list(all_learners(engine))

    assert len(found) == LEARNERS
    assert any(one.display_name == "新" for one in found)
    for one in found:
        minutes = 10 if one.display_name == "舊" else 99
        assert [enrollment.reading_minutes for enrollment in one.enrollments] == [minutes] * COURSES
        assert all(len(enrollment.uploads) == 1 for enrollment in one.enrollments)
