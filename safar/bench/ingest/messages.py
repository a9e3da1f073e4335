"""Segment messages of a shop's visitors, the same at every run."""

from __future__ import annotations

import json
import random
from typing import Any


def make_messages(count: int, people: int, seed: int = 1) -> list[dict[str, Any]]:
    """Half page views and product views, a third cart events, the rest orders; each with a messageId of its own."""
    dice = random.Random(seed)
    return [_message(number, f"visitor-{dice.randrange(people)}", dice) for number in range(count)]


def _message(number: int, user: str, dice: random.Random) -> dict[str, Any]:
    common = {
        "userId": user,
        "messageId": f"bench-{dice.getrandbits(64):x}-{number}",
        "context": {"library": {"name": "bench", "version": "1"}, "page": {"path": f"/p/{number % 300}"}},
    }
    product = {
        "product_id": str(dice.randrange(500)),
        "name": "Mug",
        "price": dice.randrange(1, 90),
        "quantity": 1,
        "category": "cups",
    }
    lot = dice.random()
    if lot < 0.2:
        return {**common, "type": "page", "name": "Home", "properties": {"path": "/", "url": "https://shop.example/"}}
    if lot < 0.6:
        return {**common, "type": "track", "event": "Product Viewed", "properties": product}
    if lot < 0.9:
        return {**common, "type": "track", "event": "Product Added", "properties": product}
    order = {
        "order_id": f"o-{number}-{dice.getrandbits(40):x}",
        "total": dice.randrange(10, 400),
        "currency": "USD",
        "products": [product],
    }
    return {**common, "type": "track", "event": "Order Completed", "properties": order}


def bodies(messages: list[dict[str, Any]], each: int) -> list[bytes]:
    """Bodies of /v1/batch with ``each`` messages."""
    return [json.dumps({"batch": messages[i : i + each]}).encode() for i in range(0, len(messages), each)]


def single_bodies(messages: list[dict[str, Any]]) -> list[tuple[str, bytes]]:
    """(path, body) of one request a message."""
    return [(f"/v1/{message['type']}", json.dumps(message).encode()) for message in messages]
