"""The state of a trial training, and who may run one."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from bot.desks.hours import TAIPEI
from bot.learning.trial_state import DONE, INTERRUPTED, RUNNING, TrialBusy, TrialFolder, TrialState

NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=TAIPEI)


def test_there_is_none_at_first(tmp_path: Path) -> None:
    assert TrialFolder(tmp_path).read() is None


def test_a_running_one_is_told_as_cut_short_once_nobody_holds_it(tmp_path: Path) -> None:
    folder = TrialFolder(tmp_path)
    lock = folder.take()
    running = TrialState(RUNNING, "li.ed", NOW, step=1, keys=("a",))
    folder.write(running)

    assert folder.read() == running
    os.close(lock)
    found = folder.read()
    assert found is not None and (found.state, found.by, found.at) == (INTERRUPTED, "li.ed", NOW)


def test_one_runs_at_a_time(tmp_path: Path) -> None:
    lock = TrialFolder(tmp_path).take()

    with pytest.raises(TrialBusy):
        TrialFolder(tmp_path).take()
    os.close(lock)
    os.close(TrialFolder(tmp_path).take())


def test_what_is_done_stays_done(tmp_path: Path) -> None:
    folder = TrialFolder(tmp_path)
    done = TrialState(DONE, "li.ed", NOW, 2, NOW, ("a", "b"), {"learnt": 1, "own_before": None})
    folder.write(done)

    assert folder.read() == done
    assert sorted(one.name for one in folder.path.iterdir()) == ["lock", "state.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"state": "done"}', '{"at": "soon", "ended_at": null, "keys": []}'])
def test_a_file_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    folder = TrialFolder(tmp_path)
    folder.path.mkdir()
    (folder.path / "state.json").write_text(text)

    assert folder.read() is None
