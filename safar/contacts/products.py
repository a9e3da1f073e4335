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
KEEP = load_sql("safar.contacts", "product_keep")
_COLUMNS = "workspace_id, id, name, price, currency, category, image_url, url, regular_price, stock, available"
_READ = f"SELECT {_COLUMNS}, coalesce(shop_at, seen_at) FROM product WHERE workspace_id = %s AND id = ANY (%s)"

MOST_STOCK = 2**31 - 1  # as far as the catalogue counts, below nothing as well


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


@dataclass(frozen=True, slots=True)
class ShopProduct:
    """What a shop's own catalogue says of a product. regular_price: before a reduction. stock: pieces; None: the shop does not count.

    available: whether it can be bought now. shop_at: as of when.
    """

    workspace_id: int
    id: str
    name: str | None
    price: Decimal | None
    currency: str | None
    category: str | None
    image_url: str | None
    url: str | None
    regular_price: Decimal | None
    stock: int | None
    available: bool
    shop_at: datetime


def keep_products(conn: Connection[Any], products: Sequence[ShopProduct]) -> None:
    """Put down what shops say; of several of one product the latest, and nothing that is older than what is kept."""
    latest: dict[tuple[int, str], ShopProduct] = {}
    for product in products:
        key = (product.workspace_id, product.id)
        if key not in latest or latest[key].shop_at <= product.shop_at:
            latest[key] = product
    if latest:
        ordered = [latest[key] for key in sorted(latest)]
        conn.execute(KEEP, [[getattr(product, name) for product in ordered] for name in ShopProduct.__slots__])


def find_products(conn: Connection[Any], workspace_id: int, ids: Sequence[str]) -> dict[str, ShopProduct]:
    """Those of them that the catalogue knows, by id."""
    rows = conn.execute(_READ, (workspace_id, list(ids))).fetchall()
    return {row[1]: ShopProduct(*row) for row in rows}
