"""A connected shop in a test: deliveries by HTTP at the real door, an engine that applies them, and the facts that came of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from safar.api.app import application
from safar.api.tests.conftest import Client, not_django
from safar.events.tests.shop import Shop as House
from safar.postgres.connections import connect
from safar.shops.connecting import Shop, connect_shop

KEY = "only-for-tests-" + "0" * 32
SECRET = "hush-" + "7" * 24
SETTINGS = {
    "shopify": {"domain": "mugs-berlin.myshopify.com", "url": "https://mugs.example", "secret": SECRET},
    "woocommerce": {"url": "https://livan.example", "secret": SECRET},
}
CURRENCIES = {"shopify": "EUR", "woocommerce": "IRR"}
_PEOPLE = """
SELECT coalesce(c.email, c.phone, c.key) AS who, c.email, c.phone, f.orders, f.spent, f.cart_value, f.first_order, f.last_order, f.cart_since,
    (SELECT jsonb_agg(jsonb_build_array(p.order_id, p.at, p.total, p.refunded, p.counts) ORDER BY p.order_id)
     FROM purchase p WHERE p.bucket = c.bucket AND p.contact_id = c.id),
    (SELECT jsonb_object_agg(k.channel, k.state) FROM consent k WHERE k.bucket = c.bucket AND k.contact_id = c.id),
    (SELECT array_agg(i.kind || ':' || i.value ORDER BY i.kind, i.value) FROM identity i WHERE i.contact_id = c.id),
    c.traits - 'phone' - 'email'
FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id
WHERE c.workspace_id = %s AND c.merged_into IS NULL ORDER BY 1
"""
COLUMNS = [
    "email",
    "phone",
    "orders",
    "spent",
    "cart_value",
    "first_order",
    "last_order",
    "cart_since",
    "purchases",
    "consent",
    "names",
    "traits",
]


class Counter:
    """One shop of one system, and the house it is connected to."""

    def __init__(self, house: House, client: Client, conn: Connection[Any], system: str, currency: str = "") -> None:
        self.house, self.client, self.conn = house, client, conn
        conn.execute(
            "UPDATE accounts_workspace SET currency = %s WHERE id = %s", (currency or CURRENCIES[system], house.id)
        )
        self.open()
        self.shop: Shop = connect_shop(conn, workspace_id=house.id, system=system, given=SETTINGS[system], keys=[KEY])
        self.path = f"/shops/{self.shop.token}"
        self.numbers = itertools.count(1)

    def open(self) -> None:
        """The door anew, as of a process that knows nothing yet."""
        self.client.stop()
        at = self.house.url
        self.client.app = application(not_django, lambda: connect(at, application_name="safar tests"), [KEY])

    def say(self, topic: str, body: Any, *, id: str = "", secret: str = SECRET, **headers: str) -> Any:
        """(status, answer) of one delivery. id: by which it is known again; a new one unless given."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        number = id or f"delivery-{next(self.numbers)}"
        return self.client.request("POST", self.path, data, {**self.headers(topic, number, data, secret), **headers})

    def headers(self, topic: str, number: str, data: bytes, secret: str = SECRET) -> dict[str, str]:
        proof = base64.b64encode(hmac.new(secret.encode(), data, hashlib.sha256).digest()).decode()
        if self.shop.system == "shopify":
            return {"X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": number, "X-Shopify-Hmac-Sha256": proof}
        return {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Delivery-ID": number, "X-WC-Webhook-Signature": proof}

    def apply(self) -> None:
        """Let the engine apply what is there."""
        from safar.journeys.engine.loop import Engine  # it needs Django, which is set up by now

        engine = Engine(self.house.url)
        while engine.run_once():
            pass
        engine.close()

    def people(self) -> dict[str, dict[str, Any]]:
        """Every contact by e-mail, else phone, else key: COLUMNS."""
        rows = self.conn.execute(_PEOPLE, (self.house.id,)).fetchall()
        return {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in rows}

    def history(self, name: str = "%") -> list[tuple[str, Mapping[str, Any]]]:
        """Names and properties of events, in their order."""
        query = "SELECT name, properties FROM event v WHERE workspace_id = %s AND name LIKE %s AND NOT EXISTS (SELECT FROM contact c WHERE c.bucket = v.bucket AND c.id = v.contact_id AND merged_into IS NOT NULL) ORDER BY timestamp, seq"
        return self.conn.execute(query, (self.house.id, name)).fetchall()
