"""What Mina's shop keeps no longer goes, what facts are made of stays, and whoever is killed leaves the rest to the next."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from safar.channels.notices.gathering import Noted, gather
from safar.contacts import apply
from safar.contacts.privacy import Privacy, set_privacy
from safar.journeys.retention.kinds import NEVER
from safar.journeys.retention.sweep import count_old, read_runs, sweep
from safar.outbox.books import read_books
from safar.outbox.tests.house import NOON, Person, Shop

APPLIED = Path(apply.__file__).parent
OLD, NEW = NOON - timedelta(days=800), NOON - timedelta(days=3)


@pytest.fixture
def shop(conn: psycopg.Connection[Any]) -> Shop:
    return Shop(conn)


def happened(conn: psycopg.Connection[Any], shop: Shop, who: Person, name: str, at: Any) -> None:
    conn.execute(
        "INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties) VALUES (%s, %s, %s, 1, %s, %s, 'track', %s, '{}')",
        (who.bucket, who.id, shop.id, at, at, name),
    )


def sent(conn: psycopg.Connection[Any], shop: Shop, who: Person, point: int, at: Any) -> None:
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class, state,"
        " decided_at, settled_at, subject, body_text, address) VALUES (%s, %s, %s, %s, %s, %s, 1, 1, %s, 'message', 'email', 'marketing', 'accepted',"
        " %s, %s, 'Hello', 'text', 'a@b.ir')",
        (who.bucket, who.id + point, shop.id, who.id, shop.journey_id, who.enrollment_id, point, at, at),
    )
    conn.execute(
        "INSERT INTO mailbox (bucket, message_id, workspace_id, channel, reason, source, at) VALUES (%s, %s, %s, 'email', '', 'x', now())",
        (who.bucket, who.id + point, shop.id),
    )


def names(conn: psycopg.Connection[Any], who: Person) -> list[tuple[str, bool]]:
    rows = conn.execute(
        "SELECT name, timestamp < %s FROM event WHERE contact_id = %s ORDER BY 1, 2",
        (NOON - timedelta(days=100), who.id),
    )
    return rows.fetchall()


def test_events_go_and_what_facts_are_made_of_stays(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina, ali = shop.person("Mina"), Shop(conn).person("Ali")
    for name in ("Visited", "Order Completed", "note_added", "Product Added"):
        for at in (OLD, NEW):
            happened(conn, shop, mina, name, at)
    happened(conn, shop, ali, "Visited", OLD)
    conn.execute("UPDATE event SET workspace_id = %s WHERE contact_id = %s", (shop.id + 1000, ali.id))
    assert [one.kind for one in count_old(conn, shop.id, NOON)] == [
        "calls",
        "contents",
        "notices",
        "exports",
    ]  # by default events are kept for good
    assert sweep(conn, shop.id, NOON) == {}
    set_privacy(conn, shop.id, Privacy(events_months=12))
    assert {one.kind: one.count for one in count_old(conn, shop.id, NOON)}["events"] == 1
    assert sweep(conn, shop.id, NOON) == {"events": 1}
    assert ("Visited", True) not in names(conn, mina)
    assert len(names(conn, mina)) == 7
    assert len(names(conn, ali)) == 1
    assert sweep(conn, shop.id, NOON) == {}


def test_whatever_facts_are_folded_from_is_never_taken() -> None:
    folded = "".join(path.read_text("utf-8") for path in APPLIED.glob("*.sql"))
    named = set(re.findall(r"'((?:Order|Cart|Product) [A-Z]\w+)'", folded))
    assert {"Order Completed", "Order Refunded", "Cart Updated"} <= named
    assert named <= set(NEVER)


def test_texts_of_messages_go_and_the_books_still_close(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina = shop.person("Mina")
    sent(conn, shop, mina, 0, OLD)
    sent(conn, shop, mina, 1, NEW)
    before = read_books(conn, shop.id)
    assert sweep(conn, shop.id, NOON)["contents"] == 1
    assert (shop.message(mina, 0)["body_text"], shop.message(mina, 0)["address"], shop.message(mina, 0)["state"]) == (
        None,
        None,
        "accepted",
    )
    assert shop.message(mina, 1)["body_text"] == "text"
    assert conn.execute("SELECT count(*) FROM mailbox WHERE workspace_id = %s", (shop.id,)).fetchone() == (1,)
    assert read_books(conn, shop.id) == before


def test_calls_of_events_go_and_those_of_journeys_stay(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina = shop.person("Mina")
    for point, at in enumerate((OLD, NEW, OLD)):
        sent(conn, shop, mina, point, at)
    conn.execute("UPDATE message SET kind = 'webhook', channel = 'webhook' WHERE workspace_id = %s", (shop.id,))
    conn.execute("UPDATE message SET journey_id = 0 WHERE workspace_id = %s AND point < 2", (shop.id,))
    assert sweep(conn, shop.id, NOON)["calls"] == 1
    left = conn.execute("SELECT point FROM message WHERE workspace_id = %s ORDER BY 1", (shop.id,)).fetchall()
    assert left == [(1,), (2,)]


def test_notices_go_with_what_became_of_them(conn: psycopg.Connection[Any], shop: Shop) -> None:
    for number, at in ((1, OLD), (2, NEW)):
        gather(conn, [Noted(5, shop.id * 10 + number, shop.id, {"en": "call Mina"}, contact_id=5)], now=at)
    assert sweep(conn, shop.id, NOON)["notices"] == 1
    for table, column in (("notice", "id"), ("telling", "notice_id")):
        left = conn.execute(f"SELECT {column} FROM {table} WHERE workspace_id = %s".encode(), (shop.id,)).fetchall()
        assert left == [(shop.id * 10 + 2,)]


def test_visitors_whom_nobody_has_seen_go_and_known_people_stay(conn: psycopg.Connection[Any], shop: Shop) -> None:
    people = [shop.person(name, email="" if name != "Sara" else None) for name in ("Mina", "Ali", "Sara", "Nobody")]
    mina, ali, sara, buyer = people
    conn.execute("DELETE FROM enrollment WHERE workspace_id = %s", (shop.id,))
    conn.execute("UPDATE contact SET created_at = %s, traits = '{}' WHERE workspace_id = %s", (OLD, shop.id))
    for who, seen, orders in ((mina, OLD, 0), (ali, NEW, 0), (sara, OLD, 0), (buyer, OLD, 1)):
        conn.execute(
            "INSERT INTO contact_facts (bucket, contact_id, last_seen, orders) VALUES (%s, %s, %s, %s)",
            (who.bucket, who.id, seen, orders),
        )
        conn.execute("INSERT INTO identity VALUES (%s, 2, %s, %s)", (shop.id, f"visitor-{who.id}", who.id))
    set_privacy(conn, shop.id, Privacy(unseen_months=12))
    assert sweep(conn, shop.id, NOON) == {"visitors": 1}
    rows = conn.execute(
        "SELECT id FROM contact WHERE workspace_id = %s AND erased_at IS NOT NULL", (shop.id,)
    ).fetchall()
    assert rows == [(mina.id,)]
    assert conn.execute("SELECT count(*) FROM identity WHERE contact_id = %s", (mina.id,)).fetchone() == (0,)


def test_refusals_and_files_of_one_person_go(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina = shop.person("Mina")
    for at in (OLD, NEW):
        conn.execute(
            "INSERT INTO refusal (workspace_id, at, key, path, status, said, faults) VALUES (%s, %s, 'sk_', '/', 400, '', '[]')",
            (shop.id, at),
        )
        conn.execute(
            "INSERT INTO job (workspace_id, kind, state, by, told, finished_at) VALUES (%s, 'import_contacts', 'finished', 'ali', %s, %s)",
            (shop.id, Jsonb({"accepted": 3, "refusals": [{"line": 2}]}), at),
        )
    for job, at in ((1, OLD), (2, NEW)):
        conn.execute(
            "INSERT INTO person_file VALUES (%s, %s, %s, %s, 0, 'x', %s)", (shop.id, mina.bucket, mina.id, job, at)
        )
    set_privacy(conn, shop.id, Privacy(refusals_days=30, contents_days=None))
    assert sweep(conn, shop.id, NOON) == {"refusals": 1, "refused_rows": 1, "exports": 1}
    rows = conn.execute("SELECT told FROM job WHERE workspace_id = %s ORDER BY finished_at", (shop.id,)).fetchall()
    assert [(row[0]["accepted"], len(row[0]["refusals"])) for row in rows] == [(3, 0), (3, 1)]


def test_whoever_is_stopped_leaves_the_rest_to_the_next(conn: psycopg.Connection[Any], shop: Shop) -> None:
    for n in range(40):
        happened(conn, shop, Person(n * 1024 + n * 25, n * 25, "", 1), "Visited", OLD)
    set_privacy(conn, shop.id, Privacy(events_months=6, contents_days=None, exports_days=None))
    slices = iter(range(3))
    first = sweep(conn, shop.id, NOON, go_on=lambda: next(slices, None) is not None).get("events", 0)
    assert first < 40
    rest = sweep(conn, shop.id, NOON).get("events", 0)
    assert first + rest == 40
    assert [(kind, taken) for _, kind, _, taken in read_runs(conn, shop.id)] == [("events", 40)]


def visitors(conn: psycopg.Connection[Any], shop: Shop, n: int) -> list[Person]:
    """Nobody known, not seen for years, all in one slice of buckets."""
    found = [Person((shop.id * 100 + number) << 10 | 7, 7, "", 1) for number in range(n)]
    for who in found:
        conn.execute(
            "INSERT INTO contact (bucket, id, workspace_id, key, traits, created_at) VALUES (%s, %s, %s, %s, '{}', %s)",
            (who.bucket, who.id, shop.id, f"visitor-{who.id}", OLD),
        )
    set_privacy(conn, shop.id, Privacy(unseen_months=12, contents_days=None, exports_days=None))
    return found


def erased(conn: psycopg.Connection[Any], shop: Shop) -> int:
    row = conn.execute(
        "SELECT count(*) FROM contact WHERE workspace_id = %s AND erased_at IS NOT NULL", (shop.id,)
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_stop_is_heard_between_two_visitors_and_who_went_is_written_down(
    conn: psycopg.Connection[Any], shop: Shop
) -> None:
    visitors(conn, shop, 5)
    turns = iter(range(4))  # one slice, three visitors, and no more
    assert sweep(conn, shop.id, NOON, go_on=lambda: next(turns, None) is not None) == {"visitors": 3}
    assert erased(conn, shop) == 3
    assert [(kind, taken) for _, kind, _, taken in read_runs(conn, shop.id)] == [("visitors", 3)]
    assert sweep(conn, shop.id, NOON) == {"visitors": 2}
    assert [(kind, taken) for _, kind, _, taken in read_runs(conn, shop.id)] == [("visitors", 5)]


def test_a_visitor_who_comes_back_meanwhile_stays(conn: psycopg.Connection[Any], shop: Shop) -> None:
    first, joins, comes = visitors(conn, shop, 3)

    def meanwhile(kind: str, taken: int) -> None:
        """The first one is gone: one of the others leaves an address, and what the last one does waits to be applied."""
        conn.execute("UPDATE contact SET email = 'mina@home.ir' WHERE id = %s", (joins.id,))
        conn.execute(
            "INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties)"
            " SELECT lane, bucket, %s, %s, %s, %s, 'track', 'form_submitted', '{}' FROM bucket_lane WHERE bucket = %s",
            (comes.id, shop.id, NOON, NOON, comes.bucket),
        )

    assert sweep(conn, shop.id, NOON, progress=meanwhile) == {"visitors": 1}
    gone = conn.execute("SELECT id FROM contact WHERE workspace_id = %s AND erased_at IS NOT NULL", (shop.id,))
    assert gone.fetchall() == [(first.id,)]
    assert conn.execute("SELECT count(*) FROM inbox WHERE contact_id = %s", (comes.id,)).fetchone() == (1,)
