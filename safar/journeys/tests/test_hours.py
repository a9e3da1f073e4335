"""At which hour somebody opens and clicks, and when a message that asks for it goes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safar.journeys.backtest.run import Setting, read_drafts, workspace_of
from safar.journeys.definition.parse import parse_definition
from safar.journeys.engine.plan import build_plan
from safar.journeys.hours.reckoning import reckon_workspace
from safar.lib.faults import Refused
from safar.outbox.tests.house import Shop
from safar.segments.catalog import Catalog

NOW = datetime(2026, 3, 21, 12, tzinfo=UTC)
JOURNEY = """
journey: j
start: {s: {kind: event, event: Clicked, next: p}}
points: {p: {kind: send_email, template: t, send_at: best_hour}}
"""


@pytest.mark.parametrize(
    ("at", "zone", "hour", "goes"),
    [
        ("2026-03-21T12:20:00Z", "UTC", 12, "2026-03-21T12:20:00Z"),
        ("2026-03-21T12:20:00Z", "UTC", 20, "2026-03-21T20:15:00Z"),
        ("2026-03-21T12:20:00Z", "UTC", 9, "2026-03-22T09:15:00Z"),
        ("2026-03-21T12:20:00Z", "Asia/Tehran", 15, "2026-03-21T12:20:00Z"),
        ("2026-03-21T12:20:00Z", "Asia/Tehran", 20, "2026-03-21T16:45:00Z"),
        ("2026-03-28T12:00:00Z", "Europe/Berlin", 2, "2026-03-29T01:15:00Z"),  # there is no two o'clock that night
    ],
)
def test_the_first_moment_in_the_hour(conn, at, zone, hour, goes):
    found = conn.execute("SELECT safar_at_hour(%s::timestamptz, %s, %s, 0.5)", (at, zone, hour)).fetchone()[0]
    assert found == datetime.fromisoformat(goes)


def test_without_an_hour_there_is_no_moment(conn):
    assert conn.execute("SELECT safar_at_hour(now(), 'UTC', NULL, 0.5)").fetchone() == (None,)


def opens(conn, shop, person, times, *, name="email_opened"):
    for number, at in enumerate(times):
        conn.execute(
            "INSERT INTO event (workspace_id, bucket, contact_id, applied_at, seq, name, timestamp, properties, type, received_at)"
            " SELECT %s, %s, %s, %s, %s, %s, %s, '{}', 'track', %s",
            (shop.id, person.bucket, person.id, at, number + 1, name, at, at),
        )


def test_hours_are_reckoned_of_those_who_opened_often_enough_and_of_all(conn):
    shop = Shop(conn)
    sara, ali, mina = (shop.person(name) for name in ("Sara", "Ali", "Mina"))
    evening, morning = NOW - timedelta(days=3, hours=-4, minutes=-30), NOW - timedelta(days=3, hours=8)
    opens(conn, shop, sara, [evening - timedelta(days=n) for n in range(4)] + [morning])  # 20:00 in Tehran, and 7:30
    opens(conn, shop, ali, [morning - timedelta(days=n) for n in range(4)])
    opens(conn, shop, mina, [NOW - timedelta(days=91, hours=n) for n in range(9)])
    assert reckon_workspace(conn, shop.id, NOW) == (1, 7)
    assert conn.execute("SELECT contact_id, hour FROM best_hour WHERE workspace_id = %s", (shop.id,)).fetchall() == [
        (sara.id, 20)
    ]
    assert reckon_workspace(conn, shop.id, NOW + timedelta(days=90)) == (0, None)
    assert conn.execute("SELECT count(*) FROM best_hour WHERE workspace_id = %s", (shop.id,)).fetchone() == (0,)


def test_a_transactional_message_does_not_wait_for_an_hour():
    with pytest.raises(Refused) as refused:
        parse_definition(JOURNEY.replace("best_hour}", "best_hour, class: transactional}"), Catalog())
    assert [fault.place for fault in refused.value.faults] == ["points.p.send_at"]


def test_the_statement_stands_people_until_their_hour():
    definitions, conditions = read_drafts([JOURNEY], {})
    version = build_plan([workspace_of(definitions, conditions, Setting("UTC"), "")]).versions[1]
    assert "safar_at_hour" in version.stretches[0]
