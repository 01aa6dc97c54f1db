"""docs/accessibility.md speaks of every criterion, and of tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

CRITERIA = (
    "1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 "
    "1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 "
    "2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.4.11 "
    "2.5.1 2.5.2 2.5.3 2.5.4 2.5.7 2.5.8 "
    "3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.2.6 3.3.1 3.3.2 3.3.3 3.3.4 3.3.7 3.3.8 4.1.2 4.1.3"
).split()
"""WCAG 2.2, levels A and AA."""


def test_every_criterion_has_its_line(project: Path) -> None:
    text = (project / "docs" / "accessibility.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| (\d\.\d\.\d+) ", text, re.MULTILINE) == CRITERIA


def test_every_test_that_is_named_exists(project: Path) -> None:
    text = (project / "docs" / "accessibility.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", text)

    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in (project / "tests" / "browser" / file).read_text(encoding="utf-8")
    ]

    assert named and missing == []
