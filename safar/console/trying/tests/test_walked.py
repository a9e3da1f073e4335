"""One contact's walk goes as it does among everybody, and a back-test says how far it has come."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from safar.accounts.models import Workspace
from safar.console.trying.tests.history import draw, record_history
from safar.journeys.backtest.asking import setting_of
from safar.journeys.backtest.looking import Looking
from safar.journeys.backtest.run import read_drafts, recorded_backtest
from safar.journeys.backtest.trial import read_setting
from safar.journeys.backtest.walked import walk_contact

pytestmark = pytest.mark.usefixtures("database_url")


def test_alone_as_among_everybody(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    record_history(conn, shop)
    asked, url = setting_of(shop), os.environ["SAFAR_DATABASE_URL"]
    definitions, conditions = read_drafts([draw(shop).draft], asked["segments"])
    setting, until = read_setting(asked), datetime.now(UTC)
    since = until - timedelta(days=90)
    far: list[tuple[int, int]] = []
    looking = Looking(dealt=lambda done, total: far.append((done, total)))
    with recorded_backtest(
        url, shop.pk, definitions, conditions, setting, until, lambda _: None, since, looking
    ) as whole:
        trips = {trip["contact"]: [step["path"] for step in trip["passages"]] for trip in whole.trace()}
    assert set(trips) == {"sara", "ali"}
    assert far == sorted(far)
    assert far[-1][0] == far[-1][1] > 0
    assert whole.hours is None
    query = "SELECT external_id, id FROM contact WHERE workspace_id = %s"
    for name, contact in conn.execute(query, (shop.pk,)).fetchall():
        walked = walk_contact(url, shop.pk, contact, definitions[0], conditions, setting, since=since, until=until)
        alone = [[step.path for step in trip.steps] for trip in walked.trips]
        assert alone == ([trips[name]] if name in trips else [])


def test_the_hour_of_all_counts_for_one_alone_as_well(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    """Sara opens at a local hour, so Ali, who never opened anything, is written to at hers, looked at alone or among all."""
    record_history(conn, shop)
    asked, url = setting_of(shop), os.environ["SAFAR_DATABASE_URL"]
    draft = json.loads(draw(shop).draft)
    draft["points"] = {"greet": {"kind": "send_email", "template": "hello", "send_at": "best_hour"}}
    for start in draft["start"].values():
        start["next"] = "greet"
    definitions, conditions = read_drafts([draft], asked["segments"])
    setting, until = read_setting(asked), datetime.now(UTC)
    since = until - timedelta(days=90)
    visit = conn.execute(
        "SELECT min(timestamp) FROM event WHERE workspace_id = %s AND name = 'Shop Opened'", (shop.pk,)
    ).fetchone()
    assert visit is not None
    before = visit[0] - timedelta(days=90)  # at the hour of the visit, so that whoever comes is written to at once
    conn.execute(
        "INSERT INTO event (workspace_id, bucket, contact_id, applied_at, seq, name, timestamp, properties, type, received_at)"
        " SELECT c.workspace_id, c.bucket, c.id, m.at, m.n, 'email_opened', m.at, '{}', 'feedback', m.at FROM contact c"
        " CROSS JOIN (SELECT n, %s::timestamptz - n * interval '1 day' AS at FROM generate_series(1, 6) n) m"
        " WHERE c.workspace_id = %s AND c.external_id = 'sara'",
        (before, shop.pk),
    )
    hour = before.astimezone(ZoneInfo(shop.zone)).hour
    with recorded_backtest(url, shop.pk, definitions, conditions, setting, until, lambda _: None, since) as whole:
        assert whole.hours is not None
        trips = {trip["contact"]: trip["passages"][0]["left_at"] for trip in whole.trace()}
    assert {"sara", "ali"} <= set(trips)
    ali = conn.execute("SELECT id FROM contact WHERE workspace_id = %s AND external_id = 'ali'", (shop.pk,)).fetchone()
    assert ali is not None
    walked = walk_contact(url, shop.pk, ali[0], definitions[0], conditions, setting, since=since, until=until)
    (alone,) = [trip.steps[0].left_at for trip in walked.trips]
    among = datetime.fromisoformat(trips["ali"]) if isinstance(trips["ali"], str) else trips["ali"]
    assert alone == among
    assert among.astimezone(ZoneInfo(shop.zone)).hour == hour
