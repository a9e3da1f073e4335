"""Dispatchers that are killed, stopped and cut off, against a real SMTP server: nothing twice, nothing lost, the books close.

What is proved, after every kill: no message reached the server twice; every decided message is in one named state; what is
``accepted`` is at the server, what is at the server and not ``accepted`` is in doubt or assumed sent; and there is no more doubt
than kills × messages in flight. ``make crash`` deals out 1,000 kills.
"""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safar.outbox.books import read_books
from safar.outbox.tests.house import Shop
from safar.postgres.connections import connect

HERE = Path(__file__).parent
IN_FLIGHT = 4  # lines of a dispatcher
LEASE = 1.5  # seconds
pytestmark = pytest.mark.crash

# Named fail points → are messages in doubt if it dies there for the first time?
PLACES = {
    "outbox.resolved": False,
    "outbox.claimed": False,
    "outbox.begun": False,  # not committed
    "outbox.after_sending_commit": True,
    "channels.before_hand_over": True,
    "smtp.before_body": True,
    "smtp.before_end": True,
    "smtp.after_end": True,
    "channels.handed_over": True,
    "outbox.before_finish": True,
    "outbox.finished": True,  # not committed
    "outbox.after_finish_commit": False,
}


class Stage:
    """A shop with messages to send, the server that takes them, and dispatchers at our mercy."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.ledger = url, folder / "ledger"
        self.conn = connect(url, application_name="safar tests")
        self.conn.execute("TRUNCATE outbox, message, inbox, circuit")
        self.shop = Shop(self.conn, mode="live")
        self.processes: list[subprocess.Popen[str]] = []
        self.sink = subprocess.Popen(
            [sys.executable, str(HERE / "smtp_sink.py"), str(self.ledger)], stdout=subprocess.PIPE
        )
        assert self.sink.stdout is not None
        self.port = self.sink.stdout.readline().decode().strip()

    def decide(self, n: int) -> None:
        """n messages of n people, put in with a few statements."""
        with self.conn.transaction():
            for _ in range(n):
                self.shop.decide(self.shop.person())

    def start(self, *, lease: float = LEASE, **env: str) -> subprocess.Popen[str]:
        name = str(len(self.processes))
        command = [sys.executable, str(HERE / "dispatcher_process.py"), self.url, self.port, name, str(lease)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})
        self.processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    def kill(self, process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def watch(self, n: int, seconds: float) -> None:
        """Return when the server has taken ``n`` more messages, or after so long."""
        assert self.sink.stdout is not None
        deadline = time.monotonic() + seconds
        while n > 0 and (left := deadline - time.monotonic()) > 0:
            if select.select([self.sink.stdout], [], [], left)[0]:
                n -= len(os.read(self.sink.stdout.fileno(), n))

    def doubts(self) -> int:
        """Hand-overs that began and were not answered."""
        query = "SELECT count(*) FROM message WHERE state IN ('sending', 'in_doubt', 'assumed_sent')"
        row = self.conn.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def open(self) -> int:
        row = self.conn.execute("SELECT count(*) FROM outbox WHERE workspace_id = %s", (self.shop.id,)).fetchone()
        assert row is not None
        return int(row[0])

    def until_done(self, seconds: float = 120.0) -> None:
        """Let the dispatchers that live bring everything to its end."""
        deadline = time.monotonic() + seconds
        while self.open():
            assert time.monotonic() < deadline, self.look()
            assert any(process.poll() is None for process in self.processes)
            self.watch(10_000, 0.1)

    def look(self) -> Any:
        self.check_books()
        return self.conn.execute("SELECT state, count(*) FROM message GROUP BY 1").fetchall()

    def check_books(self) -> None:
        for line in read_books(self.conn, self.shop.id):
            assert line.closes, line

    def taken(self) -> Counter[str]:
        text = self.ledger.read_text() if self.ledger.exists() else ""
        return Counter(line.split()[0] for line in text.splitlines())

    def prove(self, decided: int, doubts: int) -> dict[str, int]:
        """All that is promised. doubts: the most there may be. Returns the messages by state."""
        taken = self.taken()
        twice = [header for header, n in taken.items() if n > 1]
        assert not twice, f"{len(twice)} messages went out twice"
        (line,) = read_books(self.conn, self.shop.id)
        assert line.closes
        assert (line.decided, line.open) == (decided, 0)
        states = dict(self.conn.execute("SELECT message_id_header, state FROM message").fetchall())
        assert len(states) == decided
        lost = [header for header, state in states.items() if state == "accepted" and header not in taken]
        assert not lost, f"{len(lost)} messages are called accepted and never arrived"
        assert set(taken) <= set(states), "the server has messages that nobody decided"
        unnamed = [
            state for header, state in states.items() if header in taken and state not in ("accepted", "assumed_sent")
        ]
        assert not unnamed
        found = Counter(states.values())
        assert set(found) <= {"accepted", "assumed_sent"}
        assert found["assumed_sent"] <= doubts
        told = self.conn.execute(
            "SELECT properties ->> 'message_id', count(*) FROM inbox WHERE type = 'feedback' GROUP BY 1"
        ).fetchall()
        assert len(told) == decided
        assert {n for _, n in told} == {1}
        return dict(found)

    def close(self) -> None:
        for process in [*self.processes, self.sink]:
            if process.poll() is None:
                self.kill(process)
            if process.stdout is not None:
                process.stdout.close()
        self.conn.close()


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    one = Stage(database_url, tmp_path)
    yield one
    one.close()


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--crash-rounds"))


def test_killed_at_random(stage: Stage, rounds: int, record_property: Any) -> None:
    """Two dispatchers at any time; each is killed after a while and another one started."""
    luck = random.Random(20261121)
    decided = rounds * 100
    stage.decide(decided)
    alive = [stage.start(), stage.start()]
    for _ in range(rounds):
        # Some while sending, some before they have begun, some after all is done.
        stage.watch(luck.randrange(0, 120), luck.uniform(0.0, 1.0))
        stage.kill(alive.pop(luck.randrange(2)))
        stage.check_books()
        if not stage.open():
            stage.decide(100)
            decided += 100
        alive.append(stage.start())
    stage.until_done()
    found = stage.prove(decided, rounds * IN_FLIGHT)
    record_property("in doubt", found.get("assumed_sent", 0))
    print(f"{rounds} kills, {decided} messages: {found}")


def test_killed_at_every_place(stage: Stage, rounds: int) -> None:
    """It dies there, and what had been begun is as the table of states says."""
    decided = doubts = 0
    for number in range(max(1, rounds // 10)):
        for place, doubtful in PLACES.items():
            # Not only the first time that it comes by, but then it has to have enough to do.
            count = 1 + number % 5 if doubtful else 1
            missing = max(0, 60 * count - stage.open())
            stage.decide(missing)
            decided += missing
            before = stage.doubts()
            process = stage.start(SAFAR_FAILPOINT=f"{place}:{count}")
            assert process.wait(60) == -signal.SIGKILL
            stage.check_books()
            more = stage.doubts() - before
            assert more <= IN_FLIGHT
            if count == 1:
                assert (more > 0) == doubtful, place
            doubts += more
    stage.start()
    stage.until_done()
    found = stage.prove(decided, doubts)
    assert found["assumed_sent"] == doubts


def test_stopped_for_longer_than_the_lease(stage: Stage, rounds: int) -> None:
    """SIGSTOP in the middle: somebody else takes over, and the one who wakes up does no harm."""
    luck = random.Random(7)
    times = max(2, rounds // 5)
    decided = times * 100
    stage.decide(decided)
    alive = [stage.start(lease=0.4), stage.start(lease=0.4)]
    for _ in range(times):
        stage.watch(luck.randrange(1, 60), 1.0)
        sleeper = alive[luck.randrange(2)]
        sleeper.send_signal(signal.SIGSTOP)
        stage.watch(10_000, luck.uniform(0.5, 0.8))
        stage.check_books()
        sleeper.send_signal(signal.SIGCONT)
    stage.until_done()
    stage.prove(decided, times * IN_FLIGHT)


def test_a_stop_in_order_leaves_no_doubt(stage: Stage, rounds: int) -> None:
    """SIGTERM at any moment: what is in flight is brought in, what is claimed goes back, nobody has to wait for a lease."""
    luck = random.Random(11)
    stage.decide(300)
    for _ in range(max(2, rounds // 5)):
        process = stage.start(lease=600.0)
        stage.watch(luck.randrange(0, 100), luck.uniform(0.0, 1.0))
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not stage.conn.execute("SELECT FROM outbox WHERE state NOT IN (0, 3)").fetchall()
        stage.check_books()
    stage.start(lease=600.0)
    stage.until_done()
    assert stage.prove(300, 0) == {"accepted": 300}


def test_the_database_ends_its_sessions_again_and_again(stage: Stage, rounds: int) -> None:
    """As an immediate stop of the server does it. Dispatchers come back by themselves and doubt nothing: what was begun and not
    handed over is taken back, what was answered is written down later."""
    luck = random.Random(13)
    times = max(5, rounds // 2)
    decided = times * 60
    stage.decide(decided)
    stage.start(lease=600.0)
    stage.start(lease=600.0)
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'safar dispatcher%' AND datname = current_database()"
    for _ in range(times):
        stage.watch(luck.randrange(1, 40), 1.0)
        stage.conn.execute(end)
        stage.check_books()
    stage.until_done()
    assert stage.prove(decided, 0) == {"accepted": decided}
