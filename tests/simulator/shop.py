"""Shop facts: a fold over all shop events by (timestamp, sequence), done anew each time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from .values import Json, Money, amount, key_text

COMPLETED, CORRECTED = "Order Completed", "Order Corrected"
REFUNDED, CANCELLED = "Order Refunded", "Order Cancelled"
CART_EVENTS = frozenset({"Product Added", "Product Removed", "Cart Viewed", "Cart Updated"})
SHOP_EVENTS = CART_EVENTS | {COMPLETED, CORRECTED, REFUNDED, CANCELLED}


class ShopEvent(Protocol):
    name: str
    properties: dict[str, Json]
    timestamp: datetime
    seq: int


@dataclass(frozen=True)
class Shop:
    orders: int
    spent: Decimal
    average_order: Decimal | None
    last_order: datetime | None
    first_order: datetime | None
    cart_value: Decimal
    cart_since: datetime | None
    last_cart: datetime | None  # the pause: timestamp of the last cart event while the cart is not empty


EMPTY = Shop(0, Decimal(0), None, None, None, Decimal(0), None, None)


def order_key(properties: dict[str, Json]) -> str | None:
    """What tells orders apart: text folded, a number as itself, anything else is missing."""
    order_id = properties.get("order_id")
    return None if isinstance(order_id, bool) else key_text(order_id)


def is_first_completion(history: Iterable[ShopEvent], properties: dict[str, Json]) -> bool:
    """Whether a completion with these properties is the first of its order; one without order_id always is."""
    key = order_key(properties)
    if key is None:
        return True
    return not any(past.name == COMPLETED and order_key(past.properties) == key for past in history)


def fold_shop(history: Iterable[ShopEvent], money: Money) -> Shop:
    events = sorted((e for e in history if e.name in SHOP_EVENTS), key=lambda e: (e.timestamp, e.seq))
    spent, times = _fold_orders(events, money)
    value, since, last = _fold_cart(events, money)
    return Shop(
        orders=len(times),
        spent=spent,
        average_order=spent / len(times) if times else None,
        last_order=max(times, default=None),
        first_order=min(times, default=None),
        cart_value=value,
        cart_since=since,
        last_cart=last,
    )


def _fold_orders(events: list[ShopEvent], money: Money) -> tuple[Decimal, list[datetime]]:
    """Money spent, and the times of the orders that count."""
    orders: dict[object, list[ShopEvent]] = {}
    for event in events:
        if event.name in CART_EVENTS:
            continue
        key = order_key(event.properties)
        if key is None and event.name != COMPLETED:
            continue  # a refund, correction or cancellation of nothing
        orders.setdefault(event.seq if key is None else key, []).append(event)
    spent, times = Decimal(0), []
    for of_one_order in orders.values():
        completions = [e for e in of_one_order if e.name == COMPLETED]
        if not completions:
            continue
        totals = [amount(e.properties, "total", money, e.timestamp) for e in completions]
        later = [
            amount(e.properties, "total", money, e.timestamp) for e in reversed(of_one_order) if e.name == CORRECTED
        ]
        remains = next((total for total in [*later, *totals] if total is not None), Decimal(0))
        counts = True
        for event in of_one_order:
            if event.name == CANCELLED:
                counts = False
            elif event.name == REFUNDED and counts:
                back = amount(event.properties, "total", money, event.timestamp)
                if back is None or back >= remains:
                    counts = False
                else:
                    remains -= back
        if counts:
            spent += remains
            times.append(completions[0].timestamp)
    return spent, times


def _fold_cart(events: list[ShopEvent], money: Money) -> tuple[Decimal, datetime | None, datetime | None]:
    """cart_value, cart_since, and the last cart event while the cart is not empty."""
    value, since, last = Decimal(0), None, None
    for event in events:
        if event.name == COMPLETED:
            value, since, last = Decimal(0), None, None
        elif event.name in CART_EVENTS:
            read = amount(event.properties, "cart_value", money, event.timestamp)
            if read is not None:
                value = max(read, Decimal(0))
            if value == 0:
                since, last = None, None
            else:
                since, last = since or event.timestamp, event.timestamp
    return value, since, last
