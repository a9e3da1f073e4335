"""The demo, loaded small: a quarter of a year of two hundred people, by the way of every event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from safar.accounts.models import Workspace
from safar.demo import past
from safar.demo.load import DemoReport, load_demo
from safar.demo.setting_up import JOURNEYS, journey_file, segments_file
from safar.demo.shop import build_towns
from safar.demo.shops import SHARES
from safar.journeys import services
from safar.journeys.backtest.run import Setting, backtest, read_yaml_files
from safar.journeys.check import check_books
from safar.journeys.engine.loop import Engine
from safar.postgres.connections import connect

CONTACTS, DAYS = 200, 90
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(database_url: str) -> tuple[DemoReport, str]:
    told: list[tuple[int, int]] = []
    report = load_demo(
        database_url, contacts=CONTACTS, now=NOW, days=DAYS, progress=lambda done, total: told.append((done, total))
    )
    assert told == sorted(told)
    assert told[-1] == (CONTACTS, CONTACTS)
    return report, database_url


def one(conn: Any, statement: str, *values: Any) -> Any:
    return conn.execute(statement, values).fetchone()


def test_it_says_what_it_did(loaded: Any, conn: Any) -> None:
    report, _ = loaded
    assert not report.already
    assert report.workspaces == tuple(SHARES)
    assert (report.contacts, report.now) == (CONTACTS, NOW)
    assert one(conn, "SELECT count(*) FROM contact WHERE created_at IS NOT NULL")[0] == CONTACTS
    assert one(conn, "SELECT count(*) FROM event WHERE type NOT IN ('internal', 'feedback')")[0] == report.events
    assert one(conn, "SELECT count(*) FROM message")[0] == report.messages
    assert one(conn, "SELECT count(*) FROM set_aside")[0] == 0


def test_both_workspaces_are_demos_and_as_old_as_their_past(loaded: Any) -> None:
    assert list(Workspace.objects.order_by("id").values_list("slug", "demo", "currency", "calendar")) == [
        ("fenjan", True, "IRT", "jalali"),
        ("kiln-and-bean", True, "EUR", "gregorian"),
    ]
    assert {w.created_at for w in Workspace.objects.all()} == {NOW - timedelta(days=DAYS)}


def test_the_books_close(loaded: Any, conn: Any) -> None:
    report = check_books(conn)
    assert report.differences == []
    assert report.journeys == 10


def test_nobody_walks_in_another_shop(loaded: Any, conn: Any) -> None:
    strangers = """SELECT count(*) FROM enrollment e JOIN journeys_journey j ON j.id = e.journey_id WHERE e.workspace_id <> j.workspace_id"""
    assert one(conn, strangers)[0] == 0


def test_it_has_walked_as_the_back_test_says(loaded: Any, conn: Any) -> None:
    for town in build_towns(CONTACTS, NOW, days=DAYS):
        shop = town.shop
        workspace = Workspace.objects.get(slug=shop.slug)
        drafts, conditions = read_yaml_files(
            [journey_file(shop.slug, key) for key in JOURNEYS], segments_file(shop.slug)
        )
        lines = (msgspec.json.encode(message) for message in town.messages())
        setting = Setting(shop.zone, shop.calendar, shop.currency)
        with backtest(loaded[1], drafts, conditions, lines, setting, NOW) as told:
            for key in JOURNEYS:
                walked = services.figures(conn, workspace, key).as_json()
                assert walked == told.figures[key].as_json(), key
                assert walked["entered"] > 0


def test_nothing_of_the_past_is_left_to_send(loaded: Any, conn: Any) -> None:
    day = NOW - timedelta(days=1)
    assert one(conn, "SELECT count(*) FROM outbox WHERE decided_at < %s", day)[0] == 0
    states = dict(conn.execute("SELECT state, count(*) FROM message GROUP BY 1").fetchall())
    assert set(states) <= {"accepted", "skipped"}
    assert states["accepted"] > 100
    astray = """SELECT count(*) FROM message WHERE state = 'accepted'
        AND (accepted_at - decided_at NOT BETWEEN interval '0' AND interval '10 seconds' OR provider <> 'mailbox' OR accepted_at > %s)"""
    assert one(conn, astray, NOW)[0] == 0


def test_the_mailbox_shows_the_last_month_whole(loaded: Any, conn: Any) -> None:
    whole, young = one(conn, "SELECT count(*), count(*) FILTER (WHERE at > %s) FROM mailbox", NOW - timedelta(days=30))
    assert whole == young > 20
    sources = [bytes(row[0]) for row in conn.execute("SELECT source FROM mailbox WHERE channel = 'email'")]
    assert all(b"List-Unsubscribe: <" in source for source in sources)
    assert one(conn, "SELECT count(*) FROM message WHERE channel = 'email' AND coalesce(subject, '') = ''")[0] == 0


def test_letters_are_of_the_shop_and_to_its_people(loaded: Any, conn: Any) -> None:
    rows = conn.execute(
        "SELECT w.slug, m.sender, m.address = CASE m.channel WHEN 'email' THEN c.email ELSE c.phone END, m.language"
        " FROM message m JOIN accounts_workspace w ON w.id = m.workspace_id"
        " JOIN contact c ON c.bucket = m.bucket AND c.id = m.contact_id WHERE m.kind = 'message' AND m.channel = 'email'"
    ).fetchall()
    assert {row[:1] + row[2:] for row in rows} == {("fenjan", True, "fa"), ("kiln-and-bean", True, "en")}
    assert all(slug in sender for slug, sender, *_ in rows)


def test_some_opened_and_some_of_these_clicked(loaded: Any, conn: Any) -> None:
    told = dict(conn.execute("SELECT name, count(*) FROM event WHERE type = 'feedback' GROUP BY 1").fetchall())
    sent = one(conn, "SELECT count(*) FROM message WHERE kind = 'message' AND state = 'accepted'")[0]
    assert told["message_sent"] == sent
    assert 0.1 < told["email_opened"] / sent < 0.6
    assert told["email_clicked"] < told["email_opened"]


def test_nothing_is_left_aside_and_lanes_are_in_the_present(loaded: Any, conn: Any) -> None:
    assert one(conn, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'scratch%%'")[0] == 0
    assert one(conn, "SELECT count(*) FROM inbox")[0] == 0
    for table in ("timer", "passage_count"):
        assert conn.execute(f"SELECT DISTINCT lane FROM {table} ORDER BY 1").fetchall() == [(0,), (1,)]
    assert one(conn, "SELECT min(clock), max(clock) FROM lane WHERE id < 2") == (NOW, NOW)


def test_a_second_load_changes_nothing_and_says_so(loaded: Any, conn: Any) -> None:
    def everything() -> Any:
        tables = ["contact", "event", "enrollment", "message", "outbox", "passage_count"]
        tables += ["journeys_version", "accounts_auditentry"]
        return [
            one(conn, f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t")
            for table in tables
        ]

    before = everything()
    again = load_demo(loaded[1], contacts=7, now=NOW + timedelta(days=3), seed=5)
    assert again.already
    assert (again.workspaces, again.contacts, again.now) == (tuple(SHARES), 0, NOW)
    assert everything() == before


def test_who_deletes_a_demo_is_rid_of_it(own_database_url: str) -> None:
    load_demo(own_database_url, contacts=2, now=NOW, days=15)
    Workspace.objects.filter(slug="fenjan").update(slug="gone", demo=False)
    assert load_demo(own_database_url, contacts=2, now=NOW, days=15).already
    assert not Workspace.objects.filter(slug="fenjan").exists()


def test_what_was_cut_off_goes_on(own_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, calls = past.settle_past, 0

    def dies(*arguments: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:  # the second of two lanes
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(past, "settle_past", dies)
    with pytest.raises(KeyboardInterrupt):
        load_demo(own_database_url, contacts=60, now=NOW, days=45)
    monkeypatch.undo()
    with connect(own_database_url, application_name="safar tests") as conn:
        assert check_books(conn).closed
        report = load_demo(own_database_url, contacts=500, now=NOW + timedelta(days=1), seed=2, days=30)
        assert not report.already
        assert (report.contacts, report.now) == (60, NOW)  # with what it was begun, it goes on
        assert check_books(conn).differences == []
        expected = sum(len(town.diary(n)[1]) for town in build_towns(60, NOW, days=45) for n in range(town.contacts))
        assert one(conn, "SELECT count(*) FROM event WHERE type NOT IN ('internal', 'feedback')")[0] == expected


def test_an_engine_goes_on_from_there(loaded: Any, conn: Any) -> None:
    """Last: it moves people on."""
    standing = "SELECT count(*) FROM enrollment WHERE state = 0 AND wake_at < %s"
    later = NOW + timedelta(days=2)
    assert one(conn, standing, later)[0] > 0
    engine = Engine(loaded[1], now=lambda: later)
    while engine.run_once():
        pass
    engine.close()
    assert one(conn, standing, later)[0] == 0
    assert check_books(conn).differences == []
