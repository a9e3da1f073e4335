"""A point that sends at the contact's own hour: people stand before it, and the map says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from safar.accounts.models import Membership
from safar.console.journeys.tests.road import go_live, happens

JOURNEY = """
journey: hourly
title: {en: Hourly}
start: {opened: {kind: event, event: Shop Opened, next: greet}}
points: {greet: {kind: send_email, template: hello, send_at: best_hour}}
"""


def test_people_stand_until_their_hour_and_others_go_on(sara: Membership, conn: psycopg.Connection[Any]) -> None:
    workspace = sara.workspace
    go_live(conn, workspace, JOURNEY)
    later = datetime.now(UTC) + timedelta(hours=3)
    for person in ("ali", "mina"):
        happens(conn, workspace, person, "Hello")
    conn.execute(
        "INSERT INTO best_hour (bucket, contact_id, workspace_id, hour) SELECT bucket, id, workspace_id, %s FROM contact"
        " WHERE workspace_id = %s AND external_id = 'ali'",
        (later.astimezone(ZoneInfo(workspace.zone)).hour, workspace.pk),
    )
    for person in ("ali", "mina"):
        happens(conn, workspace, person, "Shop Opened")
    rows = conn.execute(
        "SELECT c.external_id, e.state, e.place, e.wake_at FROM enrollment e JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id"
        " WHERE e.workspace_id = %s ORDER BY 1",
        (workspace.pk,),
    ).fetchall()
    (_, ali, place, wakes), (_, mina, _, _) = rows
    assert (ali, place, mina) == (0, 0, 1)
    begins = later.astimezone(ZoneInfo(workspace.zone)).replace(minute=0, second=0, microsecond=0)
    assert begins <= wakes < begins + timedelta(minutes=30)
    sent = conn.execute("SELECT count(*) FROM outbox WHERE workspace_id = %s", (workspace.pk,)).fetchone()
    assert sent == (1,)
