"""What parts of Shopify's bodies have in common: who is meant, what is known of them, a line of an order or a cart."""

from __future__ import annotations

from typing import Any

from safar.shops.body import Part, money, phone
from safar.shops.saying import Json, Saying, Who


def read_who(body: Part, customer: Part, *, cart: str = "", order: str = "") -> Who:
    """Of an order or a checkout, whose customer is a part of it."""
    address = next(
        (one for name in ("billing_address", "shipping_address", "default_address") if (one := body.part(name))), body
    )
    country = address.text("country_code") or customer.part("default_address").text("country_code")
    numbers = (
        body.text("phone"),
        customer.text("phone"),
        address.text("phone"),
        body.part("shipping_address").text("phone"),
    )
    read = (number for text in numbers if (number := phone(text, country)))
    email = body.text("email", "contact_email") or customer.text("email")
    return Who(customer.text("id"), email, next(read, ""), cart, order)


def read_traits(customer: Part, address: Part) -> Json:
    return {
        "first_name": customer.text("first_name") or address.text("first_name"),
        "last_name": customer.text("last_name") or address.text("last_name"),
        "city": address.text("city"),
        "country": address.text("country_code"),
        "shop_tags": [tag.strip() for tag in customer.text("tags").split(",") if tag.strip()],
    }


def read_line(saying: Saying, line: Part, quantity: int | None = None) -> Json:
    given = {
        "product_id": saying.here.item(line.text("product_id")),
        "variant_id": line.text("variant_id"),
        "sku": line.text("sku"),
        "name": line.text("title", "presentment_title"),
        "variant": line.text("variant_title", "presentment_variant_title"),
        "brand": line.text("vendor"),
        "price": money(line.amount("discounted_price", "price")),
        "quantity": quantity if quantity is not None else line.whole("quantity"),
    }
    return {name: value for name, value in given.items() if value not in (None, "")}


def texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
