"""At which hour somebody opens and clicks, and when a message that asks for it goes out."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from safar.accounts.models import Workspace
from safar.channels.quiet.rules import set_rule
from safar.content.services import apply_templates
from safar.journeys.definition.parse import parse_definition
from safar.journeys.hours.reckoning import reckon_workspace
from safar.journeys.tests.publishing_story import BEGIN, Story, empty
from safar.lib.faults import Refused
from safar.lib.quiet import QuietRule
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


@pytest.fixture
def story(conn, database_url):
    """Sara opens at eight in the evening, Ali seldom; a journey writes to whoever clicks. It is 12:01, by UTC for all."""
    empty(conn)
    conn.execute("TRUNCATE best_hour, workspace_hour, outbox, quiet_hours")
    one = Story(conn, database_url, f"hours-{Workspace.objects.count()}")
    apply_templates(one.shop, {"t": {"channel": "email", "languages": {"en": {"subject": "Hello", "html": "<p>Hello</p>"}}}})  # fmt: skip
    point = {"kind": "send_email", "template": "t", "send_at": "best_hour"}
    one.publish({"kind": "event", "event": "Clicked", "next": "p"}, points={"p": point})
    for name in ("sara", "ali"):
        one.says(name)
    one.work(minutes=1)
    set_hour(one, "sara", 20)
    return one


def set_hour(story, who, hour):
    story.conn.execute(
        "INSERT INTO best_hour (bucket, contact_id, workspace_id, hour) SELECT bucket, id, workspace_id, %s FROM contact WHERE external_id = %s"
        " ON CONFLICT (bucket, contact_id) DO UPDATE SET hour = EXCLUDED.hour",
        (hour, who),
    )


def until(story, hour, minute=0, *, days=0):
    """Who has been written to by then, as often as they were. The books close while people stand before a message, too."""
    at = BEGIN.replace(hour=hour, minute=minute) + timedelta(days=days)
    story.work(seconds=(at - story.now).total_seconds())
    story.closes()
    rows = story.conn.execute(
        "SELECT c.external_id FROM outbox o JOIN contact c ON c.id = o.contact_id WHERE o.kind = 'message' ORDER BY 1"
    )
    return [name for (name,) in rows]


def test_people_stand_until_their_hour_or_the_workspaces_and_are_written_to_once(story):
    story.conn.execute("UPDATE workspace_hour SET hour = 15 WHERE workspace_id = %s", (story.shop.pk,))
    for name in ("sara", "ali"):
        story.says(name, event="Clicked")
    assert until(story, 14, 59) == []
    assert until(story, 15, 30) == ["ali"]
    assert until(story, 19, 59) == ["ali"]
    assert until(story, 20, 30) == ["ali", "sara"]
    assert until(story, 20, 30, days=3) == ["ali", "sara"]


def test_who_has_no_hour_is_written_to_at_once(story):
    for name in ("sara", "ali"):
        story.says(name, event="Clicked")
    assert until(story, 12, 2) == ["ali"]


def test_their_hour_is_asked_for_once(story):
    """Sara's hour is another one by the time that she wakes: she does not stand a second day."""
    story.says("sara", event="Clicked")
    assert until(story, 18) == []
    set_hour(story, "sara", 9)
    assert until(story, 20, 30) == ["sara"]


def test_where_it_is_quiet_at_their_hour_they_stand_until_it_ends(story):
    set_rule(story.conn, story.shop.pk, QuietRule(begins=time(19), ends=time(8), spread=0))
    story.says("sara", event="Clicked")
    assert until(story, 7, 59, days=1) == []
    assert until(story, 8, 1, days=1) == ["sara"]


def test_quiet_hours_that_came_meanwhile_hold_when_they_wake(story):
    story.says("sara", event="Clicked")
    assert until(story, 18) == []
    set_rule(story.conn, story.shop.pk, QuietRule(begins=time(19), ends=time(8), spread=0))
    assert until(story, 7, 59, days=1) == []
    assert until(story, 8, 1, days=1) == ["sara"]
