"""New values in a file, and nothing else of it changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.editing.splice import SpliceError, spliced

WRITTEN = """\
# 誰改的，問編輯
topic: withdraw_course   # 與檔名相同

reviewed: 2026-11-21
short: >-
  到「我的課程」，
  點「退選」。
steps:
  # 第一步
  - '登入'
  - "點 \\"退選\\""

  # 最後
  - 按確認   # 會再問一次
contacts: [ platform,egov ]
sources:
  - {document: "004", section: (二)(8)}
# 完
"""


def read(text: str) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe", pure=False).load(text)
    return data


def test_what_is_the_same_stays_byte_for_byte() -> None:
    for text in (WRITTEN, WRITTEN.replace("\n", "\r\n"), WRITTEN.rstrip("\n")):
        assert spliced(text, read(text)) == text


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"short": "新的: 一句 # 話"}, "  到「我的課程」，\n  點「退選」。\n", "  新的: 一句 # 話\n"),
        ({"steps": ["登入了", '點 "退選"', "按確認"]}, "'登入'", "'登入了'"),
        ({"steps": ["登入", '點 "退"', "按確認"]}, '\\"退選\\"', '\\"退\\"'),
        ({"steps": ["登入", '點 "退選"', "按: 是"]}, "- 按確認   #", '- "按: 是"   #'),
        ({"contacts": ["egov"]}, "[ platform,egov ]", "[egov]"),
        ({"links": ["egov"]}, "sources:", "links: [egov]\nsources:"),
        ({"notes": ["true", "留意"]}, "contacts:", 'notes:\n  - "true"\n  - 留意\ncontacts:'),
        (
            {"sources": [{"document": "000", "section": "3"}, {"document": "004", "section": "(二)(8)"}]},
            '  - {document: "004"',
            '  - {document: "000", section: "3"}\n  - {document: "004"',
        ),
    ],
)
def test_a_new_value_changes_its_own_place_alone(changes: dict[str, Any], old: str, new: str) -> None:
    assert WRITTEN.count(old) == 1

    assert spliced(WRITTEN, {**read(WRITTEN), **changes}) == WRITTEN.replace(old, new)


def test_an_item_takes_its_comment_along_and_one_that_goes_leaves_it() -> None:
    data = read(WRITTEN)

    moved = spliced(WRITTEN, {**data, "steps": [data["steps"][2], data["steps"][0]]})

    assert "steps:\n  # 第一步\n" in moved and moved.index("# 最後") < moved.index("- 按確認   # 會再問一次")
    assert moved.index("按確認") < moved.index("- '登入'")
    assert "# 最後" in spliced(WRITTEN, {**data, "steps": data["steps"][:2]})


def test_a_key_that_goes_takes_its_lines_along() -> None:
    data = {name: value for name, value in read(WRITTEN).items() if name != "contacts"}

    assert spliced(WRITTEN, data) == WRITTEN.replace("contacts: [ platform,egov ]\n", "")


def test_line_ends_stay_those_of_the_file() -> None:
    windows = WRITTEN.replace("\n", "\r\n")

    changed = spliced(windows, {**read(windows), "notes": ["一", "二"], "short": "短"})

    assert changed.count("\n") == changed.count("\r\n")


def test_mappings_in_a_list_are_changed_from_within() -> None:
    text = (
        "parts:\n  - when: {provider: egov}\n    title: 甲  # 名\n    steps:\n      - 一\n"
        "  - when: {provider: ecpa}\n    title: 乙\n"
    )
    data = read(text)
    data["parts"][0] |= {"steps": ["一", "二"], "links": ["egov"]}
    data["parts"].append({"when": {"portal": "teacher"}, "title": "丙", "short": "短"})

    assert spliced(text, data) == text.replace("      - 一\n", "      - 一\n      - 二\n    links: [egov]\n") + (
        "  - when: {portal: teacher}\n    title: 丙\n    short: 短\n"
    )


@pytest.mark.parametrize("text", ["{topic: x, short: y}\n", "- a\n", "short: [\n"])
def test_what_is_no_block_of_keys_is_refused(text: str) -> None:
    with pytest.raises(SpliceError):
        spliced(text, {"short": "z"})


def test_a_file_with_anchors_is_refused_rather_than_changed_wrongly() -> None:
    text = "a: &x [one]\nb: *x\n"

    with pytest.raises(SpliceError):
        spliced(text, {"a": ["two"], "b": ["one"]})


def test_every_answer_of_ours_can_be_taken_apart_and_put_together(kb_dir: Path) -> None:
    for path in sorted((kb_dir / "answers").rglob("*.yml"))[::5]:
        text = path.read_text(encoding="utf-8")
        data = read(text)
        data["short"] += "改"
        data["related"] = data["related"][1:] or ["course_period"]
        changed = spliced(text, data)

        same = [line for line in text.splitlines() if line not in changed.splitlines()]
        assert len(same) <= 3, path
