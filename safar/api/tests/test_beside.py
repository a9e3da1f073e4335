"""What a request leaves beside the way in: its names, or what was wrong with it."""

from __future__ import annotations

from typing import Any

import psycopg

from safar.api.tests.conftest import Client
from safar.events.catalogue import read_catalogue
from safar.events.refusals import read_refusals
from safar.events.tests.shop import Shop


def test_names_are_learnt_and_refusals_kept(client: Client, shop: Shop, conn: psycopg.Connection[Any]) -> None:
    order = {"userId": "sara", "event": "Order Completed", "properties": {"total": 480000}}
    assert client.post("/v1/track", order)[0] == 200
    assert client.post("/v1/track", {"userId": "sara"})[0] == 400
    assert client.post("/v1/batch", b"{", headers={"user-agent": "shop/1"})[0] == 400
    assert client.post("/v1/track", {"userId": "sara", "writeKey": shop.write_key}, key=None)[0] == 400
    assert client.post("/v1/track", order, key="pk_" + "x" * 32)[0] == 401
    client.stop()
    assert [(each.name, each.count) for each in read_catalogue(conn, shop.id)] == [("Order Completed", 1)]
    kept = read_refusals(conn, shop.id)
    assert [each.path for each in kept] == ["/v1/track", "/v1/batch", "/v1/track"]
    assert kept[1].agent == "shop/1"
    assert kept[2].faults == [{"place": "event", "message": "has to be a text of 1 to 255 characters"}]
    assert kept[2].body == '{"userId": "sara"}'
    assert kept[0].key == shop.write_key[:9]
