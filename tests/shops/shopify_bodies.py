"""Small bodies in the form in which Shopify sends them, of Sara's and Ali's doings in a shop of mugs."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

SARA: Json = {
    "id": 71,
    "email": "Sara@Example.com",
    "first_name": "Sara",
    "last_name": "Ahmadi",
    "phone": None,
    "tags": "loyal, mugs",
    "updated_at": "2026-03-01T10:00:00+01:00",
    "default_address": {"city": "Berlin", "country_code": "DE", "phone": "030 1234567"},
    "email_marketing_consent": {"state": "subscribed", "consent_updated_at": "2026-02-28T09:00:00+01:00"},
    "sms_marketing_consent": {"state": "not_subscribed", "consent_updated_at": None},
}
MUG: Json = {
    "id": 501,
    "title": "Blue mug",
    "handle": "blue-mug",
    "product_type": "Mugs",
    "status": "active",
    "published_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-02-01T00:00:00Z",
    "images": [{"src": "https://cdn.example/blue.png"}],
    "variants": [
        {"id": 1, "price": "19.90", "compare_at_price": "24.90", "inventory_quantity": 3, "inventory_management": "shopify", "inventory_policy": "deny"},
        {"id": 2, "price": "21.90", "compare_at_price": None, "inventory_quantity": 2, "inventory_management": "shopify", "inventory_policy": "deny"},
    ],
}  # fmt: skip
LINE: Json = {
    "product_id": 501,
    "variant_id": 1,
    "sku": "MUG-B",
    "title": "Blue mug",
    "price": "19.90",
    "line_price": "39.80",
    "quantity": 2,
}
ADDRESS: Json = {
    "first_name": "Sara",
    "last_name": "Ahmadi",
    "city": "Berlin",
    "country_code": "DE",
    "phone": "030 1234567",
}


def order(id: int = 1001, **more: Any) -> Json:
    """Two mugs and the postage, paid."""
    made = {
        "id": id,
        "name": f"#{id}",
        "email": "sara@example.com",
        "currency": "EUR",
        "total_price": "44.30",
        "subtotal_price": "39.80",
        "total_tax": "7.07",
        "total_discounts": "0.00",
        "shipping_lines": [{"price": "4.50"}],
        "financial_status": "paid",
        "fulfillment_status": None,
        "cancelled_at": None,
        "cart_token": "cart-1",
        "created_at": "2026-03-02T12:00:00+01:00",
        "processed_at": "2026-03-02T12:00:00+01:00",
        "updated_at": "2026-03-02T12:00:05+01:00",
        "gateway": "shopify_payments",
        "order_status_url": "https://mugs.example/orders/abc",
        "customer": SARA,
        "billing_address": ADDRESS,
        "line_items": [LINE],
        "refunds": [],
    }
    return {**made, **more}


def refund(id: int = 9001, amount: str = "10.00", order_id: int = 1001) -> Json:
    paid = {"kind": "refund", "status": "success", "amount": amount, "currency": "EUR"}
    return {
        "id": id,
        "order_id": order_id,
        "created_at": "2026-03-05T12:00:00+01:00",
        "note": "a chip",
        "transactions": [paid],
    }


def cart(at: str = "2026-03-02T11:50:00+01:00", **more: Any) -> Json:
    return {"id": "cart-1", "token": "cart-1", "line_items": [LINE], "updated_at": at, "created_at": at, **more}


def checkout(**more: Any) -> Json:
    made = {
        "token": "check-1",
        "cart_token": "cart-1",
        "email": "sara@example.com",
        "currency": "EUR",
        "subtotal_price": "39.80",
        "total_price": "44.30",
        "created_at": "2026-03-02T11:55:00+01:00",
        "updated_at": "2026-03-02T11:56:00+01:00",
        "completed_at": None,
        "abandoned_checkout_url": "https://mugs.example/recover/check-1",
        "line_items": [LINE],
        "shipping_address": ADDRESS,
    }
    return {**made, **more}


def mug(*quantities: int, at: str = "2026-02-01T00:00:00Z", **more: Any) -> Json:
    """The mug with so many of each variant, whose numbers as items are 11 and 12."""
    counted = [{"inventory_item_id": 11 + n, "inventory_quantity": one} for n, one in enumerate(quantities)]
    variants = [{**kept, **given} for kept, given in zip(MUG["variants"], counted, strict=False)]
    return {**MUG, "updated_at": at, "variants": variants, **more}


def level(item: int, place: int, available: int | None, at: str = "2026-02-01T00:00:00Z") -> Json:
    return {"inventory_item_id": item, "location_id": place, "available": available, "updated_at": at}
