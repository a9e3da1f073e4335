"""People let in against people held out: people, not trips, since they are divided as they are now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Workspace
from safar.accounts.services import create_workspace
from safar.content.services import apply_templates
from safar.journeys.models import Version
from safar.journeys.reckoning.compared import read_compared
from safar.journeys.reckoning.lift import Group
from safar.journeys.reckoning.tests.history import publish_goal

pytestmark = pytest.mark.usefixtures("database_url")
GOAL = {"event": "Order Completed", "within": "P7D"}
NOW = datetime.now(UTC)
OPEN, LEFT, HELD = 0, 2, 4


@pytest.fixture
def shop(database_url: str, unique: str) -> Workspace:
    made = create_workspace(slug=f"shop-{unique}", name="Shop")
    hello = {"channel": "email", "languages": {"en": {"subject": "Hello", "html": "<p>Hello</p>"}}}
    apply_templates(made, {"hello": hello})
    return made


def trip(
    conn: psycopg.Connection[Any],
    shop: Workspace,
    version: Version,
    who: int,
    state: int,
    *,
    reached: bool = False,
    days_ago: float = -1.0,
) -> None:
    at, goal_at = NOW - timedelta(days=days_ago), NOW if reached else None
    conn.execute(
        "INSERT INTO enrollment (bucket, contact_id, journey_id, id, workspace_id, version_id, entry_no, starting_point, entered_at, entry_seq, since,"
        " since_seq, state, goal_at) VALUES (%s, %s, %s, %s, %s, %s, 1, 0, %s, 0, %s, 0, %s, %s)",
        (who & 1023, who, version.journey_id, who, shop.pk, version.pk, at, at, state, goal_at),
    )


def follow(conn: psycopg.Connection[Any], who: int) -> None:
    """Puts the contact's trips away, as a re-entry does."""
    conn.execute("INSERT INTO enrollment_past SELECT e.*, 0 FROM enrollment e WHERE contact_id = %s", (who,))
    conn.execute("DELETE FROM enrollment WHERE contact_id = %s", (who,))


def test_people_are_counted_once(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    journey = publish_goal(shop, "held", GOAL, control_group=10)
    other = publish_goal(shop, "open", GOAL)
    version, plain = (Version.objects.get(journey=each) for each in (journey, other))
    trip(conn, shop, version, 1, LEFT, reached=True)
    trip(conn, shop, version, 2, LEFT, reached=True)
    follow(conn, 2)
    trip(conn, shop, version, 2, OPEN)  # the first trip reached it, the second has not yet
    trip(conn, shop, version, 3, OPEN)
    trip(conn, shop, version, 4, HELD, reached=True)
    trip(conn, shop, version, 5, HELD)
    trip(conn, shop, version, 6, OPEN, reached=True, days_ago=9)  # before it was published: of an older share
    trip(conn, shop, plain, 1, LEFT, reached=True)
    assert read_compared(conn, shop) == {journey.pk: (Group(3, 2), Group(2, 1))}


def test_nobody_yet(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    journey = publish_goal(shop, "held", GOAL, control_group=10)
    assert read_compared(conn, shop) == {journey.pk: (Group(0, 0), Group(0, 0))}
