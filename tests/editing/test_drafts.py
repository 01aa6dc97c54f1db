"""Edits of answers: two people, one file, and a way back."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.desks.hours import TAIPEI
from bot.editing import drafts as drafts_module
from bot.editing.drafts import Drafts, NotNow
from bot.editing.files import EditError, stamp
from bot.knowledge.live import LiveKnowledge

pytestmark = pytest.mark.thorough

NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=TAIPEI)
TOPIC = "withdraw_course"


@dataclass
class Desk:
    """A knowledge folder, and who edits it."""

    kb: Path
    live: LiveKnowledge
    drafts: Drafts

    @property
    def file(self) -> Path:
        return self.kb / "answers" / "courses" / f"{TOPIC}.yml"

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    def better(self, words: str = "點「退選」就可以了。") -> str:
        lines = self.text.split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith("short:"))
        return "\n".join([*lines[:at], "short: >-", f"  {words}", *lines[at + 2 :]])


@pytest.fixture
def desk(tmp_path: Path, kb_dir: Path, engine: Engine) -> Desk:
    shutil.copytree(kb_dir, tmp_path / "kb")
    live = LiveKnowledge(tmp_path / "kb")
    return Desk(tmp_path / "kb", live, Drafts(engine, live, tmp_path / "kb", lambda: NOW))


def test_an_edit_changes_nothing_until_a_second_person_approves(desk: Desk) -> None:
    before = desk.text

    draft = desk.drafts.propose(TOPIC, desk.better(), "li.ed", "說短一點", stamp(before))

    assert desk.text == before
    assert [(one.topic, one.author, one.note, one.state) for one in desk.drafts.waiting()] == [
        (TOPIC, "li.ed", "說短一點", "open")
    ]
    with pytest.raises(NotNow) as refused:
        desk.drafts.approve(draft, "li.ed")
    assert refused.value.reason == "own"
    assert desk.text == before

    desk.drafts.approve(draft, "wu.ed")

    assert desk.live.get(fresh=True).answers[TOPIC].short == "點「退選」就可以了。"
    assert desk.drafts.waiting() == []
    version = desk.drafts.history(TOPIC)[0]
    assert (version.before, version.after, version.author, version.approver) == (before, desk.text, "li.ed", "wu.ed")


def test_a_draft_is_decided_once(desk: Desk) -> None:
    draft = desk.drafts.propose(TOPIC, desk.better(), "li.ed")
    desk.drafts.approve(draft, "wu.ed")

    for step in (lambda: desk.drafts.approve(draft, "wang.ed"), lambda: desk.drafts.decline(draft, "wang.ed")):
        with pytest.raises(NotNow) as refused:
            step()
        assert refused.value.reason == "decided"
    assert len(desk.drafts.history(TOPIC)) == 1


def test_a_draft_may_be_turned_down_or_taken_back(desk: Desk) -> None:
    before = desk.text
    first = desk.drafts.propose(TOPIC, desk.better(), "li.ed")
    second = desk.drafts.propose(TOPIC, desk.better("另一種。"), "li.ed")

    desk.drafts.decline(first, "wu.ed")
    desk.drafts.decline(second, "li.ed")

    assert [desk.drafts.get(one).state for one in (first, second)] == ["rejected", "withdrawn"]
    assert desk.text == before


def test_what_was_edited_by_hand_meanwhile_is_never_overwritten(desk: Desk) -> None:
    seen = stamp(desk.text)
    draft = desk.drafts.propose(TOPIC, desk.better(), "li.ed", base=seen)
    by_hand = desk.better("有人直接改了檔案。")
    desk.file.write_text(by_hand, encoding="utf-8")

    with pytest.raises(NotNow) as refused:
        desk.drafts.approve(draft, "wu.ed")

    assert refused.value.reason == "stale"
    assert desk.text == by_hand
    assert desk.drafts.get(draft).state == "open"
    with pytest.raises(NotNow):
        desk.drafts.propose(TOPIC, desk.better("再改。"), "li.ed", base=seen)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("short: >-", "shrot: >-", "shrot"),
        ("topic: withdraw_course", "topic: course_period", "must stay"),
        ("title: 已報名課程如何退選", "title: 別的標題", "title differs"),
        ("desk: platform", "desk: nowhere", "nowhere"),
        ("short: >-", "short: [", "YAML"),
        ("到「個人專區」", "請電 02-2192-7111，到「個人專區」", "phone number"),
        ("related: [", "related: [nonsense, ", "nonsense"),
    ],
)
def test_a_text_that_is_no_answer_is_refused_with_what_is_wrong(desk: Desk, old: str, new: str, what: str) -> None:
    with pytest.raises(EditError, match=what):
        desk.drafts.propose(TOPIC, desk.text.replace(old, new), "li.ed")

    assert desk.drafts.waiting() == []


def test_an_edit_that_changes_nothing_is_none(desk: Desk) -> None:
    with pytest.raises(NotNow) as refused:
        desk.drafts.propose(TOPIC, desk.text.replace("\n", "\r\n") + "\n\n", "li.ed")

    assert refused.value.reason == "same"


def test_what_stood_before_can_be_brought_back_by_two_people(desk: Desk) -> None:
    before = desk.text
    desk.drafts.approve(desk.drafts.propose(TOPIC, desk.better(), "li.ed"), "wu.ed")

    draft = desk.drafts.bring_back(desk.drafts.history(TOPIC)[0].id, "wu.ed")
    desk.drafts.approve(draft, "li.ed")

    assert desk.text == before
    assert len(desk.drafts.history(TOPIC)) == 2


def test_a_file_that_cannot_be_written_leaves_the_draft_open_and_no_rubbish(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.text
    draft = desk.drafts.propose(TOPIC, desk.better(), "li.ed")

    def fail(path: Path, text: str) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(drafts_module, "write_whole", fail)
    with pytest.raises(OSError, match="full"):
        desk.drafts.approve(draft, "wu.ed")

    assert desk.text == before
    assert desk.drafts.get(draft).state == "open"
    assert desk.drafts.history(TOPIC) == []


def test_a_file_that_was_written_before_the_process_died_can_be_approved_again(desk: Desk) -> None:
    draft = desk.drafts.propose(TOPIC, desk.better(), "li.ed")
    desk.file.write_text(desk.drafts.get(draft).text, encoding="utf-8")

    desk.drafts.approve(draft, "wu.ed")

    assert desk.drafts.get(draft).state == "approved"


def test_what_does_not_exist_is_said_to_be_unknown(desk: Desk) -> None:
    for step in (
        lambda: desk.drafts.propose("nonsense", "x", "li.ed"),
        lambda: desk.drafts.get(99),
        lambda: desk.drafts.bring_back(99, "li.ed"),
    ):
        with pytest.raises(NotNow) as refused:
            step()
        assert refused.value.reason == "unknown"
