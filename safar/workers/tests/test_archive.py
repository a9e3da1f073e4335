"""A workspace written out and read into another Safar: the same rows, under new numbers where numbers are given anew."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from safar.lib.faults import Refused
from safar.postgres import testing
from safar.postgres.connections import connect
from safar.workers.archive.reading import read_archive, read_manifest
from safar.workers.archive.tables import TABLES
from safar.workers.archive.writing import write_archive
from safar.workers.commands.moving import SETTINGS

JOURNEY = '{"journey": "welcome", "start": {"t": {"kind": "tag_added", "tag": "نو", "next": "b"}}, "points": {"b": {"kind": "delay", "for": "P1D"}}}'
SARA, ALI = (1 << 10) | 617, (2 << 10) | 210

ROWS = """
INSERT INTO contact (bucket, id, workspace_id, key, external_id, traits, created_at)
VALUES (617, {sara}, {w}, 'sara', 'sara', '{{"name": "سارا", "odd": "a\\\\b\\n\\u0001\\"", "n": 1e-7}}', '2026-01-01Z'),
       (210, {ali}, {w}, 'ali', 'ali', '{{}}', '2026-01-02Z');
INSERT INTO contact_facts (bucket, contact_id, orders, spent, last_order) VALUES (617, {sara}, 2, 480000.50, '2026-03-01T10:00:00.123456Z');
INSERT INTO identity VALUES ({w}, 1, 'sara', {sara}), ({w}, 1, 'ali', {ali});
INSERT INTO contact_tag VALUES (617, {sara}, 'vip', '2026-02-02Z');
INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, message_id, received_at)
VALUES (617, {sara}, {w}, 41, '2026-03-01Z', '2026-03-01Z', 'track', 'Order Completed', '{{"total": 12.30}}', 'm-1', now());
INSERT INTO inbox (lane, bucket, contact_id, workspace_id, timestamp, type, name, message_id)
VALUES ((SELECT lane FROM bucket_lane WHERE bucket = 210), 210, {ali}, {w}, now(), 'track', 'Visited', 'm-2');
INSERT INTO enrollment (bucket, contact_id, journey_id, id, workspace_id, version_id, entry_no, starting_point, state, place,
    entered_at, entry_seq, since, since_seq, wake_at, goal_until, trail)
VALUES (617, {sara}, {j}, 7, {w}, {v}, 1, 0, 0, 0, '2026-03-01Z', 41, '2026-03-01Z', 41, '2026-03-02Z', 'infinity', '{{1,2}}');
INSERT INTO enrollment_entry VALUES (617, 7, 1, '{{"tag": "نو"}}');
INSERT INTO contact_watch VALUES (617, {sara}, 1, {j} * 4 + 1, '2026-04-01Z', 'x'), (617, {sara}, 0, {s}, NULL, NULL);
INSERT INTO segment_member VALUES (617, {sara}, {s}, '2026-03-01Z');
INSERT INTO passage_count VALUES ((SELECT lane FROM bucket_lane WHERE bucket = 617), {v}, 0, 0, '2026-03-01Z', 1, NULL);
INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at)
VALUES (617, {w}, {sara}, {j}, 7, 1, 2, 0, 'message', '{{"channel": "email"}}', now(), now());
"""


def live_in(url: str, slug: str) -> int:
    """A workspace with two contacts, a journey and something in every important table; its id."""
    from safar.accounts.services import create_workspace
    from safar.journeys.models import Journey, Version
    from safar.segments.models import Segment

    workspace = create_workspace(slug=slug, name="فروشگاه", zone="Asia/Tehran", calendar="jalali", currency="IRR")
    segment = Segment.objects.create(workspace=workspace, key="big", condition='{"fact": "orders", "at_least": 2}')
    journey = Journey.objects.create(workspace=workspace, key="welcome", draft=JOURNEY, state="live")
    version = Version.objects.create(journey=journey, number=1, definition=JOURNEY)
    with connect(url, application_name="test") as conn:
        rows = ROWS.format(w=workspace.pk, j=journey.pk, v=version.pk, s=segment.pk, sara=SARA, ali=ALI)
        for statement in rows.split(";\n"):
            if statement.strip():
                conn.execute(statement.encode())
    return workspace.pk


def export(url: str, workspace: int, file: Path) -> dict[str, Any]:
    from safar.accounts.models import Workspace

    row = Workspace.objects.get(pk=workspace)
    settings = {name: getattr(row, name) for name in (*SETTINGS, "team_addresses")}
    with connect(url, application_name="test") as conn:
        return write_archive(conn, workspace, settings, file)


@pytest.fixture
def other(server_url: str, migrated_template: str) -> Iterator[str]:
    """Another, empty installation; Django uses it from now on."""
    with testing.fresh_database(server_url, migrated_template) as url, pytest.MonkeyPatch.context() as patch:
        connections.close_all()
        patch.setenv("SAFAR_DATABASE_URL", url)
        yield url
        connections.close_all()


@pytest.fixture
def archive(own_database_url: str, tmp_path: Path) -> Path:
    """The archive of a workspace that stands second in its Safar, so that its numbers are not 1."""
    from safar.accounts.services import create_workspace

    create_workspace(slug="first", name="First")
    export(own_database_url, live_in(own_database_url, "shop"), tmp_path / "shop.zip")
    return tmp_path / "shop.zip"


def content(file: Path) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(file) as packed:
        return {
            kept.table: [json.loads(line) for line in packed.read(f"data/{kept.table}.jsonl").splitlines()]
            for kept in TABLES
        }


def test_the_same_rows_under_new_numbers(archive: Path, other: str, tmp_path: Path) -> None:
    from safar.accounts.models import Workspace

    slug, rows = read_archive(archive, read_manifest(archive))
    assert slug == "shop"
    assert rows["contact"] == 2
    workspace = Workspace.objects.get(slug="shop")
    assert workspace.pk == 1  # it was 2
    export(other, workspace.pk, tmp_path / "again.zip")
    before, after = content(archive), content(tmp_path / "again.zip")
    new: dict[str, dict[int, int]] = {"workspace": {2: 1}}
    for kept in TABLES:
        if kept.owns:
            new[kept.owns] = {
                old["id"]: row["id"] for old, row in zip(before[kept.table], after[kept.table], strict=True)
            }
    journey = next(iter(new["journey"].items()))
    for kept in TABLES:
        for row in before[kept.table]:
            for column, space in kept.spaces.items():
                if column in row:
                    row[column] = new[space][row[column]]
            if kept.table == "contact_watch":
                row["watch_id"] = (
                    new["segment"][row["watch_id"]]
                    if row["kind"] == 0
                    else row["watch_id"] - 4 * (journey[0] - journey[1])
                )
            if kept.table == "inbox":
                row["id"] = after["inbox"][0]["id"]
        assert after[kept.table] == before[kept.table], kept.table


def test_what_was_not_kept_is_made_anew(archive: Path, other: str) -> None:
    read_archive(archive, read_manifest(archive))
    with connect(other, application_name="test") as conn:

        def one(query: str) -> Any:
            return conn.execute(query.encode()).fetchone()[0]

        assert one("SELECT slot FROM timer") == one("SELECT wake_at FROM enrollment")
        assert one("SELECT subjects FROM timer") == [SARA]
        assert one("SELECT count(*) FROM seen") == 2
        assert one("SELECT reason FROM outbox_hold") == "imported"
        assert one("SELECT nextval('contact_number')") > 2
        assert one("SELECT nextval('event_seq')") > 41
        assert one("SELECT nextval('enrollment_number')") > 7
        assert one("SELECT max(clock) FROM lane") == one("SELECT max(applied_at) FROM event")


def test_a_journey_keeps_its_order(archive: Path, other: str) -> None:
    from safar.journeys.models import Version

    read_archive(archive, read_manifest(archive))
    assert Version.objects.get().definition == JOURNEY
    with zipfile.ZipFile(archive) as packed:
        assert packed.read("journeys/welcome.yaml").decode().startswith("journey: welcome")


def test_twice_is_refused_whole(archive: Path, other: str) -> None:
    from safar.accounts.models import Workspace

    read_archive(archive, read_manifest(archive))
    with pytest.raises(Refused, match="there is a workspace"):
        read_archive(archive, read_manifest(archive))
    with pytest.raises(Refused, match="an empty Safar"):
        read_archive(archive, read_manifest(archive), slug="copy")
    assert Workspace.objects.count() == 1


def test_a_damaged_archive_changes_nothing(archive: Path, other: str, tmp_path: Path) -> None:
    from safar.accounts.models import Workspace

    cut = tmp_path / "cut.zip"
    with zipfile.ZipFile(archive) as packed, zipfile.ZipFile(cut, "w") as out:
        for name in packed.namelist():
            data = packed.read(name)
            out.writestr(name, b"\n".join(data.split(b"\n")[:1]) + b"\n" if name == "data/identity.jsonl" else data)
    with pytest.raises(Refused, match="holds 1 rows and should hold 2"):
        read_archive(cut, read_manifest(cut))
    (tmp_path / "none.zip").write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(Refused, match="no archive"):
        read_manifest(tmp_path / "none.zip")
    assert not Workspace.objects.exists()


def test_every_table_is_kept_or_left_for_a_reason(conn: psycopg.Connection[Any]) -> None:
    """A room that adds a table decides here whether it goes along."""
    left = {
        "accounts_workspace": "made by its service",
        "accounts_apikey": "keys are made anew",
        "accounts_auditentry": "of the installation",
        "accounts_member": "people belong to the installation",
        "accounts_membership": "members are invited anew",
        "accounts_invitation": "members are invited anew",
        "accounts_signinlink": "of the moment",
        "accounts_emailchange": "of the moment",
        "service": "accounts at services are given anew: their keys stay here",
        "shop": "connected anew: its secrets stay here",
        **dict.fromkeys(("shop_delivery", "shop_said", "shop_total", "shop_stock", "shop_fetch"), "of a connection"),
        "report_wait": "of the moment: services are asked for reports where the messages went out",
        "dkim_key": "made anew where it signs: its other half stays here",
        **dict.fromkeys(("bounce", "brake_check", "brake"), "of messages: what came back counts where they went out"),
        **{f"account_{name}": "of the members" for name in ("emailaddress", "emailconfirmation")},
        "mfa_authenticator": "of the members",
        **{f"auth_{name}": "not used: roles are ours" for name in ("group", "group_permissions", "permission")},
        "django_session": "of the moment",
        "seen": "made anew",
        "timer": "made anew",
        "contact_search": "made anew",
        "contact_columns": "of the members",
        "job": "of the moment",
        "job_file": "of the moment",
        "import_progress": "of the installation: a file is read again, and its messages are known by `seen`",
        "lane": "of the installation",
        "bucket_lane": "of the installation, compared",
        "engine_plan": "of the installation",
        **dict.fromkeys(("publishing", "publishing_lane"), "of the moment: soon everybody has been read for it"),
        "outbox_hold": "made anew: everything is held",
        "circuit": "of the moment",
        **dict.fromkeys(("best_hour", "workspace_hour", "send_turn"), "made anew"),
        **dict.fromkeys(("sms_spent", "person_file"), "of the moment"),
        "retention_run": "of the installation: what was taken away there",
        "hook": "made anew: its address and secret are of this installation",
        "webhook_failing": "of the moment",
        "webhook_secret": "made anew: its key stays here",
        "destination": "given anew: its secrets stay here",
        **dict.fromkeys(("notice", "telling", "digest"), "of the team that was told"),
        "short_link": "of the installation: codes are its own",
        "team_notice": "of the moment",
        "refusal": "of the moment",
        "worker_heartbeat": "of the installation",
        "installation": "of the installation",
        "django_migrations": "of the installation",
        "django_content_type": "of the installation",
    }
    tables = conn.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = current_schema()::regnamespace"
    ).fetchall()
    assert {name for (name,) in tables} - set(left) == {kept.table for kept in TABLES}
