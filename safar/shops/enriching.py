"""Pictures and links for what an order or a cart holds: shops leave them out of orders, and the catalogue knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection

from safar.contacts.products import ShopProduct, find_products
from safar.events.message import Accepted

_WANTED = ("name", "image_url", "url", "category")


def with_pictures(conn: Connection[Any], workspace_id: int, messages: Sequence[Accepted]) -> list[Accepted]:
    """The messages; lines of products that lack something have it from the catalogue."""
    wanted = sorted({id for message in messages for line in _lines(message) if (id := _lacks(line))})
    known = find_products(conn, workspace_id, wanted) if wanted else {}
    return [_filled(message, known) for message in messages] if known else list(messages)


def _lines(message: Accepted) -> list[dict[str, Any]]:
    lines = message.properties.get("products")
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []


def _lacks(line: dict[str, Any]) -> str:
    id = line.get("product_id")
    return id if isinstance(id, str) and not all(line.get(name) for name in _WANTED) else ""


def _filled(message: Accepted, known: dict[str, ShopProduct]) -> Accepted:
    lines = _lines(message)
    if not any(line.get("product_id") in known for line in lines):
        return message
    filled = []
    for line in lines:
        product = known.get(str(line.get("product_id")))
        more = {name: value for name in _WANTED if product and (value := getattr(product, name)) and not line.get(name)}
        filled.append({**line, **more})
    return msgspec.structs.replace(message, properties={**message.properties, "products": filled})
