"""Messages through `accept`: what lies in the inbox, seen, identity afterwards."""

from __future__ import annotations

from safar.events.accept import accept
from safar.events.tests.shop import message


def test_accepts(conn, shop):
    outcome = accept(conn, shop.id, [message(userId="sara", messageId="1"), message(userId="ali")], trusted=True)
    assert (outcome.accepted, outcome.repeated) == (2, 0)
    assert conn.execute("SELECT count(*), count(DISTINCT contact_id) FROM inbox").fetchone() == (2, 2)
    outcome = accept(conn, shop.id, [message(userId="sara", messageId="1"), message(userId="sara")], trusted=True)
    assert (outcome.accepted, outcome.repeated) == (1, 1)
    assert conn.execute("SELECT count(*), count(DISTINCT contact_id) FROM inbox").fetchone() == (3, 2)
    assert conn.execute("SELECT key, external_id FROM contact ORDER BY 1").fetchall() == [
        ("ali", "ali"),
        ("sara", "sara"),
    ]
