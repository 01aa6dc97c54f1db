"""`epark learn`: inbox, treat, export and trial."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cli import _parser
from bot.commands.kb_check import all_faults
from bot.commands.learn_export import ExportError, export, newest_patch
from bot.commands.learn_trial import TrialError, as_text, trial
from bot.commands.learn_trial_run import run
from bot.commands.learning_curve import Labelled
from bot.commands.questions import read_questions
from bot.commands.training_questions import read_training
from bot.desks.hours import TAIPEI
from bot.journal.journal import Journal
from bot.journal.turns import Turn
from bot.knowledge.models import Knowledge
from bot.learners.database import migrate, open_database
from bot.learning.inbox import Item
from bot.learning.trial_state import TrialFolder
from bot.learning.verdicts import Verdicts
from bot.nlu.decision import ANSWER, FALLBACK, Decision
from bot.settings import Settings

pytestmark = pytest.mark.thorough

NOW = datetime.datetime.now(TAIPEI)
LESSON, MEASURE = "00000001", "00000005"


@pytest.fixture
def settings(tmp_path: Path, project: Path) -> Settings:
    """A project of its own with few questions, and no trained model."""
    home = tmp_path / "home"
    for name in ("nlu/faq/courses.yml", "nlu/out_of_scope.yml"):
        (home / "bot/data" / name).parent.mkdir(parents=True, exist_ok=True)
    (home / "bot/data/nlu/faq/courses.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: faq/withdraw_course\n  examples: |\n    - 怎麼退選\n', encoding="utf-8"
    )
    (home / "tests/questions").mkdir(parents=True)
    (home / "tests/questions/courses.yml").write_text('withdraw_course:\n  - "退選在哪裡"\n', encoding="utf-8")
    shutil.copytree(project / "kb", home / "kb")
    return Settings.from_env({"EPARK_HOME": str(home), "EPARK_TOKEN_KEY": "a key for tests that is long enough"})


@pytest.fixture
def verdicts(settings: Settings) -> Verdicts:
    engine = open_database(settings.database_url)
    migrate(engine)
    return Verdicts(engine)


def accept(verdicts: Verdicts, cluster: str, *texts: str, topic: str | None = "withdraw_course") -> None:
    items = [Item(f"{cluster}{at or ''}", text, ("not_answered",), 1, NOW, None) for at, text in enumerate(texts)]
    verdicts.treat(items, "topic" if topic else "out_of_scope", "li.ed", topic)


def test_a_patch_stands_as_the_project_does_and_nothing_on_both_sides(
    settings: Settings, verdicts: Verdicts, knowledge: Knowledge, tmp_path: Path
) -> None:
    accept(verdicts, LESSON, "這堂課想要退掉", "怎麼退選!")
    accept(verdicts, MEASURE, "報錯了能不能反悔")

    patch = export(verdicts, knowledge, settings, tmp_path / "patch", apply=False)

    assert read_training(tmp_path / "patch/bot/data/nlu/learned.yml") == [("withdraw_course", "這堂課想要退掉")]
    held_out = read_questions([tmp_path / "patch/tests/questions/learned.yml"])
    assert [(one.topic, one.text) for one in held_out] == [("withdraw_course", "報錯了能不能反悔")]
    assert [text for text, _where in patch.refused] == ["怎麼退選!"]
    assert not (settings.project / "bot/data/nlu/learned.yml").exists()
    assert export(verdicts, knowledge, settings, tmp_path / "again", apply=False).empty
    assert not (tmp_path / "again").exists()


def test_what_is_applied_is_added_to_what_was_learnt_before_and_passes_the_check(
    settings: Settings, verdicts: Verdicts, knowledge: Knowledge, tmp_path: Path
) -> None:
    accept(verdicts, LESSON, "這堂課想要退掉")
    export(verdicts, knowledge, settings, tmp_path / "one", apply=True)
    accept(verdicts, "00000002", "今天天氣: 好嗎", topic=None)
    accept(verdicts, "00000003", "退掉 # 課程")
    export(verdicts, knowledge, settings, tmp_path / "two", apply=True)

    assert read_training(settings.project / "bot/data/nlu/learned.yml") == [
        ("withdraw_course", "這堂課想要退掉"),
        ("withdraw_course", "退掉 # 課程"),
        ("out_of_scope", "今天天氣: 好嗎"),
    ]
    assert not [fault for fault in all_faults(settings) if "learned" in str(fault)]


def test_a_folder_that_is_in_use_is_left_alone_and_nothing_counts_as_exported(
    settings: Settings, verdicts: Verdicts, knowledge: Knowledge, tmp_path: Path
) -> None:
    accept(verdicts, LESSON, "這堂課想要退掉")
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(ExportError, match="not empty"):
        export(verdicts, knowledge, settings, tmp_path, apply=False)

    assert len(verdicts.accepted()) == 1


class FakeUnderstanding:
    """Knows by heart what it was trained with, and everything that says 退."""

    def __init__(self, examples: Sequence[Labelled]) -> None:
        self._known = {text: topic for topic, text in examples}

    def decisions(self, texts: Sequence[str]) -> list[Decision]:
        learnt = "退掉" in "".join(self._known)
        return [
            Decision(ANSWER, (("withdraw_course", 0.9),))
            if "退" in text or (learnt and "反悔" in text)
            else Decision(FALLBACK, ())
            for text in texts
        ]


def test_a_trial_tells_figures_before_and_after_and_keeps_nothing(
    settings: Settings, verdicts: Verdicts, knowledge: Knowledge, tmp_path: Path
) -> None:
    accept(verdicts, LESSON, "這堂課想要退掉")
    accept(verdicts, MEASURE, "報錯了能不能反悔")
    export(verdicts, knowledge, settings, tmp_path / "patch", apply=True)

    found = trial(settings, tmp_path / "patch", lambda line: None, lambda _settings, lines: FakeUnderstanding(lines))  # type: ignore[arg-type, return-value]

    assert (found.learnt, found.before.answered_right, found.after.answered_right) == (1, 1.0, 1.0)
    assert found.own_before is not None and found.own_after is not None
    assert (found.own_before.answered_right, found.own_after.answered_right) == (0.0, 1.0)
    assert (found.worse, found.better) == ((), (("withdraw_course", "報錯了能不能反悔"),))
    assert any("+100.00" in line for line in as_text(found))
    assert json.dumps(found.as_dict())
    assert not settings.models_dir.exists()


def test_a_trial_of_the_console_runs_through_the_same_function_and_keeps_its_figures(
    settings: Settings, verdicts: Verdicts
) -> None:
    accept(verdicts, LESSON, "這堂課想要退掉")
    accept(verdicts, MEASURE, "報錯了能不能反悔")
    steps: list[int] = []

    def fit(_settings: Settings, lines: Sequence[Labelled]) -> Any:
        state = TrialFolder(settings.var_dir).read()
        steps.append(state.step if state else 0)
        return FakeUnderstanding(lines)

    run(settings, verdicts, lambda: NOW, fit=fit)

    state = TrialFolder(settings.var_dir).read()
    assert state is not None and (state.state, steps, state.ended_at) == ("done", [1, 2], NOW)
    assert (state.figures["learnt"], state.figures["own_after"]["answered_right"]) == (1, 1.0)
    assert sorted(state.keys) == sorted(one.key for one in verdicts.accepted())
    assert newest_patch(settings) is None


def test_a_trial_of_the_console_that_fails_says_why(settings: Settings, verdicts: Verdicts) -> None:
    def fail(_settings: Settings, lines: Sequence[Labelled]) -> Any:
        raise MemoryError("too much")

    accept(verdicts, MEASURE, "報錯了能不能反悔")
    nothing = run(settings, verdicts, lambda: NOW)
    accept(verdicts, LESSON, "這堂課想要退掉")
    failed = run(settings, verdicts, lambda: NOW, fit=fail)

    assert (nothing.state, nothing.error) == ("failed", "")
    assert (failed.state, failed.error) == ("failed", "MemoryError: too much")
    assert TrialFolder(settings.var_dir).read() == failed


def test_a_trial_without_lessons_says_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="nothing to learn"):
        trial(settings, tmp_path, lambda line: None)


def test_the_inbox_is_listed_and_treated_on_the_terminal(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(settings.database_url)
    migrate(engine)
    journal = Journal(engine, settings.token_key)
    journal.write(Turn(journal.now(), "web", "x", "fallback", text="冷氣壞了怎麼辦"))

    def run(*words: str) -> tuple[int, Any]:
        options = _parser().parse_args(["learn", *words])
        return options.run(options, settings), capsys.readouterr()

    status, said = run("inbox", "--json")
    listed = json.loads(said.out)
    assert (status, listed["texts"], listed["reasons"]) == (0, ["冷氣壞了怎麼辦"], ["not_answered"])
    assert run("treat", listed["cluster"][:8], "--topic", "nonsense")[0] == 1
    assert run("treat", listed["cluster"][:8], "--out-of-scope")[0] == 0
    assert run("inbox")[1].out == ""
    assert run("treat", "zzz", "--ignore")[0] == 1
    status, said = run("export")
    assert status == 0 and Path(said.out.strip()).is_dir()
    assert run("export")[1].out == ""
