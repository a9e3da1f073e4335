"""The way in over HTTP: what is accepted, and how everything else is refused."""

from __future__ import annotations

import gzip
import json

import pytest

from safar.accounts.keys import key_hash


def rows(conn, columns: str = "type, name, properties"):
    return conn.execute(f"SELECT {columns} FROM inbox ORDER BY id").fetchall()


def test_each_call_is_accepted(client, conn):
    sara = {"userId": "sara"}
    assert client.post("/v1/identify", {**sara, "traits": {"email": "sara@example.com"}}) == (200, {"success": True})
    assert client.post("/v1/track", {**sara, "event": "Mug Seen", "properties": {"mug": "blue"}})[0] == 200
    assert client.post("/v1/page", {**sara, "name": "Mugs", "properties": {"url": "shop.example/mugs"}})[0] == 200
    assert client.post("/v1/screen", {**sara, "name": "Mugs"})[0] == 200
    assert client.post("/v1/group", {**sara, "groupId": "tea-club", "traits": {"name": "Tea club"}})[0] == 200
    assert client.post("/v1/alias", {**sara, "previousId": "a-1"})[0] == 200
    assert rows(conn) == [
        ("identify", "identify", {}),
        ("track", "Mug Seen", {"mug": "blue"}),
        ("page", "page_viewed", {"url": "shop.example/mugs", "name": "Mugs"}),
        ("screen", "screen_viewed", {"name": "Mugs"}),
        ("group", "group", {"groupId": "tea-club", "name": "Tea club"}),
        ("alias", "alias", {"previousId": "a-1"}),
    ]
    assert conn.execute("SELECT count(DISTINCT contact_id) FROM inbox").fetchone() == (1,)
    assert rows(conn, "traits")[0] == ({"email": "sara@example.com"},)


def test_one_bad_message_refuses_the_batch_with_its_place(client, conn):
    good = {"type": "track", "event": "Mug Seen", "userId": "sara"}
    bad = b'{"type": "track", "event": "Mug Seen", "userId": "sara", "properties": {"total": 1, "total": 2}}'
    body = b'{"batch": [%s, %s, %s]}' % (json.dumps(good).encode(), json.dumps(good).encode(), bad)
    status, answer = client.post("/v1/batch", body)
    assert status == 400
    assert answer["faults"] == [{"place": "batch.2.properties.total", "message": "is there twice"}]
    assert rows(conn) == []
    assert conn.execute("SELECT count(*) FROM identity").fetchone() == (0,)


def test_gzip_and_key_in_the_body(client, conn):
    body = {"writeKey": client.shop.write_key, "batch": [{"type": "track", "event": "Mug Seen", "userId": "sara"}] * 3}
    packed = gzip.compress(json.dumps(body).encode())
    assert client.post("/v1/batch", packed, {"content-encoding": "gzip"}, key=None)[0] == 200
    assert len(rows(conn)) == 3


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/v1/nothing", {}, 404),
        ("GET", "/v1/track", {}, 405),
        ("POST", "/v1/track", {"content-encoding": "br"}, 415),
        ("POST", "/v1/track", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("POST", "/v1/track", {"content-type": "application/json; charset=latin-1"}, 415),
        ("POST", "/v1/track", {"content-length": "600000"}, 413),
        ("POST", "/v1/track", {"authorization": "Basic cGtfbm90aGluZzo="}, 401),
        ("POST", "/v1/track", {"authorization": "Basic ###"}, 401),
        ("POST", "/v1/track", {}, 401),
        ("OPTIONS", "/v1/track", {}, 204),
        ("GET", "/elsewhere", {}, 418),
    ],
)
def test_what_is_no_ingestion(client, method, path, headers, status):
    assert client.request(method, path, b'{"event": "Mug Seen", "userId": "sara"}', headers)[0] == status


def test_a_key_may_be_bound_to_sites(client, conn):
    conn.execute(
        "UPDATE accounts_apikey SET sites = '[\"shop.example\"]' WHERE hash = %s", (key_hash(client.shop.write_key),)
    )
    body = {"writeKey": client.shop.write_key, "batch": [{"type": "page", "anonymousId": "a-1"}]}

    def send(origin, key=None):
        plain = {"content-type": "text/plain", **({"origin": origin} if origin else {})}
        return client.post("/v1/batch", body, plain, key=key)

    for origin in ("https://shop.example", "http://www.shop.example:8080", ""):
        assert send(origin) == (200, {"success": True})
    for origin in ("https://shop.example.evil.example", "https://notshop.example", "null"):
        for key in (None, ""):
            status, answer = send(origin, key)
            assert status == 403
            assert f"pages of {origin} may not send with this key" in answer["error"]
    assert len(rows(conn)) == 3


def test_products_are_learnt_when_the_process_ends(client, conn):
    mug = {"product_id": "m-1", "name": "Blue mug", "price": 18.5}
    client.post("/v1/track", {"userId": "sara", "event": "Mug Seen"})
    client.post("/v1/track", {"userId": "sara", "event": "Product Viewed", "properties": mug})
    client.stop()
    assert conn.execute("SELECT id, name, price FROM product").fetchone() == ("m-1", "Blue mug", 18.5)
    assert client.post("/v1/track", {"userId": "sara", "event": "Mug Seen"})[0] == 503
