"""Small bodies in the form in which WooCommerce and our plugin send them: a shop in Tehran, its prices in tomans."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

BILLING: Json = {"first_name": "سارا", "last_name": "احمدی", "city": "تهران", "country": "IR", "email": "", "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷"}  # fmt: skip
SARA: Json = {
    "id": 12,
    "email": "sara@example.com",
    "first_name": "سارا",
    "last_name": "احمدی",
    "date_modified_gmt": "2026-03-01T08:00:00",
    "billing": {**BILLING, "email": "sara@example.com"},
}
MUG: Json = {
    "id": 93,
    "name": "لیوان &ndash; آبی",
    "permalink": "https://livan.example/product/blue/",
    "status": "publish",
    "price": "240000",
    "regular_price": "300000",
    "manage_stock": True,
    "stock_quantity": 4,
    "stock_status": "instock",
    "categories": [{"id": 9, "name": "لیوان"}],
    "images": [{"src": "https://livan.example/blue.png"}],
    "date_modified_gmt": "2026-02-01T08:00:00",
}
LINE: Json = {"id": 1, "name": "لیوان", "product_id": 93, "variation_id": 0, "quantity": 2, "subtotal": "480000", "total": "480000", "price": 240000}  # fmt: skip


def order(id: int = 727, status: str = "processing", **more: Any) -> Json:
    """Two mugs for a guest who gave a mobile number and no e-mail."""
    paid = "2026-03-02T10:05:00" if status in ("processing", "completed", "refunded") else None
    made = {
        "id": id,
        "number": str(id),
        "order_key": f"wc_order_{id}",
        "status": status,
        "currency": "IRT",
        "date_created_gmt": "2026-03-02T10:00:00",
        "date_modified_gmt": "2026-03-02T10:05:01",
        "date_paid_gmt": paid,
        "total": "530000",
        "total_tax": "48181",
        "shipping_total": "50000",
        "discount_total": "0",
        "customer_id": 0,
        "billing": BILLING,
        "payment_method": "WC_ZPal",
        "payment_method_title": "زرین‌پال",
        "meta_data": [],
        "line_items": [LINE],
        "coupon_lines": [],
        "refunds": [],
    }
    return {**made, **more}


def cart(total: str = "480000", **more: Any) -> Json:
    """As the plugin says it."""
    item = {
        "product_id": 93,
        "name": "لیوان",
        "quantity": 2,
        "price": 240000,
        "url": "https://livan.example/product/blue/",
    }
    made = {"cart": "c0ffee", "visitor": "v-1", "customer_id": 0, "total": total, "currency": "IRT", "items": [item]}
    return {**made, "cart_url": "https://livan.example/cart/", **more}


def checkout(**more: Any) -> Json:
    return cart(billing=BILLING, checkout_url="https://livan.example/checkout/", **more)
