"""Everything at once: events come in, engines decide, dispatchers hand over to a real SMTP server, and each of them may die at any time.

From the event to the mail: what test_engine.py proves of decisions, and of every decided message that it is in one named state, that
what is called accepted has arrived, that nothing has arrived twice, and that the history tells of each once.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.engine_proof import prove
from tests.crash.engine_stage import SMALL, Process, Stage

pytestmark = pytest.mark.crash
HERE = Path(__file__).parent
IN_FLIGHT = 4  # lines of a dispatcher
LEASE = "1.5"  # seconds

_STATES = "SELECT message_id_header, state FROM message WHERE sending_at IS NOT NULL"
_TOLD = """
SELECT v.properties ->> 'message_id', count(*) FROM event v JOIN contact c ON c.bucket = v.bucket AND c.id = v.contact_id
WHERE v.type = 'feedback' AND c.merged_into IS NULL GROUP BY 1
"""


class Sink:
    """The SMTP server in a process of its own. Its ledger has a line for each message it took."""

    def __init__(self, folder: Path) -> None:
        self._ledger = folder / "ledger"
        command = [sys.executable, str(HERE / "smtp_sink.py"), str(self._ledger)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.port = self._process.stdout.readline().decode().strip()
        threading.Thread(
            target=self._process.stdout.read, daemon=True
        ).start()  # a dot a message: a full pipe would stop it

    def taken(self) -> Counter[str]:
        """Message-ID → how often it came."""
        text = self._ledger.read_text() if self._ledger.exists() else ""
        return Counter(line.split()[0] for line in text.splitlines())

    def close(self) -> None:
        self._process.kill()
        self._process.wait(10)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    one = Sink(tmp_path)
    yield one
    one.close()


@pytest.fixture
def stage(own_database_url: str) -> Iterator[Stage]:
    one = Stage(own_database_url, mode="live")
    yield one
    one.close()


def test_from_the_event_to_the_mail(stage: Stage, sink: Sink, request: pytest.FixtureRequest) -> None:
    rounds = max(3, int(request.config.getoption("--crash-rounds")) // 2)
    luck = random.Random(3)

    def dispatcher() -> Process:
        words = [stage.url, sink.port, str(len(stage.processes)), LEASE]
        return stage.run([sys.executable, str(HERE / "dispatcher_process.py"), *words])

    def real_engine() -> Process:
        return stage.run([sys.executable, "-m", "safar", "engine"], says="")

    kinds: list[Callable[[], Process]] = [real_engine, lambda: stage.start(*SMALL), dispatcher, dispatcher]
    alive = [start() for start in kinds]
    doubts = 0
    with stage.feeder.running():
        for _ in range(rounds):
            time.sleep(luck.uniform(0.1, 1.0))
            number = luck.randrange(len(kinds))
            stage.kill(alive[number])
            doubts += IN_FLIGHT if kinds[number] is dispatcher else 0
            stage.check_books()
            alive[number] = kinds[number]()
            stage.keep_up()

    def quiet() -> bool:
        assert [process.poll() for process in alive] == [None] * len(alive), "some died by themselves"
        return stage.waiting() == (0, 0, 0) and stage.one("SELECT count(*) FROM outbox") == 0

    stage.until(quiet, lambda: f"{stage.waiting()} wait, {stage.one('SELECT count(*) FROM outbox')} messages are open")
    for process in alive:
        stage.end(process)
    print(f"{rounds} kills: {prove(stage)}, {_prove_mail(stage, sink, doubts)}")


def _prove_mail(stage: Stage, sink: Sink, doubts: int) -> str:
    taken = sink.taken()
    assert [header for header, n in taken.items() if n > 1] == [], "went out twice"
    states = dict(stage.conn.execute(_STATES).fetchall())
    assert set(taken) <= set(states), "the server has messages that nobody decided"
    assert [h for h, state in states.items() if state == "accepted" and h not in taken] == [], "lost"
    assert {states[header] for header in taken} <= {"accepted", "assumed_sent"}
    found = Counter(state for (state,) in stage.conn.execute("SELECT state FROM message"))
    assert set(found) <= {"accepted", "assumed_sent", "skipped"}
    assert found["accepted"] > 0
    assert found["assumed_sent"] <= doubts
    told = dict(stage.conn.execute(_TOLD).fetchall())
    assert set(told.values()) == {1}
    assert len(told) == sum(found.values())
    return f"{dict(found)}"
