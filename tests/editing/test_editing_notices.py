"""Editing the notices."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.editing.files import EditError
from bot.editing.notices import NoticeEntry, delete_notice, save_notice
from bot.knowledge.load import load

pytestmark = pytest.mark.thorough


@pytest.fixture
def kb(tmp_path: Path, kb_dir: Path) -> Path:
    shutil.copytree(kb_dir, tmp_path / "kb")
    return tmp_path / "kb"


def entry(**changes: object) -> NoticeEntry:
    values: dict[str, object] = {
        "id": "outage",
        "text": '停機維護: "早上" # 8 點',
        "topics": None,
        "begin": "2026-12-05 08:00",
        "end": "2026-12-05 12:00",
    }
    return NoticeEntry(**{**values, **changes})  # type: ignore[arg-type]


def test_a_notice_is_added_changed_and_deleted_and_the_comments_stay(kb: Path) -> None:
    comments = [line for line in (kb / "notices.yml").read_text(encoding="utf-8").splitlines() if line.startswith("#")]

    save_notice(kb, entry())
    save_notice(kb, entry(id="other", topics=("withdraw_course",)))
    save_notice(kb, entry(text="改了", topics=()))

    assert [(one.id, one.text, one.topics) for one in load(kb).notices] == [
        ("outage", "改了", ()),
        ("other", '停機維護: "早上" # 8 點', ("withdraw_course",)),
    ]
    delete_notice(kb, "other")
    delete_notice(kb, "outage")
    delete_notice(kb, "outage")
    text = (kb / "notices.yml").read_text(encoding="utf-8")
    assert load(kb).notices == ()
    assert [line for line in text.splitlines() if line.startswith("#")] == comments


def test_what_people_wrote_by_hand_around_a_notice_stays_byte_for_byte(kb: Path) -> None:
    by_hand = (
        "# 公告\n\nnotices:\n# 春節\n- id: spring\n  text: >-\n    春節期間，\n    客服休息。\n"
        "  topics: [withdraw_course]  # 只有這題\n  from: 2026-02-14\n  to: 2026-02-22\n\n# 完\n"
    )
    (kb / "notices.yml").write_text(by_hand, encoding="utf-8")

    save_notice(kb, entry())
    assert len(load(kb).notices) == 2
    delete_notice(kb, "outage")

    assert (kb / "notices.yml").read_text(encoding="utf-8") == by_hand


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"end": "2026-12-05 07:00"}, "ends before"),
        ({"end": "someday"}, "notices.0.to"),
        ({"topics": ("nonsense",)}, "not in topics.yml"),
        ({"id": "no good!"}, "notices.0.id"),
        ({"text": " "}, "notices.0.text"),
        ({"text": "請電 02-2192-7111"}, "phone number"),
        ({"text": "{link:nowhere}"}, "nowhere"),
    ],
)
def test_a_notice_that_cannot_stand_leaves_the_file_as_it_was(kb: Path, changes: dict[str, object], what: str) -> None:
    before = (kb / "notices.yml").read_text(encoding="utf-8")

    with pytest.raises(EditError, match=what):
        save_notice(kb, entry(**changes))

    assert (kb / "notices.yml").read_text(encoding="utf-8") == before
