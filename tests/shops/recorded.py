"""Bodies recorded from real shops, where they lie beside the checkout, each with the topic that it came by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def recorded(system: str) -> list[tuple[str, Any]]:
    return list(_shopify() if system == "shopify" else _woocommerce())


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _shopify() -> Iterator[tuple[str, Any]]:
    folder = DATA / "shopify"
    samples = [_read(path) for path in sorted(folder.glob("webhook_order_*.json"))]
    samples += [*_read(folder / "orders.json")["orders"], _read(folder / "order.json")["order"]]
    for body in samples:  # they share a number, though they are different orders
        yield "orders/updated", {**body, "id": f"{body['id']}-{body['total_price']}"}
    for path in sorted(folder.glob("webhook_customer_*.json")):
        yield "customers/update", _read(path)
    for name, body in _read(folder / "webhooks_2026_07.json").items():
        if "/" in name:
            yield name.partition(" ")[0], body
    for topic, name, key in (("checkouts/update", "checkouts", "checkouts"), ("carts/update", "carts", "carts")):  # fmt: skip
        for body in _read(folder / f"{name}.json")[key]:
            yield topic, body
    yield "customers/update", _read(folder / "customer.json")["customer"]
    for body in _read(folder / "products.json"):
        yield "products/update", body


def _woocommerce() -> Iterator[tuple[str, Any]]:
    for path in sorted((DATA / "woocommerce").glob("*.json")):
        for topic, start in (("order.updated", "orders__"), ("customer.updated", "customers__"), ("product.updated", "products__"), ("refund.created", "order-refunds__")):  # fmt: skip
            if path.name.startswith(start):
                for body in _bodies(_read(path)):
                    if "download_id" not in body and "error" not in body:
                        yield topic, body


def _bodies(read: Any) -> Iterator[Any]:
    """One body, a list of them, or the answer of a batch: create, update, delete."""
    if isinstance(read, list):
        yield from read
    elif "id" in read:
        yield read
    else:
        for name in ("create", "update"):
            yield from read.get(name, [])
