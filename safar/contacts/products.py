"""The catalogue of products: what templates and pages show of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import Connection

from safar.lib.sqlfile import load_sql

LEARN = load_sql("safar.contacts", "product_learn")


@dataclass(frozen=True, slots=True)
class Product:
    """What one event said of a product; None: nothing."""

    workspace_id: int
    id: str
    name: str | None
    price: Decimal | None
    currency: str | None
    category: str | None
    image_url: str | None
    url: str | None
    seen_at: datetime


def learn_products(conn: Connection[Any], products: Sequence[Product]) -> None:
    """Add products, or what is new about them; what an older event says changes nothing. One of each id.

    A statement of its own transaction unless the caller has one open.
    """
    ordered = sorted(products, key=lambda product: (product.workspace_id, product.id))
    columns = [[getattr(product, name) for product in ordered] for name in Product.__slots__]
    conn.execute(LEARN, columns)
