"""Engines that are killed, stopped and cut off while events come in: nothing lost, nothing twice, everybody where they belong.

What is proved at the end of each: every accepted event is in the history once; the books close (at every moment in between as well);
every trip and every internal event is, to the microsecond, that of a back-test of the same events; and there are as many messages as
passages of points that send. `make crash` deals out many more kills.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from safar.events.accept import accept
from safar.journeys.engine.loop import Engine
from tests.crash.engine_proof import prove
from tests.crash.engine_stage import SMALL, Stage, own_server
from tests.crash.feeder import checked

pytestmark = pytest.mark.crash

# Named fail points: a tick, from the lane's lock to after its commit.
PLACES = (
    "engine.claim",
    "engine.claimed",
    "engine.moved",
    "engine.round",
    "engine.finished",
    "engine.before_commit",
    "engine.after_commit",
)
IDLE = 10.0  # seconds after which the server ends a session that holds a lane and does nothing


@pytest.fixture
def stage(own_database_url: str) -> Iterator[Stage]:
    one = Stage(own_database_url)
    yield one
    one.close()


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--crash-rounds"))


def test_killed_at_random(stage: Stage, rounds: int) -> None:
    """Two engines at any time; each is killed after a while and another one started."""
    luck = random.Random(20261121)
    alive = [stage.start(), stage.start(*SMALL)]
    with stage.feeder.running():
        for number in range(rounds):
            time.sleep(luck.uniform(0.0, 0.7))
            stage.kill(alive.pop(luck.randrange(2)))
            stage.check_books()
            alive.append(stage.start(*(SMALL if number % 2 else ())))
            stage.keep_up()
    stage.settle()
    for process in alive:
        stage.end(process)
    print(f"{rounds} kills: {prove(stage)}")


def test_killed_at_every_place(stage: Stage, rounds: int) -> None:
    """It dies there; another one takes it up from the beginning of that tick, or goes on after it."""
    kills = max(1, rounds // 10)
    with stage.feeder.running():
        for number in range(kills):
            for place in PLACES:
                process = stage.start(*(SMALL if number % 2 else ()), SAFAR_FAILPOINT=f"{place}:{1 + number % 7}")
                assert process.wait(60) == -signal.SIGKILL, place
                stage.check_books()
    last = stage.start()
    stage.settle()
    stage.end(last)
    print(f"{kills * len(PLACES)} kills: {prove(stage)}")


def test_stopped_while_it_holds_a_lane(stage: Stage) -> None:
    """The server frees the lane and another engine does the work; the one who wakes up loses its tick and goes on."""
    sleeper = stage.start()
    with stage.feeder.running():
        session = stage.stop_in_a_tick(sleeper)
        stopped = time.monotonic()
    worker = stage.start()
    stage.settle()
    stage.until(
        lambda: stage.one("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", session) == 0, lambda: "freed"
    )
    assert time.monotonic() - stopped > IDLE - 1
    stage.check_books()
    stage.end(worker)
    sleeper.send_signal(signal.SIGCONT)
    with stage.feeder.running():
        time.sleep(1)
    stage.settle()  # by the sleeper alone
    stage.end(sleeper)
    prove(stage)


def test_the_server_stops_at_once(rounds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-m immediate`, again and again: as a power cut, but for the disk. Engines and those who send events come back by themselves."""
    luck = random.Random(5)
    times = max(2, rounds // 5)
    with own_server(monkeypatch) as server, closing(Stage(server.url)) as stage:
        alive = [stage.start(), stage.start(*SMALL)]
        with stage.feeder.running():
            for _ in range(times):
                time.sleep(luck.uniform(0.5, 2.0))
                stage.conn.close()
                server.stop_at_once()
                time.sleep(luck.uniform(0.0, 0.5))
                server.start()
                stage.connect()
                stage.check_books()
        stage.settle()
        for process in alive:
            stage.end(process)
        print(f"{times} stops: {prove(stage)}")


def test_more_events_of_one_moment_than_a_tick_takes_of_a_contact(stage: Stage) -> None:
    """A batch has one received_at; what is put back of an instant must not hold up the rest of it, for ever."""
    messages = [
        {"type": "track", "userId": "sara", "event": "Product Viewed", "messageId": f"crowd-{number}"}
        for number in range(100)
    ]
    accept(stage.conn, stage.workspace.pk, [checked(message) for message in messages], trusted=True)
    stage.feeder.accepted |= {str(message["messageId"]): message for message in messages}
    engine = Engine(stage.url)
    deadline = time.monotonic() + 60
    while stage.waiting() != (0, 0, 0) and time.monotonic() < deadline:
        engine.run_once()
    engine.close()
    prove(stage)
