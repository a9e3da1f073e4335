"""The supervisor over small processes of our own: restarts, pauses, stopping, and the database coming back."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from safar.workers import child as child_module
from safar.workers.child import FIRST_PAUSE, LONGEST_PAUSE, STEADY, Child, describe_death
from safar.workers.kept import KeptDatabase
from safar.workers.supervisor import Supervisor

WAITS = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *a: sys.exit(0)); print(flush=True); time.sleep(60)"
)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


class NoDatabase(KeptDatabase):
    """A configured server that nobody asks anything."""

    def __init__(self) -> None:
        super().__init__({"SAFAR_DATABASE_URL": "postgresql://nowhere"})
        self.url = "postgresql://nowhere"


class Script(Child):
    """A child that runs a line of Python instead of a command."""

    def start(self, env: Mapping[str, str], pipe: int, now: float) -> None:
        import subprocess

        self.process = subprocess.Popen([sys.executable, "-c", self.words[0]], env=dict(env), stdout=subprocess.PIPE)
        self.started_at = now


@pytest.fixture
def after() -> Iterator[Callable[[Callable[[], bool], Callable[[], None]], None]]:
    """Do something from another thread as soon as something is so."""
    threads = []

    def watch(so: Callable[[], bool], then: Callable[[], None]) -> None:
        def loop() -> None:
            deadline = time.monotonic() + 20
            while not so() and time.monotonic() < deadline:
                time.sleep(0.01)
            then()

        threads.append(threading.Thread(target=loop))
        threads[-1].start()

    yield watch
    for thread in threads:
        thread.join()


def stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def is_up(child: Child) -> bool:
    """It has said its line, so its signal handler stands."""
    return child.process is not None and child.process.stdout is not None and bool(child.process.stdout.read(1))


def test_a_dead_child_comes_back_and_all_end_in_order(after) -> None:
    said: list[str] = []
    worker = Script("engine", (WAITS,))
    pids: list[int] = []

    def kill_first() -> None:
        assert worker.process
        pids.append(worker.process.pid)
        worker.process.kill()
        after(lambda: worker.deaths == 1 and is_up(worker), stop)

    after(lambda: is_up(worker), kill_first)
    Supervisor([worker], NoDatabase(), say=said.append).run()
    assert said == [f"engine was ended by SIGKILL; it starts again in {FIRST_PAUSE} s"]
    assert worker.process is not None
    assert worker.process.pid != pids[0]
    assert worker.process.returncode == 0


def test_who_does_not_end_is_killed(after) -> None:
    worker = Script("web", (STUBBORN,))
    after(lambda: is_up(worker), stop)
    Supervisor([worker], NoDatabase(), say=lambda line: None, drain_seconds=0.2).run()
    assert worker.process is not None
    assert worker.process.returncode == -signal.SIGKILL


def test_a_task_runs_once(after) -> None:
    task = Script("demo", ("print(1)",), once=True)
    after(lambda: task.done, stop)
    Supervisor([task], NoDatabase(), say=lambda line: None).run()
    assert task.deaths == 0


def test_a_task_that_fails_is_told_and_not_begun_again(after) -> None:
    said: list[str] = []
    task = Script("demo", ("raise SystemExit(3)",), once=True)
    after(lambda: bool(said), stop)
    Supervisor([task], NoDatabase(), say=said.append).run()
    assert [line.split(";")[0] for line in said] == ["demo ended with code 3"]


def test_pauses_grow_and_begin_anew_after_a_steady_time() -> None:
    child = Child("engine", ())

    class Dead:
        def poll(self) -> int:
            return 1

    now, pauses = 0.0, []
    for _ in range(9):
        child.process, child.started_at = Dead(), now  # type: ignore[assignment]
        assert child.look(now) == 1
        pauses.append(child.due_at - now)
        assert not child.wants_start(now)
        now = child.due_at
        assert child.wants_start(now)
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    child.process, child.started_at = Dead(), now  # type: ignore[assignment]
    child.look(now + STEADY)
    assert child.due_at == now + STEADY + FIRST_PAUSE


def test_deaths_in_words() -> None:
    assert describe_death(1) == "ended with code 1"
    assert describe_death(-9) == "was ended by SIGKILL"


def test_an_orphan_ends_itself(tmp_path: Path) -> None:
    """The supervisor's end of the pipe is closed, as by kill -9: the child sets its stop event without any signal."""
    import subprocess

    held, given = os.pipe()
    line = "from safar.workers.parent import stop_event as s; e = s(); print('up', flush=True); print(e.wait(20))"
    env = {**child_module.child_environment("postgresql://nowhere"), "SAFAR_PARENT_PIPE": str(held)}
    process = subprocess.Popen(
        [sys.executable, "-c", line], env=env, pass_fds=(held,), stdout=subprocess.PIPE, text=True
    )
    os.close(held)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    os.close(given)
    assert process.communicate(timeout=20)[0] == "True\n"
