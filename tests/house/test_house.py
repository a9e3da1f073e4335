"""`safar run` as an operator meets it: up on an empty machine, a first event, deaths, a clean end."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.crash
PATIENCE = 60.0


class House:
    """A running `safar run --empty` with a data folder and a port of its own."""

    def __init__(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAFAR_")}
        self.env = {**kept, "SAFAR_DATA_DIR": str(home), "SAFAR_PORT": str(self.port)}
        self.log = home.parent / "log"
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "safar", "run", "--empty"]
            # Whoever runs the tests in the background of a shell has SIGINT ignored, and Safar keeps what is ignored.
            heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
            self.process = subprocess.Popen(command, env=self.env, stderr=log, start_new_session=True)
            signal.signal(signal.SIGINT, heard)

    def safar(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "safar", *words], env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def ask(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> tuple[int, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("content-type", "application/json")
            request.add_header("authorization", "Basic " + base64.b64encode(f"{key}:".encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, None

    def healthy(self) -> bool:
        return self.ask("/healthz")[0] == 200

    def children(self) -> dict[str, int]:
        """Word of the command → process id, of what the supervisor runs now."""
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                words = (entry / "cmdline").read_text().split("\0")
            except (OSError, IndexError):
                continue
            if parent == str(self.process.pid) and "safar" in words:
                found[words[words.index("safar") + 1]] = int(entry.name)
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        try:
            return self.process.wait(timeout=90)
        except subprocess.TimeoutExpired:
            left = f"children: {self.children()}\n{self.log.read_text()[-4000:]}"
            raise AssertionError(f"it does not end\n{left}") from None


def until(so: Callable[[], Any], what: str) -> Any:
    """What ``so`` gives as soon as it gives something; fails after a while."""
    deadline = time.monotonic() + PATIENCE
    while not (given := so()):
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {what}"
        time.sleep(0.1)
    return given


@pytest.fixture
def house() -> Iterator[House]:
    place = Path(tempfile.mkdtemp(prefix="safar-h-"))  # short: a socket's path has to fit
    place.chmod(0o755)
    running = House(place / "data")
    try:
        until(running.healthy, "healthy")
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        shutil.rmtree(place, ignore_errors=True)


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_first_event_deaths_and_a_clean_end(house: House) -> None:
    house.safar("workspace", "create", "shop")
    key = house.safar("key", "create", "--kind", "write")
    event = {"userId": "sara", "event": "Visited", "messageId": "m-1"}
    assert house.ask("/v1/track", event, key)[0] == 200

    def known() -> Any:
        person = json.loads(house.safar("contact", "show", "sara", "--json"))
        return [event["name"] for event in person["events"]] == ["Visited"]

    until(known, "the event is applied")

    before = house.children()
    assert set(before) == {"web", "engine", "dispatcher"}
    for kind in before:
        os.kill(before[kind], signal.SIGKILL)
    until(lambda: set(house.children()) == set(before) and house.healthy(), "all of them are back")
    assert not set(before.values()) & set(house.children().values())

    # The database, killed: it comes back, and what was accepted is still there.
    server = int((Path(house.env["SAFAR_DATA_DIR"]) / "postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    until(lambda: gone(server) and house.ask("/v1/track", {**event, "messageId": "m-2"}, key)[0] == 200, "it accepts")
    assert house.ask("/v1/track", event, key)[0] == 200
    until(house.healthy, "healthy again")
    person = until(
        lambda: (p := json.loads(house.safar("contact", "show", "sara", "--json"))) and len(p["events"]) == 2 and p,
        "both events are applied",
    )
    assert len(person["events"]) == 2  # m-1 was not taken twice

    children = house.children()
    assert house.stop(signal.SIGINT) == 0
    assert all(map(gone, children.values()))
    assert not (Path(house.env["SAFAR_DATA_DIR"]) / "postgres/data/postmaster.pid").exists()
    assert "Traceback" not in house.log.read_text()


def test_children_do_not_outlive_a_killed_supervisor(house: House) -> None:
    children = house.children()
    house.process.kill()
    house.process.wait()
    until(lambda: all(map(gone, children.values())), "they end by themselves")
    # The server stays, and the next start uses it and stops it.
    again = House(Path(house.env["SAFAR_DATA_DIR"]))
    until(again.healthy, "healthy")
    assert again.stop() == 0


def test_the_printed_link_signs_the_owner_in_once(house: House) -> None:
    found = until(lambda: re.search(r"/enter/[\w-]+/", house.log.read_text()), "the link is printed")
    address = f"http://localhost:{house.port}{found[0]}"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = browser.open(address, timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    with browser.open(address, data=f"csrfmiddlewaretoken={token[1]}".encode(), timeout=10) as home:
        assert "/workspaces/new/" in home.read().decode()  # there is none yet, and here one is made
        assert home.url == f"http://localhost:{house.port}/"
    with pytest.raises(urllib.error.HTTPError, match="410"):
        urllib.request.urlopen(address, timeout=10)
    link = house.safar("login-link")
    assert re.fullmatch(rf"http://localhost:{house.port}/enter/[\w-]+/", link)
