"""The inbox is looked at above a lane's low-water mark, and every now and then from its beginning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.accounts.services import create_workspace
from safar.events.accept import accept
from safar.events.message import check_message
from safar.journeys.engine.loop import Engine
from safar.journeys.engine.tick import BEHIND
from safar.lib.faults import Faults


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(conn: Any, database_url: str, clock: Clock):
    """An engine that has just looked at everything; all lanes are empty and know of no mark."""
    conn.execute("DELETE FROM inbox; DELETE FROM timer; UPDATE lane SET clock = '1900-01-01Z', inbox_low = 0")
    engine = Engine(database_url, now=clock)
    while engine.run_once():
        pass
    yield engine
    engine.close()


def hear(conn: Any) -> None:
    shop = create_workspace(slug=f"shop-{Workspace.objects.count()}", name="Mugs", zone="UTC", currency="USD")
    message = check_message(
        {"type": "track", "userId": "sara", "event": "Go"}, Faults(), received=datetime.now(UTC), trusted=True
    )
    assert message is not None
    accept(conn, shop.pk, [message], trusted=True)


def waiting(conn: Any) -> int:
    return int(conn.execute("SELECT count(*) FROM inbox").fetchone()[0])


def test_the_mark_follows_what_was_claimed_at_a_distance(conn: Any, engine: Engine) -> None:
    conn.execute("SELECT setval('inbox_number', %s)", (5 * BEHIND,))
    hear(conn)
    assert engine.run_once()
    marks = {low for (low,) in conn.execute("SELECT inbox_low FROM lane WHERE inbox_low > 0")}
    number = conn.execute("SELECT last_value FROM inbox_number").fetchone()[0]
    assert marks == {number - BEHIND}
    hear(conn)
    assert engine.run_once(), "what comes next is above the mark"
    assert waiting(conn) == 0


def test_what_committed_late_below_the_mark_waits_for_the_next_look_at_everything(
    conn: Any, engine: Engine, clock: Clock
) -> None:
    hear(conn)
    conn.execute("UPDATE lane SET inbox_low = (SELECT last_value + 1 FROM inbox_number)")
    assert not engine.run_once()
    assert waiting(conn) == 1
    clock.now += timedelta(seconds=10)
    assert engine.run_once()
    assert waiting(conn) == 0


def test_what_a_tick_put_back_comes_whatever_the_mark(conn: Any, engine: Engine, clock: Clock) -> None:
    hear(conn)
    conn.execute("UPDATE inbox SET applied_at = %s", (clock.now,))
    conn.execute("UPDATE lane SET inbox_low = (SELECT last_value + 1 FROM inbox_number)")
    assert engine.run_once()
    assert waiting(conn) == 0


def test_a_clock_that_goes_back_looks_at_everything(conn: Any, engine: Engine, clock: Clock) -> None:
    hear(conn)
    conn.execute("UPDATE lane SET inbox_low = (SELECT last_value + 1 FROM inbox_number)")
    clock.now -= timedelta(seconds=5)
    assert engine.run_once()
    assert waiting(conn) == 0
