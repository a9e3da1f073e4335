"""Products that events name, for the catalogue. Beside the way in: collected in memory, written now and then.

What a killed process had not written yet comes back with the next event that names the product.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from psycopg import Connection

from safar.contacts.products import Product, learn_products
from safar.events.message import Accepted
from safar.events.names import TRACK

NAMES = frozenset(
    {"Product Viewed", "Product Clicked", "Product Added", "Product Removed", "Product Added to Wishlist"}
)
LISTS = frozenset(
    {"Product List Viewed", "Product List Filtered", "Cart Viewed", "Cart Updated", "Checkout Started"}
    | {"Order Updated", "Order Completed"}
)
MAX_WAITING = 1000
MAX_KNOWN = 50_000
MAX_ID = 255


class ProductLearner:
    """Collects products; `flush` writes those of which something new was said since."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[int, str], Product] = {}
        self._said: dict[tuple[int, str], tuple[Any, ...]] = {}  # what was last said of a product, as it came

    def __len__(self) -> int:
        return len(self._waiting)

    def notice(self, workspace_id: int, messages: Iterable[Accepted]) -> None:
        """Look for products in accepted messages. A dictionary look-up for those of other names."""
        for message in messages:
            if message.type != TRACK or len(self._waiting) >= MAX_WAITING:
                continue
            if message.name in NAMES:
                self._take(workspace_id, message.properties, message)
            elif message.name in LISTS:
                listed = message.properties.get("products")
                for entry in listed if isinstance(listed, list) else ():
                    if isinstance(entry, dict):
                        self._take(workspace_id, entry, message)

    def flush(self, conn: Connection[Any]) -> int:
        """Write what is waiting, in a transaction of its own; how many. What cannot be written is dropped."""
        waiting, self._waiting = self._waiting, {}
        if len(self._said) > MAX_KNOWN:
            self._said.clear()
        if waiting:
            try:
                learn_products(conn, list(waiting.values()))
            except Exception:
                self._said.clear()  # to be learnt from the next events
                raise
        return len(waiting)

    def _take(self, workspace_id: int, said: dict[str, Any], message: Accepted) -> None:
        id = _text(said.get("product_id")) or _text(said.get("sku"))
        if id is None:
            return
        key, get = (workspace_id, id), said.get
        currency = get("currency") or message.properties.get("currency")
        raw = (get("name"), get("price"), currency, get("category"), get("image_url"), get("url"))
        if self._said.get(key) == raw:
            return
        product = Product(
            workspace_id,
            id,
            _text(raw[0]),
            _price(raw[1]),
            _text(currency),
            _text(raw[3]),
            _text(raw[4], 2048),
            _text(raw[5], 2048),
            message.timestamp,
        )
        kept = self._waiting.get(key)
        if kept is None or kept.seen_at <= message.timestamp:
            self._waiting[key] = product
            self._said[key] = raw


def _text(value: Any, limit: int = MAX_ID) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= limit else None


def _price(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return Decimal(str(value))
