"""WooCommerce's customers and products, and what the plugin sees on the site: looks at products, carts, checkouts as they are typed."""

from __future__ import annotations

from datetime import datetime

from safar.contacts.products import ShopProduct
from safar.lib.faults import said
from safar.shops.body import Part, first_of, money, phone
from safar.shops.saying import Json, Saying, Who
from safar.shops.systems.woocommerce_read import read_line, read_name, read_number, read_traits
from safar.shops.words import CART_UPDATED, CHECKOUT_STARTED, PRODUCT_VIEWED


def say_customer(saying: Saying, body: Part, at: datetime) -> None:
    id = body.id("id")
    changed = first_of(body.moment("date_modified_gmt", "date_created_gmt"), at)
    if body.faults:
        return
    billing = body.part("billing")
    number = phone(billing.text("phone"), billing.text("country")) or ""
    who = Who(customer=id, email=body.text("email") or billing.text("email"), phone=number)
    traits = {name: value or read_name(body, name) for name, value in read_traits(billing).items()}
    saying.person(who, about=f"customer:{id}", at=changed, traits=traits)


def say_product(saying: Saying, body: Part, at: datetime) -> None:
    id = body.id("id")
    changed = first_of(body.moment("date_modified_gmt"), at)
    if body.faults:
        return
    images = [link for one in body.parts("images", 1) if (link := one.address("src"))]
    kinds = [name for one in body.parts("categories", 1) if (name := read_name(one, "name"))]
    counted = body.value.get("manage_stock") in (True, "parent")
    price, before = body.amount("price"), body.amount("regular_price")
    saying.products.append(
        ShopProduct(
            workspace_id=saying.here.workspace_id,
            id=saying.here.item(id),
            name=read_name(body, "name") or None,
            price=price,
            currency=saying.here.currency or None,
            category=next(iter(kinds), None),
            image_url=next(iter(images), None),
            url=body.address("permalink") or None,
            regular_price=before,
            stock=body.whole("stock_quantity") if counted else None,
            available=body.text("status") in ("publish", "") and body.text("stock_status") != "outofstock",
            shop_at=changed,
        )
    )


def say_product_gone(saying: Saying, body: Part, at: datetime) -> None:
    id = body.id("id")
    if not body.faults:
        nothing = (None,) * 7
        saying.products.append(ShopProduct(saying.here.workspace_id, saying.here.item(id), *nothing, 0, False, at))


def say_look(saying: Saying, body: Part, at: datetime) -> None:
    """Somebody looks at a product."""
    product = body.part("product")
    product.id("product_id")
    who = _visitor(body)
    if body.faults or who is None:
        return
    given = {**read_line(saying, product), "currency": body.text("currency") or saying.here.currency}
    about = f"look:{who.visitor}:{who.customer}:{given['product_id']}:{at.isoformat()}"
    saying.event(PRODUCT_VIEWED, who, about=about, at=at, properties=given, lasting=False)


def say_cart(saying: Saying, body: Part, at: datetime) -> None:
    """The cart as it is now; empty, it is worth nothing."""
    given, who = _cart(saying, body), _visitor(body)
    if body.faults or who is None:
        return
    _introduce(saying, body, who, at)
    about = f"cart:{who.cart}:{at.isoformat()}:{given['cart_value']}"
    saying.event(CART_UPDATED, who, about=about, at=at, properties=given, lasting=False)


def say_checkout(saying: Saying, body: Part, at: datetime) -> None:
    """What somebody has typed so far, with the cart it is about. One beginning for each cart and hour."""
    given, who = _cart(saying, body), _visitor(body)
    if body.faults or who is None:
        return
    _introduce(saying, body, who, at)
    link = {"checkout_url": body.address("checkout_url"), "value": given["cart_value"], "checkout_id": who.cart}
    began = f"checkout:{who.cart}:{at:%Y-%m-%dT%H}"
    saying.event(CHECKOUT_STARTED, who, about=began, at=at, properties={**given, **link}, lasting=False)


def say_person(saying: Saying, body: Part, at: datetime) -> None:
    """Whom a visitor turned out to be: by signing in, or by signing up."""
    who = _visitor(body)
    if who is not None:
        _introduce(saying, body, who, at)


def _visitor(body: Part) -> Who | None:
    """None, and a fault, where nobody is named."""
    billing = body.part("billing")
    who = Who(
        customer=read_number(body, "customer_id"),
        email=billing.text("email"),
        phone=phone(billing.text("phone"), billing.text("country")) or "",
        cart=body.text("cart"),
        visitor=body.text("visitor"),
    )
    if not any((who.customer, who.email, who.phone, who.cart, who.visitor)):
        body.faults.at("visitor").add(said("is missing"))
        return None
    return who


def _introduce(saying: Saying, body: Part, who: Who, at: datetime) -> None:
    """Says who it is, where more than a visitor's number is known, and what they agreed to."""
    ticked = body.part("consent")
    consent = {channel: "given" for channel in ("email", "sms") if ticked.true(channel)}
    if any((who.customer, who.email, who.phone)):
        traits = read_traits(body.part("billing"))
        saying.person(who, about=f"visitor:{who.visitor}:{who.cart}", at=at, traits=traits, consent=consent or None)


def _cart(saying: Saying, body: Part) -> Json:
    body.id("cart")
    return {
        "cart_id": body.text("cart"),
        "cart_value": money(body.amount("total", needed=True)),
        "currency": body.text("currency") or saying.here.currency,
        "cart_url": body.address("cart_url"),
        "products": [read_line(saying, line) for line in body.parts("items")],
    }
