"""Messages through `accept`: what lies in the inbox, in seen, in identity afterwards."""

from __future__ import annotations

import multiprocessing
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import sql

from safar.events.accept import CHANNEL, Door, Outcome, Parcel, accept, accept_parcels
from safar.events.message import Accepted
from safar.events.names import EDIT
from safar.events.seen import message_hash
from safar.events.tests.shop import message
from safar.postgres.connections import connect


def inbox(conn: Any, columns: str) -> list[Any]:
    return conn.execute(f"SELECT {columns} FROM inbox ORDER BY id").fetchall()


def test_what_a_row_holds(conn, shop):
    tricky = {"text": 'tab\t line\n back\\slash "quote" \\N', "فارسی": "می‌خواهم", "n": 10**20, "deep": {"a": [1, None]}}
    said = message(
        type="track",
        event="Mug\tSeen\\N\n",
        userId="sara",
        messageId="m\\1",
        timestamp="2026-03-20T08:00:00Z",
        properties=tricky,
        context={"ip": "1.2.3.4", "consent": {"email": "given"}},
    )
    assert accept(conn, shop.id, [said], trusted=True) == Outcome(1, 0)
    (row,) = inbox(
        conn,
        "bucket = contact_id & 1023, type, name, properties, traits, consent, tags, context, message_id, timestamp",
    )
    assert row == (
        True,
        "track",
        "Mug\tSeen\\N\n",
        tricky,
        None,
        {"email": "given"},
        None,
        {"ip": "1.2.3.4", "consent": {"email": "given"}},
        "m\\1",
        datetime(2026, 3, 20, 8, tzinfo=UTC),
    )
    assert conn.execute(
        "SELECT i.lane = b.lane, i.workspace_id, i.hops, i.received_at - now() < '1 minute' FROM inbox i"
        " JOIN bucket_lane b USING (bucket)"
    ).fetchone() == (True, shop.id, 0, True)


def test_a_repeated_message_changes_nothing(conn, shop):
    first = message(userId="sara", messageId="1")
    assert accept(conn, shop.id, [first, first, message(userId="sara")], trusted=True) == Outcome(2, 1)
    again = message(userId="somebody else", messageId="1", event="Other")
    assert accept(conn, shop.id, [again, message(userId="sara")], trusted=True) == Outcome(1, 1)
    assert [row[0] for row in inbox(conn, "name")] == ["Mug Seen"] * 3
    assert conn.execute("SELECT key FROM contact").fetchall() == [("sara",)]


def test_the_same_id_in_another_workspace_is_another_message(conn, shop):
    assert accept(conn, shop.id, [message(userId="sara", messageId="1")], trusted=True).accepted == 1
    assert accept(conn, shop.id + 1, [message(userId="sara", messageId="1")], trusted=True).accepted == 1


@pytest.mark.parametrize(("days", "repeated"), [(0, 1), (1, 1), (34, 1), (70, 0)])
def test_a_message_is_remembered_for_35_days(conn, shop, days, repeated):
    conn.execute(
        "INSERT INTO seen VALUES (date_trunc('month', now() - %s * interval '1 day'), %s)",
        (days, message_hash(shop.id, "1")),
    )
    assert accept(conn, shop.id, [message(userId="sara", messageId="1")], trusted=True).repeated == repeated


def test_nothing_happens_later_than_it_is_received(conn, shop):
    future = message(userId="sara", received=datetime.now(UTC) + timedelta(days=1))
    accept(conn, shop.id, [future], trusted=True)
    assert inbox(conn, "timestamp = received_at") == [(True,)]


def test_merge_and_absorb_stand_before_their_cause(conn, shop):
    accept(conn, shop.id, [message(userId="sara"), message(anonymousId="a-1")], trusted=True)
    accept(conn, shop.id, [message(anonymousId="a-1"), message(userId="sara", anonymousId="a-1")], trusted=True)
    (sara, *_), (visitor, *_) = inbox(conn, "contact_id")[:2]
    assert inbox(conn, "contact_id, type, name, properties")[2:] == [
        (visitor, "track", "Mug Seen", {}),
        (visitor, "merge", "merge", {"into": sara}),
        (sara, "absorb", "absorb", {"from": visitor}),
        (sara, "track", "Mug Seen", {}),
    ]


def test_untrusted_messages_lose_what_they_may_not_say(conn, shop):
    accept(conn, shop.id, [message(userId="sara"), message(userId="ali")], trusted=True)
    alias = message(type="alias", userId="sara", previousId="ali", context={"consent": {"email": "given"}})
    accept(conn, shop.id, [alias], trusted=False)
    assert inbox(conn, "type, consent")[2:] == [("alias", None)]


def test_an_edit(conn, shop):
    sara = message(userId="sara")
    edit = Accepted(
        EDIT, "edit", sara.names, sara.timestamp, {}, {"city": "Tehran", "old": None}, None, {"add": ["vip"]}
    )
    accept(conn, shop.id, [edit], trusted=True)
    assert inbox(conn, "type, name, traits, tags") == [
        ("edit", "edit", {"city": "Tehran", "old": None}, {"add": ["vip"]})
    ]


def test_inside_the_callers_transaction(conn, shop):
    with conn.transaction(force_rollback=True):
        assert accept(conn, shop.id, [message(userId="sara", messageId="1")], trusted=True).accepted == 1
    assert accept(conn, shop.id, [message(userId="sara", messageId="1")], trusted=True).accepted == 1
    assert len(inbox(conn, "id")) == 1


def test_one_notification_a_transaction(conn, shop):
    with connect(shop.url, application_name="safar tests") as listening:
        listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        parcels = [Parcel(shop.id, [message(userId=f"u{n}")]) for n in range(5)]
        assert accept_parcels(conn, parcels, Door()) == [Outcome(1, 0)] * 5
        assert len(list(listening.notifies(timeout=0.2))) == 1


def _send(url: str, workspace: int, rounds: int, start: int) -> None:
    door = Door()
    with connect(url, application_name="safar tests") as conn:
        for number in range(rounds):
            messages = [message(userId=f"u{number}", messageId=f"{n}") for n in range(number, number + 10)]
            accept_parcels(conn, [Parcel(workspace, messages[:: 1 if start else -1])], door)


def test_two_processes_send_the_same_messages(conn, shop):
    """Each messageId is in the inbox once, each userId is one contact, whoever was first."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_send, args=(shop.url, shop.id, 200, start)) for start in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert conn.execute("SELECT count(*), count(DISTINCT message_id) FROM inbox").fetchone() == (209, 209)
    counts = conn.execute("SELECT count(*), count(DISTINCT key) FROM contact").fetchone()
    assert counts[0] == counts[1]


def test_a_slow_first_one_is_waited_for(conn, shop):
    """A repetition that comes while the first is not committed yet waits, and goes in if the first does not."""
    same = message(userId="sara", messageId="1")
    outcomes: list[Outcome] = []

    def repeat() -> None:
        with connect(shop.url, application_name="safar tests") as other:
            outcomes.append(accept(other, shop.id, [same], trusted=True))

    for kept in (False, True):
        thread = threading.Thread(target=repeat)
        with conn.transaction(force_rollback=not kept):
            accept(conn, shop.id, [same if not kept else message(userId="sara", messageId="2")], trusted=True)
            thread.start()
            if not kept:
                _wait_for_a_lock(shop.url)
        thread.join()
    assert outcomes == [Outcome(1, 0), Outcome(0, 1)]


def _wait_for_a_lock(url: str) -> None:
    with connect(url, application_name="safar tests") as watching:
        while True:
            row = watching.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
            if row and row[0]:
                return
