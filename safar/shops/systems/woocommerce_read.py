"""What parts of WooCommerce's bodies have in common: who is meant, what is known of them, a line of an order or a cart."""

from __future__ import annotations

from html import unescape

from safar.shops.body import Part, money, phone
from safar.shops.saying import Json, Saying, Who


def read_who(body: Part, order: str = "") -> Who:
    """Of an order: its customer, or what a guest typed."""
    billing, meta = body.part("billing"), read_meta(body)
    return Who(
        customer=read_number(body, "customer_id"),
        email=billing.text("email"),
        phone=phone(billing.text("phone"), billing.text("country")) or "",
        cart=meta.get("_safar_cart", ""),
        order=order,
        visitor=meta.get("_safar_visitor", ""),
    )


def read_number(body: Part, name: str) -> str:
    """An id of WordPress: 0 is nobody."""
    text = body.text(name)
    return "" if text == "0" else text


def read_traits(address: Part) -> Json:
    return {name: read_name(address, name) for name in ("first_name", "last_name", "city", "country")}


def read_name(part: Part, *names: str) -> str:
    """A text that WordPress keeps with HTML's entities."""
    return unescape(part.text(*names))


def read_meta(body: Part) -> dict[str, str]:
    """Our own values that an order carries."""
    found = ((one.text("key"), one.text("value")) for one in body.parts("meta_data", 500))
    return {key: value for key, value in found if key.startswith("_safar_")}


def read_line(saying: Saying, line: Part) -> Json:
    image = line.part("image")
    given = {
        "product_id": saying.here.item(line.text("product_id")),
        "variant_id": read_number(line, "variation_id"),
        "sku": line.text("sku"),
        "name": read_name(line, "parent_name", "name"),
        "variant": read_name(line, "variant"),
        "category": read_name(line, "category"),
        "price": money(line.amount("price")),
        "quantity": line.whole("quantity"),
        "image_url": image.address("src") or line.address("image_url"),
        "url": line.address("url"),
    }
    return {name: value for name, value in given.items() if value not in (None, "")}
