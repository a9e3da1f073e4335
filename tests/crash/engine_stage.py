"""A workspace with living journeys, and engines at our mercy."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from safar.accounts import services as accounts
from safar.content.services import apply_templates
from safar.journeys import services
from safar.journeys.check import check_books
from safar.postgres.connections import connect
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.tests.hands import pg_ctl
from safar.segments.services import apply_segments
from safar.workers.migrating import migrate
from tests.crash.feeder import Feeder

HERE = Path(__file__).parent
JOURNEYS = sorted((HERE / "journeys").glob("*.yaml"))
SEGMENTS = {"busy": {"event": "Product Viewed", "times": {"at_least": 3}, "within": "PT2S"}}
HELLO = {
    "channel": "email",
    "languages": {"en": {"subject": "Hello {{ contact.first_name }}", "html": "<p>Hello!</p>"}},
}
SMALL = ("7", "2", "5")  # limits of an engine that has to put back and come again all the time
PATIENCE = 120.0
PILE = 1000
Process = subprocess.Popen[str]


class Server:
    """A PostgreSQL of a test's own, which keeps what it has committed."""

    def __init__(self, home: Path) -> None:
        self._home, self._server = home, EmbeddedServer(home)
        self.url = self._server.start()

    def stop_at_once(self) -> None:
        assert pg_ctl(self._home, "stop", "-m", "immediate").returncode == 0

    def start(self) -> None:
        assert self._server.start() == self.url

    def discard(self) -> None:
        self._server.discard()


@contextmanager
def own_server(patch: pytest.MonkeyPatch) -> Iterator[Server]:
    """With all migrations; Django is on it as long as the block lasts."""
    place = Path(tempfile.mkdtemp(prefix="safar-c-"))  # short: a socket's path has to fit
    place.chmod(0o755)
    server = Server(place / "data")
    try:
        connections.close_all()
        patch.setenv("SAFAR_DATABASE_URL", server.url)
        migrate(server.url)
        yield server
    finally:
        connections.close_all()
        server.discard()
        shutil.rmtree(place, ignore_errors=True)


class Stage:
    """In the database that Django is on. Everything that is started is killed by `close`."""

    def __init__(self, url: str, *, mode: str = "mailbox", seed: int = 1) -> None:
        self.url = url
        self.connect()
        self.workspace = accounts.create_workspace(slug="mugs", name="Mug shop", currency="IRR", send_mode=mode)
        apply_templates(self.workspace, {"hello": HELLO})
        apply_segments(self.workspace, SEGMENTS)
        for journey in JOURNEYS:
            key = services.apply_journey(self.workspace, journey.read_bytes()).key
            services.publish(self.workspace, key, connection=self.conn)
        self.feeder = Feeder(url, self.workspace.pk, seed)
        self.processes: list[Process] = []

    def connect(self) -> None:
        """A session of our own, to look with."""
        self.conn = connect(self.url, application_name="safar tests")

    def start(self, *limits: str, **env: str) -> Process:
        """An engine. limits: of a tick."""
        return self.run([sys.executable, str(HERE / "engine_process.py"), self.url, *limits], **env)

    def run(self, command: list[str], *, says: str = "up\n", **env: str) -> Process:
        """Any process, once it has said so on its standard output."""
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})
        self.processes.append(process)
        assert process.stdout is not None
        assert not says or process.stdout.readline() == says
        return process

    def kill(self, process: Process) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def end(self, process: Process) -> None:
        """In good order."""
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0

    def stop_in_a_tick(self, process: Process) -> int:
        """SIGSTOP between two statements of a tick; returns the id of its session, which holds a lane now."""
        for _ in range(1000):
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.2)  # what the server is at comes to its end
            found = self.conn.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'safar engine'"
                " AND state = 'idle in transaction'"
            ).fetchone()
            if found:
                return int(found[0])
            process.send_signal(signal.SIGCONT)
            time.sleep(0.03)
        raise AssertionError("it is never in a tick")

    def check_books(self) -> None:
        """They close at any moment."""
        books = check_books(self.conn)
        assert books.closed, books.differences

    def one(self, query: str, *values: Any) -> Any:
        """The one value that a query gives."""
        row = self.conn.execute(query, values).fetchone()
        assert row is not None
        return row[0]

    def until(self, so: Callable[[], Any], what: Callable[[], str], seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < deadline, f"not within {seconds:g} s: {what()}"
            time.sleep(0.1)

    def settle(self) -> None:
        """Wait until whoever lives has brought everything to its end: nothing to apply, nobody on the road, nothing due ever."""

        def quiet() -> bool:
            assert any(process.poll() is None for process in self.processes), "nobody lives"
            return self.waiting() == (0, 0, 0)

        self.until(quiet, lambda: f"all is dealt with, but {self.waiting()} wait")

    def keep_up(self) -> None:
        """In a long run: let those who live work off what has piled up, so that kills hit engines at work and the end is near."""
        self.until(lambda: self.waiting()[0] < PILE, lambda: f"{self.waiting()[0]} events wait")

    def waiting(self) -> Any:
        """Events to be applied, hints of timers, people on the road."""
        query = "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM timer), (SELECT count(*) FROM enrollment WHERE state = 0)"
        return self.conn.execute(query).fetchone()

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)
            if process.stdout is not None:
                process.stdout.close()
        self.conn.close()
