"""What the learner database costs: importing, importing again, one diagnosis, all diagnoses.

Run with `.venv/bin/python benchmarks/learners.py [--learners 20000] [--url postgresql://…]`; each learner has five
enrollments. Absolute times depend on the machine; the second import against the first shows that it does not grow.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import tempfile
import time
from pathlib import Path

from bot.commands.diagnose import diagnose_all, diagnose_one
from bot.commands.learners_import import import_file
from bot.knowledge.load import load
from bot.learners.database import migrate, open_database
from bot.learners.records import TAIPEI
from bot.settings import PROJECT


def main() -> None:
    """Make an export, import it twice, diagnose."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=20_000)
    parser.add_argument("--url", help="an empty database (default: SQLite in a temporary folder)")
    options = parser.parse_args()
    knowledge = load(PROJECT / "kb")
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.jsonl"
        _write(export, options.learners)
        engine = open_database(options.url or f"sqlite:///{folder}/epark.db")
        migrate(engine)
        first = _timed(lambda: import_file(engine, export, None, progress=False))
        again = _timed(lambda: import_file(engine, export, None, progress=False))
        print(f"import      {options.learners:7d} learners {first:7.1f} s   ({options.learners / first:,.0f} a second)")
        print(f"once more   {options.learners:7d} learners {again:7.1f} s   × {again / first:.2f}")
        moment = datetime.datetime(2026, 11, 20, 12, tzinfo=TAIPEI)
        ids = [f"B{number:010d}" for number in range(0, options.learners, max(1, options.learners // 200))]
        times = [
            _timed(lambda one=one: diagnose_one(engine, one, "C1", "lifelong", moment, knowledge)) * 1000
            for one in ids
            if one
        ]
        print(f"one diagnosis from the database    p50 {statistics.median(times):5.2f} ms, max {max(times):5.2f} ms")
        everyone = _timed(lambda: sum(1 for _ in diagnose_all(engine, "lifelong", moment, knowledge)))
        print(f"all diagnoses {everyone:9.1f} s   ({options.learners * 5 / everyone:,.0f} a second)")


def _timed(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _write(path: Path, learners: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(learners):
            enrollments = [
                {
                    "course": {"code": f"C{course}", "title": "課程", "kind": "open", "certified_hours": 1},
                    "enrolled_at": "2026-10-01T09:00:00+08:00",
                    "reading_minutes": 60,
                    "best_score": 80,
                    "survey_done": True,
                    "completed_at": "2026-10-02T09:00:00+08:00",
                    "uploads": [{"portal": "lifelong", "uploaded_at": "2026-10-05T05:00:00+08:00"}],
                }
                for course in range(5)
            ]
            account = {"provider": "ecpa", "identity": "civil_servant", "id_number_on_file": True}
            record = {"learner_id": f"B{number:010d}", "display_name": "測試", "account": account, "profile": {}}
            file.write(json.dumps({**record, "enrollments": enrollments}) + "\n")


if __name__ == "__main__":
    main()
