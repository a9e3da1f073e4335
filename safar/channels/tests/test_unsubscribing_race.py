"""People unsubscribe while a sending goes on: whatever was not called `sending` before their commit never is.

The dispatcher goes through the crowd from one end, people leave from the other: they meet somewhere in between.
"""

from __future__ import annotations

import threading

import pytest

from safar.channels.consent.preferring import prefer
from safar.channels.consent.unsubscribing import unsubscribe
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tokens import Unsubscribe
from safar.outbox.tests.house import NOON, Shop
from safar.postgres.connections import connect

PROOF = {"method": "one_click"}
LEAVERS = 2
_CROWD = (
    "INSERT INTO contact (bucket, id, workspace_id, key, email, traits, language, created_at)"
    " SELECT n % 1024, n::bigint * 1024 + n % 1024, %(shop)s, 'race-' || n, 'race-' || n || '-' || %(shop)s || '@people.example', '{}', 'en', %(at)s FROM generate_series(%(first)s, %(last)s) n",
    "INSERT INTO consent SELECT n % 1024, n::bigint * 1024 + n % 1024, 'email', 'given', %(at)s, '' FROM generate_series(%(first)s, %(last)s) n",
    "INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at)"
    " SELECT n % 1024, %(shop)s, n::bigint * 1024 + n % 1024, 1, n, 1, 1, 0, 'message',"
    ' \'{"journey": "welcome", "point": "hello", "channel": "email", "template": "welcome", "class": "marketing"}\','
    " %(at)s, %(at)s::timestamptz + n * interval '1 millisecond' FROM generate_series(%(first)s, %(last)s) n",
)


_ACCEPTED = "SELECT FROM message WHERE workspace_id = %s AND state = 'accepted' LIMIT 1"


@pytest.mark.parametrize("crowd", [1_000, pytest.param(10_000, marks=pytest.mark.deep)])
def test_nobody_gets_a_message_that_was_begun_after_they_left(conn, database_url, crowd):
    shop = Shop(conn)
    first = 500_000_000 + shop.id * 100_000
    asked = {"shop": shop.id, "first": first, "last": first + crowd - 1, "at": NOON}
    for step in _CROWD:
        conn.execute(step.replace("n % 1024", "n %% 1024"), asked)
    left: dict[int, object] = {}
    begun, met = threading.Event(), threading.Event()

    def leave(mine: range) -> None:
        with connect(database_url, application_name="leaver") as own:
            for number, n in enumerate(mine):
                if number == len(mine) // 2:
                    met.wait(
                        60
                    )  # half of them stay until somebody has got a message: else one side may be over before the other begins
                contact = n * 1024 + n % 1024
                who = Unsubscribe(shop.id, contact, n % 1024, 0)
                with own.transaction(), own.cursor() as cursor:
                    if n % 2:
                        unsubscribe(cursor, who, proof=PROOF)
                    else:
                        prefer(cursor, who, {"email": "withdrawn"}, proof=PROOF)
                left[contact] = own.execute("SELECT clock_timestamp()").fetchone()[0]
                begun.set()

    backwards = range(first + crowd - 1, first - 1, -1)
    leavers = [threading.Thread(target=leave, args=(backwards[n::LEAVERS],)) for n in range(LEAVERS)]
    dispatcher = Dispatcher(database_url, "race", sending=sending())
    try:
        for thread in leavers:
            thread.start()
        assert begun.wait(60)
        while conn.execute("SELECT FROM outbox WHERE workspace_id = %s LIMIT 1", (shop.id,)).fetchone() is not None:
            dispatcher.run_once()
            if conn.execute(_ACCEPTED, (shop.id,)).fetchone() is not None:
                met.set()
    finally:
        met.set()
        for thread in leavers:
            thread.join(300)
        dispatcher.close()
    assert len(left) == crowd
    rows = conn.execute(
        "SELECT contact_id, state, reason, sending_at FROM message WHERE workspace_id = %s", (shop.id,)
    ).fetchall()
    assert len(rows) == crowd
    late = [contact for contact, _, _, at in rows if at is not None and at > left[contact]]
    assert late == []
    states = {(state, reason) for _, state, reason, _ in rows}
    assert states == {("accepted", None), ("skipped", "suppressed")}  # both happened: they did meet
