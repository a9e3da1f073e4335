"""The thin whole, as a user meets it: nothing but `safar` commands, files and HTTP, from an empty folder to figures on the map."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from safar.postgres.connections import connect
from safar.postgres.embedded import EmbeddedServer
from tests.house.test_house import House, gone, until

pytestmark = pytest.mark.crash

JOURNEY = """
journey: welcome
title: {en: Welcome, fa: خوش‌آمد}
settings: {goal: {event: Order Completed, within: P14D, money: total}}
start:
  signed_up: {kind: signed_up_email, next: greet}
points:
  greet: {kind: send_email, template: hello, next: seen}
  seen:  {kind: wait, for: {event: Mug Seen}, at_most: P7D, paths: {happened: mark, timed_out: nudge}}
  mark:  {kind: add_tag, tag: fan, next: rest}
  rest:  {kind: delay, for: P1D}
  nudge: {kind: send_email, template: hello}
"""
TEMPLATES = """
hello:
  channel: email
  languages:
    en: {subject: "Hello {{ contact.first_name }}", html: "<p>Your mugs are waiting, {{ contact.first_name }}.</p>"}
"""
# What a second start may not change.
KEPT = (
    "accounts_workspace", "accounts_apikey", "journeys_journey", "journeys_version", "content_template", "contact", "identity",
    "event", "inbox", "enrollment", "contact_tag", "consent", "outbox", "message", "mailbox", "passage_count", "timer",
)  # fmt: skip


class FrontDoor:
    """An empty place, and what is done there."""

    def __init__(self, place: Path) -> None:
        self.place, self.home = place, place / "data"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAFAR_")}
        self.env = {**kept, "SAFAR_DATA_DIR": str(self.home)}
        self.house: House | None = None

    def safar(self, *words: str) -> str:
        command = [sys.executable, "-m", "safar", *words]
        done = subprocess.run(command, env=self.env, cwd=self.place, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"safar {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout.strip()

    def told(self, *words: str) -> Any:
        """What a command says with --json."""
        return json.loads(self.safar(*words, "--json"))

    def open(self) -> House:
        self.house = House(self.home)  # `safar run --empty` on a free port
        until(self.house.healthy, "healthy")
        return self.house

    def close(self) -> None:
        """SIGTERM: all of them end in good order, PostgreSQL too."""
        assert self.house is not None
        processes = self.house.children()
        assert set(processes) == {"web", "engine", "dispatcher"}
        assert self.house.stop(signal.SIGTERM) == 0
        assert all(map(gone, processes.values()))
        assert not (self.home / "postgres/data/postmaster.pid").exists()
        assert "Traceback" not in self.house.log.read_text()

    def look(self, query: str) -> list[tuple[Any, ...]]:
        """Into the database itself; the embedded server is found, or started for the moment."""
        server = EmbeddedServer(self.home)
        try:
            with connect(server.start(), application_name="safar tests") as conn:
                return conn.execute(query).fetchall()
        finally:
            server.stop()

    def counted(self) -> dict[str, Any]:
        wanted = " UNION ALL ".join(
            f"SELECT '{table}', count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t"
            for table in KEPT
        )
        return {table: rest for table, *rest in self.look(wanted)}


@pytest.fixture
def door() -> Iterator[FrontDoor]:
    place = Path(tempfile.mkdtemp(prefix="safar-f-"))  # short: a socket's path has to fit
    place.chmod(0o755)
    one = FrontDoor(place)
    yield one
    if one.house is not None and one.house.process.poll() is None:
        one.house.stop()
    shutil.rmtree(place, ignore_errors=True)


def test_from_an_empty_folder_to_figures(door: FrontDoor) -> None:
    (door.place / "welcome.yaml").write_text(JOURNEY, "utf-8")
    (door.place / "templates.yaml").write_text(TEMPLATES, "utf-8")

    # Each command by itself: the server starts and stops with it.
    assert door.told("migrate")["applied"]
    door.safar("workspace", "create", "mugs", "--zone", "Asia/Tehran", "--calendar", "jalali", "--currency", "IRR")

    # The rest beside a running house, which has nothing left to migrate.
    house = door.open()
    assert door.told("template", "apply", "templates.yaml") == {"templates.yaml": ["hello"]}
    assert door.told("journey", "apply", "welcome.yaml") == [{"key": "welcome", "changed": True, "made": True}]
    assert door.told("journey", "publish", "welcome") == {
        "key": "welcome",
        "number": 1,
        "changed": True,
        "publishing": None,
    }
    keys = {kind: door.told("key", "create", "--kind", kind)["key"] for kind in ("write", "secret")}

    for name in ("Sara", "Ali", "Mina"):
        traits = {"email": f"{name.lower()}@people.example", "first_name": name}
        body = {
            "userId": name.lower(),
            "traits": traits,
            "messageId": f"i-{name}",
            "context": {"consent": {"email": "given"}},
        }
        assert house.ask("/v1/identify", body, keys["secret"])[0] == 200
    until(lambda: len(_mailbox(door)) == 3, "three messages are in the mailbox")
    seen = {"userId": "ali", "event": "Mug Seen", "messageId": "t-1"}
    order = {"order_id": "o-1", "total": 250000, "currency": "IRT"}  # tomans: ten rials each
    bought = {"userId": "mina", "event": "Order Completed", "messageId": "t-2", "properties": order}
    for body in (seen, bought, bought):
        assert house.ask("/v1/track", body, keys["write"])[0] == 200
    assert house.ask("/v1/track", {"event": "Nobody's"}, keys["write"])[0] == 400

    def settled() -> bool:
        figures = door.told("journey", "show", "welcome")["figures"]
        return bool(figures["goals"] == 1 and figures["points"]["rest"]["standing"] == 1)

    until(settled, "everybody has moved")
    _unsubscribe(door, "sara")
    _check_what_is_said(door)
    before = door.counted()
    assert before["outbox"][0] == before["inbox"][0] == 0
    door.close()

    # A second start, and all of it once more: nothing changes.
    door.open()
    assert door.told("migrate")["applied"] == []
    assert door.told("template", "apply", "templates.yaml") == {"templates.yaml": []}
    assert door.told("journey", "apply", "welcome.yaml") == [{"key": "welcome", "changed": False, "made": False}]
    assert door.told("journey", "publish", "welcome")["number"] == 1
    _check_what_is_said(door)
    assert door.counted() == before
    door.close()


def _check_what_is_said(door: FrontDoor) -> None:
    shown = door.told("journey", "show", "welcome")
    figures = shown["figures"]
    assert shown["version"] == 1
    assert (figures["matched"], figures["entered"], figures["by_starting_point"]) == (3, 3, {"signed_up": 3})
    assert (figures["goals"], float(figures["money"])) == (1, 2_500_000)
    walked = {key: (p["entered"], p["standing"], p["paths"], p["left"]) for key, p in figures["points"].items()}
    assert walked == {
        "greet": (3, 0, {"next": 3}, {}),
        "seen": (3, 1, {"happened": 1}, {"goal": 1}),
        "mark": (1, 0, {"next": 1}, {}),
        "rest": (1, 1, {}, {}),
        "nudge": (0, 0, {}, {}),
    }
    assert "rest" in door.safar("journey", "show", "welcome")

    ali = door.told("contact", "show", "ali@people.example")
    assert [(trip["status"], [p["point"] for p in trip["passages"]]) for trip in ali["trips"]] == [
        ("open", ["greet", "seen", "mark", "rest"])
    ]
    assert [row["tag"] for row in ali["tags"]] == ["fan"]
    assert {event["name"] for event in ali["events"]} == {"identify", "Mug Seen", "tag_added", "message_sent"}
    assert [(m["point"], m["state"]) for m in ali["messages"]] == [("greet", "accepted")]
    mina = door.told("contact", "show", "mina")
    assert (mina["facts"]["orders"], float(mina["facts"]["spent"])) == (1, 2_500_000)
    assert [(trip["status"], trip["reason"]) for trip in mina["trips"]] == [("left", "goal")]

    mails = {mail["to"]: mail for mail in _mailbox(door)}
    assert sorted(mails) == [f"{name}@people.example" for name in ("ali", "mina", "sara")]
    sara = mails["sara@people.example"]
    assert sara["subject"] == "Hello Sara"
    assert "Your mugs are waiting, Sara." in sara.get_body(("html",)).get_content()

    books = door.told("check")
    assert books["closed"]
    assert (books["journeys"], books["messages"]) == (1, 3)
    doctor = door.told("doctor")
    assert doctor["database"]["unapplied migrations"] == 0
    assert {"web", "engine", "dispatcher", "supervisor", "postgresql"} <= {
        process["what"] for process in doctor["processes"]
    }
    assert [mend for mend in doctor["mends"] if "process lives" in mend or "hung" in mend] == []


def _unsubscribe(door: FrontDoor, who: str) -> None:
    """By the link of the mail: looking changes nothing, the button does it at once."""
    mail = next(mail for mail in _mailbox(door) if mail["to"].startswith(who))
    link = mail["list-unsubscribe"].strip("<>")

    def consent() -> Any:
        return [(row["channel"], row["state"]) for row in door.told("contact", "show", who)["consents"]]

    with urllib.request.urlopen(link, timeout=10) as page:
        assert b"<button" in page.read()
    assert consent() == [("email", "given")]
    with urllib.request.urlopen(link, data=b"List-Unsubscribe=One-Click", timeout=10) as page:
        assert page.status == 200
    until(lambda: consent() == [("email", "withdrawn")], "the consent is withdrawn")


def _mailbox(door: FrontDoor) -> list[Any]:
    """Every message in the built-in mailbox, read as a mail program would."""
    rows = door.look("SELECT source FROM mailbox ORDER BY at, message_id")
    return [message_from_bytes(bytes(source), policy=policy.default) for (source,) in rows]
