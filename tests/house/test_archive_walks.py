"""A workspace moved to another Safar goes on there: the same figures, books that close, people who move when their time comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from safar.postgres import testing
from safar.postgres.connections import connect
from safar.workers.archive.reading import read_archive, read_manifest
from safar.workers.archive.writing import write_archive
from safar.workers.commands.moving import SETTINGS

JOURNEY = """
journey: welcome
settings:
  goal: {event: Order Completed, within: P30D, money: total}
  control_group: 20
start: {new: {kind: event, event: Signed Up, next: hello}}
points:
  hello:   {kind: send_email, template: hello, next: visits}
  visits:  {kind: wait, for: {event: Visited}, at_most: P7D, paths: {happened: keen, timed_out: shy}}
  keen:    {kind: add_tag, tag: keen, next: day}
  day:     {kind: delay, for: P1D, next: rich}
  rich:    {kind: if_else, condition: {segment: buyers}, paths: {yes: gold, no: silver}}
  gold:    {kind: add_tag, tag: gold}
  silver:  {kind: add_tag, tag: silver}
  shy:     {kind: add_tag, tag: shy}
"""
PEOPLE = 60


@pytest.fixture
def other(server_url: str, migrated_template: str) -> Iterator[str]:
    with testing.fresh_database(server_url, migrated_template) as url:
        yield url


def move_into(url: str, patch: pytest.MonkeyPatch) -> None:
    """Django, and whoever asks the environment, uses this installation from now on."""
    connections.close_all()
    patch.setenv("SAFAR_DATABASE_URL", url)


def walk(url: str, now: datetime) -> None:
    from safar.journeys.engine.loop import Engine

    engine = Engine(url, now=lambda: now)
    while engine.run_once():
        pass
    engine.close()


def state(url: str) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """The map's figures, the books, and who stands where."""
    from safar.accounts.models import Workspace
    from safar.journeys.check import check_books
    from safar.journeys.services import figures

    with connect(url, application_name="test") as conn:
        report = check_books(conn)
        assert report.closed, report.differences
        found = figures(conn, Workspace.objects.get(slug="shop"), "welcome").as_json()
        people = conn.execute(
            "SELECT c.external_id, e.state, e.place, e.reason, e.wake_at, e.goal_money, e.trail, array_agg(g.tag ORDER BY g.tag)"
            " FROM contact c LEFT JOIN enrollment e ON e.bucket = c.bucket AND e.contact_id = c.id"
            " LEFT JOIN contact_tag g ON g.bucket = c.bucket AND g.contact_id = c.id"
            " GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1"
        ).fetchall()
    return found, report.as_json(), people


def live_for_a_while(url: str, file: Path, now: datetime) -> None:
    """People sign up, some come back, some buy; what is due up to now is done."""
    from safar.accounts.services import create_workspace
    from safar.content.services import apply_templates
    from safar.events.imports import import_events
    from safar.journeys.services import apply_journey, publish
    from safar.segments.services import apply_segments

    workspace = create_workspace(slug="shop", name="Shop", zone="Asia/Tehran", calendar="jalali", currency="IRR")
    apply_segments(workspace, {"buyers": {"fact": "orders", "at_least": 1}})
    apply_templates(workspace, {"hello": {"channel": "email", "languages": {"en": {"subject": "Hi", "text": "Hi"}}}})
    apply_journey(workspace, JOURNEY)
    events = [("Signed Up", range(PEOPLE)), ("Visited", range(0, PEOPLE, 3)), ("Order Completed", range(0, PEOPLE, 5))]
    lines = [
        {
            "type": "track", "event": name, "userId": f"u{n:02}", "messageId": f"{name}-{n}", "timestamp": now.isoformat(),
            "properties": {"order_id": n, "total": 1000 + n, "currency": "IRT"} if name == "Order Completed" else {},
        }
        for name, who in events
        for n in who
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    with connect(url, application_name="test") as conn:
        publish(workspace, "welcome", connection=conn)
    with connect(url, application_name="test") as conn:
        import_events(conn, workspace, file, progress=lambda done, total: None)
    walk(url, now)


def test_a_moved_workspace_goes_on(own_database_url: str, other: str, tmp_path: Path) -> None:
    from safar.accounts.models import Workspace

    now = datetime.now(UTC) + timedelta(minutes=5)  # later than all this takes on a busy machine
    with pytest.MonkeyPatch.context() as patch:
        move_into(own_database_url, patch)
        live_for_a_while(own_database_url, tmp_path / "events.jsonl", now)
        row = Workspace.objects.get(slug="shop")
        settings = {name: getattr(row, name) for name in (*SETTINGS, "team_addresses")}
        before = state(own_database_url)
        assert before[0]["entered"] > before[0]["held_out"] > 0
        assert before[1]["messages"] > 0
        with connect(own_database_url, application_name="test") as conn:
            write_archive(conn, row.pk, settings, tmp_path / "shop.zip")

        move_into(other, patch)
        read_archive(tmp_path / "shop.zip", read_manifest(tmp_path / "shop.zip"))
        assert state(other) == before

        later = now + timedelta(days=9)
        walk(other, later)
        there = state(other)
        move_into(own_database_url, patch)
        walk(own_database_url, later)
        assert state(own_database_url) == there
        assert there[0]["points"]["visits"]["standing"] == 0
        assert there[0]["points"]["gold"]["entered"] + there[0]["points"]["silver"]["entered"] > 0
        connections.close_all()
