"""kb/routing.yml and kb/case_forms.yml: every fault named, and a broken edit harms nobody."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.cases.rules import LiveRules, load_rules
from bot.knowledge.models import Knowledge


@pytest.fixture
def kb(kb_dir: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    folder.mkdir()
    for name in ("routing.yml", "case_forms.yml"):
        shutil.copy(kb_dir / name, folder / name)
    return folder


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    stamp = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(stamp, stamp))


def test_the_delivered_rules_hold_together(kb_dir: Path, knowledge: Knowledge) -> None:
    rules, faults = load_rules(kb_dir, knowledge)

    assert faults == [] and rules is not None
    assert set(rules.desks) == set(knowledge.desks)


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("routing.yml", "  mooc:\n    reason", "  moocs:\n    reason", "mooc: is missing"),
        ("routing.yml", "topics: [forgot_password]", "topics: [forgot_passwords]", "'forgot_passwords'"),
        ("routing.yml", "provider: facebook", "provider: myspace", "'myspace'"),
        ("routing.yml", "desk: ecpa", "desk: ecpas", "'ecpas'"),
        ("routing.yml", "要請我的e政府處理。", "請打 02-2192-7111。", "phone number"),
        ("routing.yml", "refined:", "refine:", "refine"),
        ("case_forms.yml", "fields: [name, course, phone, question]", "fields: [name, kurs]", "'kurs'"),
        ("case_forms.yml", "topics: [course_material_files]", "topics: [files]", "'files'"),
        ("case_forms.yml", "section: (二)(7)", "section: (九)(9)", "(九)(9)"),
        ("case_forms.yml", "    ask: 請問您的姓名？\n", "", "needs ask"),
        ("case_forms.yml", "    title: 其他窗口\n", "    title: 其他窗口\n    desks: [egov]\n", "last form"),
        ("case_forms.yml", "kind: contact", "kind: contacts", "contacts"),
        ("case_forms.yml", "  send:", "  sent:", "send"),
    ],
)
def test_a_fault_is_named_with_its_file(
    file: str, before: str, after: str, says: str, kb: Path, knowledge: Knowledge
) -> None:
    edit(kb / file, before, after)

    _rules, faults = load_rules(kb, knowledge)

    assert [fault for fault in faults if fault.path == f"kb/{file}" and says in fault.message], faults


def test_a_file_that_is_missing_or_no_yaml_is_named(kb: Path, knowledge: Knowledge) -> None:
    (kb / "routing.yml").unlink()
    (kb / "case_forms.yml").write_text("forms: [", encoding="utf-8")

    rules, faults = load_rules(kb, knowledge)

    assert rules is None
    assert {fault.path for fault in faults} == {"kb/routing.yml", "kb/case_forms.yml"}


def test_an_edit_counts_at_once_and_a_broken_one_changes_nothing(kb: Path, knowledge: Knowledge) -> None:
    live = LiveRules(kb)
    first = live.get(knowledge)

    edit(kb / "routing.yml", first.desks["egov"].reason, "這要請我的e政府處理。")
    assert live.get(knowledge).desks["egov"].reason == "這要請我的e政府處理。"
    edit(kb / "routing.yml", "desk: ecpa", "desk: nobody")
    assert live.get(knowledge).desks["egov"].reason == "這要請我的e政府處理。"


def test_without_any_usable_rules_it_says_so(tmp_path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match=r"routing\.yml"):
        LiveRules(tmp_path).get(knowledge)
