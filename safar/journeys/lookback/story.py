"""Orders told as events, so that the back-test can play journeys over them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from safar.journeys.lookback.orders import Order, customers

BEFORE = timedelta(days=1)  # before the first order: when everybody is known, so that nobody signs up within the year


def tell(orders: Sequence[Order], unit: str = "") -> Iterator[bytes]:
    """Messages in the order of acceptance. unit: what amounts are in where an order does not say. Everybody counts as having agreed to what they can be reached by: the file does not say.

    A cancelled or refunded order is so from the moment of the order on: the file does not say when.
    """
    if not orders:
        return
    begins = orders[0].at - BEFORE
    for first in customers(orders):
        yield _line(
            first.who, begins, {"type": "identify", "traits": _traits(first), "context": {"consent": _consent(first)}}
        )
    for order in orders:
        said: dict[str, Any] = {"order_id": order.number, "total": str(order.paid), "products": order.products}
        if currency := order.currency or unit:
            said["currency"] = currency
        yield _line(order.who, order.at, _event("Order Completed", said))
        if order.state == "back" or order.back >= order.paid:
            yield _line(order.who, order.at, _event("Order Cancelled", {"order_id": order.number}))
        elif order.back:
            back = {**said, "total": str(order.back), "products": []}
            yield _line(order.who, order.at, _event("Order Refunded", back))


def _traits(first: Order) -> dict[str, Any]:
    said = {"email": first.email, "phone": first.phone, "name": first.name, "birthday": first.birthday}
    return {name: value for name, value in said.items() if value}


def _consent(first: Order) -> dict[str, str]:
    """A buyer of whom the file knows no address is counted as one who would have an e-mail: people of a till's export."""
    by = {"email": bool(first.email) or not first.phone, "sms": bool(first.phone)}
    return {channel: "given" for channel, reachable in by.items() if reachable}


def _event(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "track", "event": name, "properties": properties}


def _line(who: str, at: datetime, message: dict[str, Any]) -> bytes:
    moment = at.isoformat()
    return json.dumps({"userId": who, "timestamp": moment, "receivedAt": moment, **message}).encode()
