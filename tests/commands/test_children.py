"""The servers of `epark serve`: one that dies is started again, one that cannot live is not."""

from __future__ import annotations

import signal
import subprocess
import sys

from bot.commands.children import MOST_DEATHS, Child


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def a_child(clock: Clock) -> Child:
    # Any module that runs until it is told to stop.
    return Child("sleepy", "http.server", "0", "--bind", "127.0.0.1", clock=clock)


def kill(child: Child) -> None:
    process = child._process
    assert process is not None
    process.kill()
    process.wait(30)


def test_a_child_that_was_killed_runs_again_at_once() -> None:
    child = a_child(Clock())
    child.start()
    try:
        assert child.status is None
        kill(child)
        assert child.status == -signal.SIGKILL

        assert child.mourn()
        child.revive()

        assert child._process is not None and child.status is None
    finally:
        child.terminate()
        child.wait(30)


def test_a_child_that_dies_again_and_again_is_given_more_time_and_then_up() -> None:
    clock = Clock()
    child = a_child(clock)
    waits = []
    for _ in range(MOST_DEATHS - 1):
        assert child.mourn()
        waits.append(child._again_at - clock.now)

    assert waits == [0.5 * death for death in range(MOST_DEATHS - 1)]
    child.revive()
    assert child._process is None, "its moment has not come"
    assert not child.mourn()


def test_deaths_of_long_ago_do_not_count() -> None:
    clock = Clock()
    child = a_child(clock)
    for _ in range(MOST_DEATHS * 2):
        assert child.mourn()
        clock.now += 301


def test_a_child_that_does_not_end_is_killed() -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    child = Child("stubborn", "nothing")
    child._process = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE)
    assert child._process.stdout is not None
    child._process.stdout.readline()

    child.terminate()
    child.wait(0.1)

    assert child.status == -signal.SIGKILL
    child._process.stdout.close()
