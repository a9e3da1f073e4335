"""A contact is erased; the links in the mails that they still have lead on, and tell nothing of them."""

from __future__ import annotations

import pytest

from safar.channels.tracking.links import KnownLinks, Link, keep_links, read_target
from safar.channels.tracking.machines import Hit
from safar.channels.tracking.reactions import note_hits
from safar.channels.tracking.tokens import Tracked
from safar.journeys.erasing import erase_contact
from safar.outbox.tests.house import NOON, Shop


@pytest.fixture
def shop(conn):
    return Shop(conn)


def test_links_of_an_erased_contact(shop, conn):
    sara = shop.person("Sara")
    everybodys = Link(shop.id, "https://shop.example/sale?a=1")
    hers = Link(shop.id, "https://shop.example/cart/sara?name=Sara", sara.id)
    keep_links(conn, [everybodys, hers], KnownLinks())
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
        " state, decided_at) VALUES (%s, 900, %s, %s, 1, 1, 1, 1, 0, 'message', 'email', 'marketing', 'accepted', %s)",
        (sara.bucket, shop.id, sara.id, NOON),
    )
    erase_contact(conn, workspace_id=shop.id, contact=sara.id, key="a key")
    assert read_target(conn, shop.id, everybodys.id) == ("https://shop.example/sale?a=1", False)
    assert read_target(conn, shop.id, hers.id) == ("https://shop.example/", False)
    assert note_hits(conn, [Hit(Tracked(shop.id, sara.bucket, 900, hers.id), NOON, agent="Mozilla/5.0 (iPhone)")]) == 0
