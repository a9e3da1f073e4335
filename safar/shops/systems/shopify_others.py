"""Shopify's carts, checkouts, customers and products, and what it says of privacy, in the house's words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from safar.contacts.products import MOST_STOCK, ShopProduct
from safar.shops.body import Part, first_of, money
from safar.shops.saying import Item, Json, Level, Saying, Who
from safar.shops.systems.shopify_read import read_line, read_traits, read_who
from safar.shops.words import CART_UPDATED, CHECKOUT_STARTED

CONSENTS = {"subscribed": "given", "pending": "pending", "unsubscribed": "withdrawn", "redacted": "withdrawn"}


def say_checkout(saying: Saying, body: Part, at: datetime) -> None:
    token = body.id("token")
    began = first_of(body.moment("created_at"), at)
    changed = first_of(body.moment("updated_at"), began)
    if body.faults:
        return
    shipping = body.part("shipping_address")
    who = read_who(body, body.part("customer"), cart=body.text("cart_token") or f"checkout:{token}")
    saying.person(who, about=f"checkout:{token}:who", at=changed, traits=read_traits(body.part("customer"), shipping))
    if body.moment("completed_at"):
        return
    lines = body.parts("line_items")
    given = {
        "checkout_id": token,
        "cart_id": body.text("cart_token"),
        "value": money(body.amount("total_price")),
        "currency": body.text("currency") or saying.here.currency,
        "checkout_url": body.address("abandoned_checkout_url"),
        "products": [read_line(saying, line) for line in lines],
    }
    saying.event(CHECKOUT_STARTED, who, about=f"checkout:{token}", at=began, properties=given, lasting=False)
    value = body.amount("subtotal_price", "total_line_items_price", "total_price")
    cart = {**given, "cart_value": money(value), "cart_url": given["checkout_url"]}
    _say_cart(saying, who, cart, f"checkout:{token}", changed)


def say_cart(saying: Saying, body: Part, at: datetime) -> None:
    token = body.text("token") or body.id("id")
    changed = first_of(body.moment("updated_at"), at)
    if body.faults:
        return
    lines = body.parts("line_items")
    value = sum((line.amount("line_price") or Decimal(0) for line in lines), Decimal(0))
    sets = (
        line.part(name).part("shop_money").text("currency_code")
        for line in lines
        for name in ("line_price_set", "price_set")
    )
    given = {
        "cart_id": token,
        "cart_value": money(value),
        "currency": next(filter(None, sets), "") or saying.here.currency,
        "cart_url": f"{saying.here.site}/cart" if saying.here.site else "",
        "products": [read_line(saying, line) for line in lines],
    }
    _say_cart(saying, Who(cart=token), given, f"cart:{token}", changed)


def _say_cart(saying: Saying, who: Who, given: Json, about: str, at: datetime) -> None:
    stamp = f"{about}:{at.isoformat()}:{given.get('cart_value')}"
    saying.event(CART_UPDATED, who, about=stamp, at=at, properties=given, lasting=False)


def say_customer(saying: Saying, body: Part, at: datetime) -> None:
    id = body.id("id")
    changed = first_of(body.moment("updated_at", "created_at"), at)
    if body.faults:
        return
    who = read_who(body, body)
    saying.person(who, about=f"customer:{id}", at=changed, traits=read_traits(body, body.part("default_address")))
    for channel, moment, state in _consents(body, changed):
        if who.email if channel == "email" else who.phone:
            saying.person(who, about=f"customer:{id}:{channel}", at=moment, consent={channel: state})


def _consents(body: Part, changed: datetime) -> list[tuple[str, datetime, str]]:
    """What a customer said of being written to. "not_subscribed" is no saying: it may be that nobody asked."""
    found = []
    for channel in ("email", "sms"):
        told = body.part(f"{channel}_marketing_consent")
        if state := CONSENTS.get(told.text("state")):
            found.append((channel, first_of(told.moment("consent_updated_at"), changed), state))
    if not found and isinstance(old := body.value.get("accepts_marketing"), bool):
        moment = body.moment("accepts_marketing_updated_at")
        if old or moment:
            found.append(("email", first_of(moment, changed), "given" if old else "withdrawn"))
    return found


def say_product(saying: Saying, body: Part, at: datetime) -> None:
    id = body.id("id")
    if body.faults:
        return
    variants = body.parts("variants")
    prices = [price for one in variants if (price := one.amount("price")) is not None]
    before = [price for one in variants if (price := one.amount("compare_at_price")) is not None]
    counted = [one.whole("inventory_quantity") for one in variants if one.text("inventory_management")]
    in_all = sum(n for n in counted if n is not None)
    stock = max(-MOST_STOCK, min(in_all, MOST_STOCK)) if counted and len(counted) == len(variants) else None
    sold_on = any(one.text("inventory_policy") == "continue" for one in variants)
    shown = body.text("status") in ("active", "") and bool(body.text("published_at"))
    images = [body.part("image"), *body.parts("images", 1)]
    handle, told_at = body.text("handle"), first_of(body.moment("updated_at"), at)
    saying.products.append(
        ShopProduct(
            workspace_id=saying.here.workspace_id,
            id=saying.here.item(id),
            name=body.text("title") or None,
            price=min(prices, default=None),
            currency=saying.here.currency or None,
            category=body.text("product_type") or None,
            image_url=next((link for one in images if (link := one.address("src"))), None),
            url=f"{saying.here.site}/products/{handle}" if handle and saying.here.site else None,
            regular_price=min(before, default=None),
            stock=stock,
            available=shown and (stock is None or stock > 0 or sold_on),
            shop_at=told_at,
        )
    )
    for one in variants:
        item, told = one.text("inventory_item_id"), one.whole("inventory_quantity")
        if item.isdecimal():
            policy = one.text("inventory_policy") == "continue"
            counts = bool(one.text("inventory_management"))
            saying.items.append(Item(item, saying.here.item(id), told or 0, counts, policy, shown, told_at))


def say_level(saying: Saying, body: Part, at: datetime) -> None:
    """What lies at one place; null where it is counted there no more."""
    item, place = body.id("inventory_item_id"), body.id("location_id")
    moment = first_of(body.moment("updated_at"), at)
    if not body.faults and item.isdecimal() and place.isdecimal():
        saying.levels.append(Level(item, place, body.whole("available") or 0, moment))


def say_product_gone(saying: Saying, body: Part, at: datetime) -> None:
    id = body.id("id")
    if not body.faults:
        gone = (None,) * 7
        saying.products.append(ShopProduct(saying.here.workspace_id, saying.here.item(id), *gone, 0, False, at))


def say_data_request(saying: Saying, body: Part, at: datetime) -> None:
    saying.asked_for.append(read_who(body.part("customer"), body.part("customer")))


def say_redact(saying: Saying, body: Part, at: datetime) -> None:
    saying.redact.append(read_who(body.part("customer"), body.part("customer")))


def say_gone(saying: Saying, body: Part, at: datetime) -> None:
    saying.gone = True
