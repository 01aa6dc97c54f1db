"""Learning patches in the console: what waits, a real trial of it in the background, the export and its files."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from counter import Counter, Visitor
from looks import PHONE, violations
from test_console_page import signed_in

from bot.commands.training_questions import read_training
from bot.learners.clock import now_in_taipei
from bot.learning.inbox import Item
from bot.learning.trial_state import RUNNING, TrialBusy, TrialFolder, TrialState
from bot.learning.verdicts import Verdicts
from bot.staff.audit import AuditFilter

LESSON, MEASURE = "00000001", "00000005"
SMALL = {"bot/data/nlu/faq/courses.yml": 2, "bot/data/nlu/conversation.yml": 2, "bot/data/nlu/out_of_scope.yml": 1}
"""Files of training questions that are learnt from here, and how many topics of each."""
A_TOPIC = 8


@pytest.fixture(scope="module")
def project(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the bot's knowledge and so few questions that a training takes a few seconds."""
    home = tmp_path_factory.mktemp("home")
    (home / "kb").symlink_to(project / "kb")
    for name, topics in SMALL.items():
        found: dict[str, list[str]] = {}
        for topic, text in read_training(project / name):
            found.setdefault(topic, []).append(" ".join(text.split()))
        lines = ['version: "3.1"', "nlu:"]
        for topic, texts in list(found.items())[:topics]:
            intent = f"faq/{topic}" if "/faq/" in name else topic
            lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts[:A_TOPIC])]
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (home / "tests/questions").mkdir(parents=True)
    (home / "tests/questions/courses.yml").write_text('withdraw_course:\n  - "退選在哪裡"\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # The home holds no program.
        patch.setenv("PYTHONPATH", str(project))
        yield home


@pytest.fixture(scope="module")
def trials(counter: Counter) -> TrialFolder:
    return TrialFolder(counter.log.parent)


@pytest.fixture(scope="module")
def editor(counter: Counter) -> Visitor:
    return counter.visitor("li.ed")


def accept(counter: Counter, cluster: str, *texts: str, topic: str | None = "withdraw_course") -> None:
    items = [Item(f"{cluster}{at}", text, ("not_answered",), 1, now_in_taipei(), None) for at, text in enumerate(texts)]
    Verdicts(counter.engine).treat(items, "topic" if topic else "new_topic", "li.ed", topic, "" if topic else "電子報")


def place_of(answer: requests.Response) -> str:
    return answer.headers["location"].partition("?said=")[2]


def deeds(counter: Counter, action: str) -> int:
    return len(counter.audit.find(AuditFilter(action=action)))


def test_nothing_waits_at_first_and_nothing_is_tried_or_exported(counter: Counter, editor: Visitor) -> None:
    page = editor.see("/learning/patch")

    assert page.status_code == 200 and "目前沒有" in page.text
    assert place_of(editor.fill("/learning/trial")) == "nothing_to_try"
    assert place_of(editor.fill("/learning/export")) == "nothing_to_export"
    assert editor.see("/learning/trial").json() == {"state": "", "step": 0}
    assert (deeds(counter, "trial_started"), deeds(counter, "learning_exported")) == (0, 0)


def test_what_was_accepted_waits_on_its_side(counter: Counter, editor: Visitor) -> None:
    accept(counter, LESSON, "這堂課想要<b>退掉", "這堂課想要退掉啦")
    accept(counter, MEASURE, "報錯了能不能反悔")
    accept(counter, "00000002", "電子報怎麼訂", topic=None)
    accept(counter, "00000003", "退選在哪裡？")

    page = editor.see("/learning/patch").text

    assert "訓練用（2 句）" in page and "這堂課想要&lt;b&gt;退掉" in page
    assert "評測用（每五組留一組當量尺，不拿來訓練）（1 句）" in page and "需要新題目（1 句）" in page
    assert "重複的，不會匯出（1 句）" in page and "tests/questions/courses.yml" in page
    assert 'href="/learning/patch"' in editor.see("/learning").text


def test_a_trial_is_started_runs_in_the_background_and_shows_its_figures(
    browser: Any, counter: Counter, trials: TrialFolder
) -> None:
    with signed_in(browser, counter, "li.ed", PHONE) as page:
        page.goto(f"{counter.base}/learning/patch")
        page.get_by_role("button", name="開始試訓練").focus()
        page.keyboard.press("Enter")
        page.locator("[data-state=running]").wait_for()
        assert violations(page) == []
        # Nobody reloads: the page says so itself.
        page.locator("[data-state]:not([data-state=running])").wait_for(timeout=180_000)

        assert page.locator("[data-state]").get_attribute("data-state") == "done", page.inner_text("main")
        assert page.locator("caption").all_inner_texts() == ["評測問句", "這一批自己的評測問句"]
        assert "多了 2 句訓練問句" in page.inner_text("main")
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    state = trials.read()
    assert state is not None and (state.by, state.figures["before"]["in_scope"]) == ("li.ed", 1)
    assert deeds(counter, "trial_started") == 1
    assert not (counter.log.parent / "learning").exists()


def test_one_trial_runs_at_a_time_and_one_that_was_cut_short_is_not_told_as_running(
    counter: Counter, editor: Visitor, trials: TrialFolder
) -> None:
    lock = trials.take()
    trials.write(TrialState(RUNNING, "wu.ed", now_in_taipei(), 1))
    assert "正在訓練第一次" in editor.see("/learning/patch").text
    assert place_of(editor.fill("/learning/trial")) == "trial_busy"
    assert editor.see("/learning/trial").json() == {"state": "running", "step": 1}

    os.close(lock)

    page = editor.see("/learning/patch").text
    assert "中斷了" in page and "再試一次" in page and "進行中" not in page


def test_a_trial_ends_with_the_console_and_the_next_one_says_so(counter: Counter, trials: TrialFolder) -> None:
    editor = counter.visitor("li.ed")
    assert place_of(editor.fill("/learning/trial")) == "trial_started"
    with pytest.raises(TrialBusy):
        trials.take()

    counter.kill()
    deadline = time.monotonic() + 60
    while True:
        try:
            os.close(trials.take())
            break
        except TrialBusy:
            assert time.monotonic() < deadline, "the trial outlives its console"
            time.sleep(0.05)
    counter.start()

    page = editor.see("/learning/patch").text
    assert "中斷了" in page and "再試一次" in page


def test_the_patch_is_exported_once_and_can_be_downloaded(counter: Counter, editor: Visitor) -> None:
    assert place_of(editor.fill("/learning/export")) == "exported"
    assert place_of(editor.fill("/learning/export")) == "nothing_to_export"

    folder = next((counter.log.parent / "learning").iterdir())
    page = editor.see("/learning/patch").text
    assert "目前沒有" in page and f'href="/learning/patches/{folder.name}"' in page
    answer = editor.see(f"/learning/patches/{folder.name}")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert sorted(file.namelist()) == [
            "bot/data/nlu/learned.yml",
            "new_topics.yml",
            "tests/questions/learned.yml",
        ]
        assert file.read("bot/data/nlu/learned.yml") == (folder / "bot/data/nlu/learned.yml").read_bytes()
    assert "attachment" in answer.headers["content-disposition"]
    assert (deeds(counter, "learning_exported"), deeds(counter, "learning_downloaded")) == (1, 1)
    assert Verdicts(counter.engine).accepted() == []


@pytest.mark.parametrize("name", ["20200101-000000", "20200101-000000.zip", "..%2flearning_trial", "learning_trial"])
def test_only_exported_patches_can_be_downloaded(editor: Visitor, name: str) -> None:
    assert editor.see(f"/learning/patches/{name}").status_code == 404
