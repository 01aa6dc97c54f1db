from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

import pytest

from bot.knowledge.fill import fill
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.load import KnowledgeError
from bot.knowledge.models import Fault, Knowledge

COURSES = "answers/courses/withdraw_course.yml"


class Inbox:
    """Keeps the faults that a LiveKnowledge reports, one list a report."""

    def __init__(self) -> None:
        self.reports: list[list[Fault]] = []

    def __call__(self, faults: list[Fault]) -> None:
        self.reports.append(faults)


def change(path: Path, old: str, new: str) -> None:
    """Edit a file so that even a coarse clock shows it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    before = path.stat().st_mtime_ns
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


def assert_speakable(knowledge: Knowledge) -> None:
    for answer in knowledge.answers.values():
        for text in (answer.short, *answer.steps, *answer.notes):
            fill(text, knowledge)
        assert all(desk in knowledge.desks for desk in answer.contacts)
        assert all(link in knowledge.links for link in answer.links)


def test_an_edit_shows_at_the_next_get(small_kb: Path) -> None:
    live = LiveKnowledge(small_kb)
    assert live.get().answers["withdraw_course"].short == "點「退選」。"

    change(small_kb / COURSES, "點「退選」。", "點「取消報名」。")

    assert live.get().answers["withdraw_course"].short == "點「取消報名」。"


def test_nothing_is_read_again_while_no_file_changes(small_kb: Path) -> None:
    live = LiveKnowledge(small_kb)

    first, second = live.get(), live.get()

    assert first is second


def test_an_edit_of_desks_shows_at_the_next_get(small_kb: Path) -> None:
    live = LiveKnowledge(small_kb)

    change(small_kb / "desks.yml", "02-1234-5678", "02-1234-9999")

    assert fill("{phone:egov}", live.get()) == "02-1234-9999"


def test_a_sound_folder_reports_nothing(small_kb: Path) -> None:
    inbox = Inbox()

    LiveKnowledge(small_kb, inbox).get()

    assert inbox.reports == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("topic: withdraw_course", "topic: [", "is not valid YAML"),
        ("short: 點「退選」。", "short: 打 02-2192-7111", "a phone number"),
        ("desk: platform", "desk: moon", "desk 'moon'"),
        ("點「退選」。", "點 {link:nowhere}", "link 'nowhere'"),
    ],
)
def test_a_broken_edit_keeps_the_last_good_answer_and_is_reported_once(
    small_kb: Path, old: str, new: str, complaint: str
) -> None:
    inbox = Inbox()
    live = LiveKnowledge(small_kb, inbox)
    good = live.get().answers["withdraw_course"]

    change(small_kb / COURSES, old, new)
    kept = [live.get().answers["withdraw_course"] for _ in range(3)]

    assert kept == [good, good, good]
    (report,) = inbox.reports
    assert all(fault.path == f"kb/{COURSES}" for fault in report)
    assert any(complaint in fault.message for fault in report)


def test_a_standing_fault_is_not_reported_again_with_the_next_edit(small_kb: Path) -> None:
    inbox = Inbox()
    live = LiveKnowledge(small_kb, inbox)
    change(small_kb / COURSES, "desk: platform", "desk: moon")
    live.get()

    change(small_kb / "answers/account/forgot_password.yml", "請回原註冊網站重設。", "請重設。")
    answers = live.get().answers

    assert len(inbox.reports) == 1
    assert answers["forgot_password"].short == "請重設。"
    assert answers["withdraw_course"].desk == "platform"


def test_mending_a_broken_edit_takes_effect(small_kb: Path) -> None:
    live = LiveKnowledge(small_kb, Inbox())
    change(small_kb / COURSES, "short: 點", "short: [點")
    live.get()

    change(small_kb / COURSES, "short: [點「退選」。", "short: 修好了。")

    assert live.get().answers["withdraw_course"].short == "修好了。"


def test_a_fault_that_comes_back_is_reported_again(small_kb: Path) -> None:
    inbox = Inbox()
    live = LiveKnowledge(small_kb, inbox)

    for old, new in (("desk: platform", "desk: moon"), ("desk: moon", "desk: platform")) * 2:
        change(small_kb / COURSES, old, new)
        live.get()

    assert len(inbox.reports) == 2


def test_deleting_an_answer_removes_it(small_kb: Path) -> None:
    live = LiveKnowledge(small_kb, Inbox())
    live.get()

    (small_kb / COURSES).unlink()

    assert set(live.get().answers) == {"forgot_password"}


def test_a_new_answer_is_found(small_kb: Path) -> None:
    path = small_kb / COURSES
    text = path.read_text(encoding="utf-8")
    path.unlink()
    live = LiveKnowledge(small_kb, Inbox())
    assert "withdraw_course" not in live.get().answers

    path.write_text(text, encoding="utf-8")

    assert live.get().answers["withdraw_course"].short == "點「退選」。"


@pytest.mark.parametrize("name", ["topics", "desks", "links", "sources", "calendar", "phrases", "vocabulary"])
def test_a_broken_file_that_is_no_answer_keeps_its_last_state(small_kb: Path, name: str) -> None:
    inbox = Inbox()
    change(small_kb / "calendar.yml", "[]", "[{date: 2026-08-10, working: false, desk: egov, why: 颱風}]")
    live = LiveKnowledge(small_kb, inbox)
    good = live.get()

    (small_kb / f"{name}.yml").write_text("a: [", encoding="utf-8")
    now = live.get()

    assert now == good
    assert [fault.path for report in inbox.reports for fault in report] == [f"kb/{name}.yml"]


@pytest.mark.parametrize("name", ["topics", "desks", "links", "sources", "calendar", "phrases", "vocabulary"])
def test_a_deleted_file_that_is_no_answer_keeps_its_last_state(small_kb: Path, name: str) -> None:
    live = LiveKnowledge(small_kb, Inbox())
    good = live.get()

    (small_kb / f"{name}.yml").unlink()

    assert live.get() == good


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("phrases.yml", "fallback:", "fall_back:", "phrase 'fallback' is missing"),
        ("phrases.yml", "{extensions}", "{extension}", "{extension} is not filled in here"),
        ("desks.yml", "egov:\n", "gov:\n", "desk 'egov' is not in desks.yml"),
        ("desks.yml", "help@example.org, source", "help@example.org, quelle", "mailboxes"),
        ("desks.yml", '"13:00-17:00"', '"08:00-08:30"', "hours must run forward"),
        ("links.yml", "home:", "house:", "link 'home' is not in links.yml"),
        ("topics.yml", "id: withdraw_course", "id: leave_course", "'withdraw_course' is no faq topic"),
        ("topics.yml", "title: 如何退選", "title: 怎麼退選", "title differs"),
        ("sources.yml", "二: 第二節", "三: 第三節", "section '二' of document 001"),
    ],
)
def test_an_edit_that_would_break_replies_elsewhere_keeps_the_last_state(
    small_kb: Path, file: str, old: str, new: str, complaint: str
) -> None:
    inbox = Inbox()
    live = LiveKnowledge(small_kb, inbox)
    good = live.get()

    change(small_kb / file, old, new)
    now = live.get()
    change(small_kb / "answers/account/forgot_password.yml", "請回原註冊網站重設。", "請重設。")
    later = live.get()

    assert now == good
    assert later.answers["forgot_password"].short == "請重設。"
    assert_speakable(later)
    assert any(complaint in fault.message for fault in inbox.reports[0])
    assert len(inbox.reports) == 1


def test_a_title_changed_in_both_files_one_after_the_other_takes_effect(small_kb: Path) -> None:
    live = LiveKnowledge(small_kb, Inbox())

    change(small_kb / "topics.yml", "title: 如何退選", "title: 怎麼退選")
    halfway = live.get()
    change(small_kb / COURSES, "title: 如何退選", "title: 怎麼退選")
    done = live.get()

    assert halfway.topics["withdraw_course"].title == halfway.answers["withdraw_course"].title == "如何退選"
    assert done.topics["withdraw_course"].title == done.answers["withdraw_course"].title == "怎麼退選"


def test_a_faulty_answer_at_the_start_is_left_out_and_reported(small_kb: Path) -> None:
    change(small_kb / COURSES, "desk: platform", "desk: moon")
    inbox = Inbox()

    live = LiveKnowledge(small_kb, inbox)

    assert set(live.get().answers) == {"forgot_password"}
    assert any(fault.path == f"kb/{COURSES}" for fault in inbox.reports[0])


@pytest.mark.parametrize("name", ["topics", "desks", "phrases"])
def test_it_cannot_start_without_what_every_reply_needs(small_kb: Path, name: str) -> None:
    (small_kb / f"{name}.yml").unlink()

    with pytest.raises(KnowledgeError) as caught:
        LiveKnowledge(small_kb, Inbox())

    assert f"kb/{name}.yml: file is missing" in str(caught.value)


def test_it_cannot_start_without_a_phrase_that_replies_need(small_kb: Path) -> None:
    change(small_kb / "phrases.yml", "fallback:", "fall_back:")

    with pytest.raises(KnowledgeError) as caught:
        LiveKnowledge(small_kb, Inbox())

    assert "phrase 'fallback' is missing" in str(caught.value)


def test_without_an_inbox_faults_are_logged(small_kb: Path, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveKnowledge(small_kb)
    change(small_kb / COURSES, "topic: withdraw_course", "topic: [")

    with caplog.at_level(logging.ERROR, logger="bot.knowledge.live"):
        live.get()
        live.get()

    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert lines[0].startswith(f"kb: kb/{COURSES}: is not valid YAML")


def test_one_folder_has_one_shared_knowledge_a_process(small_kb: Path) -> None:
    first = LiveKnowledge.shared(small_kb)

    second = LiveKnowledge.shared(small_kb)

    assert first is second


def test_many_threads_get_the_same_new_state(small_kb: Path) -> None:
    live = LiveKnowledge(small_kb)
    change(small_kb / COURSES, "點「退選」。", "點「取消報名」。")
    seen: list[Knowledge] = []

    threads = [threading.Thread(target=lambda: seen.append(live.get())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {knowledge.answers["withdraw_course"].short for knowledge in seen} == {"點「取消報名」。"}
    assert len({id(knowledge) for knowledge in seen}) == 1
