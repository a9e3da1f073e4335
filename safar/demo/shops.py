"""The two shops as they are described in data/: what they sell, who comes, and how they behave."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FENJAN, KILN = "fenjan", "kiln-and-bean"
SHARES = {FENJAN: 0.6, KILN: 0.4}  # of the demo's contacts


@dataclass(frozen=True)
class Product:
    """Something on the shelf, and the object that e-commerce events name it by (price in the shop's currency)."""

    id: str
    category: str
    price: float
    as_sent: Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """Values with weights, for random.Random.choices."""

    values: Sequence[Any]
    cumulative: Sequence[float]

    @classmethod
    def of(cls, weights: Mapping[Any, float]) -> Choice:
        return cls(list(weights), list(accumulate(weights.values())))


@dataclass(frozen=True)
class Shop:
    """A business. habits: shares (0 to 1) and means that people are drawn by; number: sets the shops' random numbers apart."""

    number: int
    slug: str
    name: str
    language: str
    zone: str
    calendar: str
    currency: str
    site: str
    prefix: str
    late_evening: bool
    weekend: tuple[int, ...]  # datetime.weekday
    shipping: float
    free_shipping_from: float
    places: int | None  # digits of money after the point; None: whole numbers
    interests: Choice
    pages: tuple[str, ...]
    list_pages: Mapping[str, str]
    habits: Mapping[str, Any]
    zones: tuple[str, ...]
    mail_hosts: tuple[str, ...]
    cities: Choice
    first_names: tuple[tuple[str, str], ...]  # as written, in Latin letters for the address
    last_names: tuple[tuple[str, str], ...]
    part_prices: Mapping[str, Decimal]  # by channel, in its currency
    products: tuple[Product, ...]
    by_category: Mapping[str, tuple[Product, ...]]

    def money(self, amount: float) -> int | float:
        """An amount as the shop writes it: whole Tomans, Euros with cents."""
        return int(amount) if self.places is None else round(amount, self.places)


@cache
def read_shop(slug: str) -> Shop:
    """A shop by its slug, one of SHARES."""
    data = json.loads((HERE / "data" / f"{slug}.json").read_text("utf-8"))
    products = tuple(_product(data, *row) for row in data["products"])
    categories = {product.category for product in products}
    return Shop(
        number=list(SHARES).index(slug),
        places=None if data["rounding"] >= 1 else 2,
        interests=Choice.of(data["interests"]),
        cities=Choice.of(data["cities"]),
        weekend=tuple(data["weekend"]),
        pages=tuple(data["pages"]),
        part_prices={channel: Decimal(price) for channel, price in data.get("part_prices", {}).items()},
        zones=tuple(data["zones"]),
        mail_hosts=tuple(data["mail_hosts"]),
        first_names=tuple(data["first_names"].items()),
        last_names=tuple(data["last_names"].items()),
        products=products,
        by_category={name: tuple(p for p in products if p.category == name) for name in categories},
        **{
            name: data[name]
            for name in (
                "slug", "name", "language", "zone", "calendar", "currency", "site", "prefix", "late_evening",
                "shipping", "free_shipping_from", "list_pages", "habits",
            )
        },
    )  # fmt: skip


def read_shops() -> tuple[Shop, ...]:
    """Both, the Iranian one first."""
    return tuple(read_shop(slug) for slug in SHARES)


def _product(data: Mapping[str, Any], id: str, name: str, category: str, price: float) -> Product:
    as_sent = {
        "product_id": id,
        "name": name,
        "category": category,
        "price": price,
        "url": f"{data['site']}/p/{id}",
        "image_url": f"{data['site']}/img/{id}.jpg",
    }
    return Product(id, category, price, as_sent)
