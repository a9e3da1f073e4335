"""What a contact does, written down as Segment messages: one method a kind of thing, each with the moment it happens."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from safar.demo.people import Person
from safar.demo.seasons import iso
from safar.demo.shops import Product, Shop

Message = dict[str, Any]
Entry = tuple[int, int, Message]  # moment of receipt, number within the contact, message


class Diary:
    """Messages of one contact up to `end`; what would come later has not happened yet."""

    def __init__(self, shop: Shop, person: Person, rng: Random, end: int, mark: str) -> None:
        self.shop, self.person, self.rng, self.end = shop, person, rng, end
        self.entries: list[Entry] = []
        self.identified = person.anonymous is None
        self._mark = f"{mark}-{shop.prefix}{person.number}-"
        self._orders = 0
        self._carts = 0

    def write(self, at: int, type: str, received: int | None = None, **said: Any) -> None:
        """received: when the shop sent it on, where that was later."""
        when = at if received is None else received
        if when > self.end:
            return
        moment = iso(at)
        message: Message = {"type": type, "messageId": f"{self._mark}{len(self.entries)}"}
        if self.person.user is not None and self.identified:
            message["userId"] = self.person.user
            if type == "identify" and self.person.anonymous:
                message["anonymousId"] = self.person.anonymous
        else:
            message["anonymousId"] = self.person.anonymous
        message |= said
        message["timestamp"] = moment
        message["receivedAt"] = moment if received is None else iso(received)
        self.entries.append((when, len(self.entries), message))

    def track(self, at: int, event: str, properties: dict[str, Any], received: int | None = None) -> None:
        self.write(at, "track", received, event=event, properties=properties)

    def identify(
        self, at: int, *, consent: dict[str, str], traits: dict[str, Any] | None = None, received: int | None = None
    ) -> None:
        """consent: channel → given | withdrawn, as far as it was asked."""
        self.identified = True
        said: dict[str, Any] = {"traits": self.person.traits if traits is None else traits}
        if consent:
            said["context"] = {"consent": consent}
        self.write(at, "identify", received, **said)

    def page(self, at: int, name: str, category: str = "shop") -> None:
        self.write(at, "page", name=name, category=category, properties={"url": f"{self.shop.site}/"})

    def view(self, at: int, product: Product) -> None:
        self.track(at, "Product Viewed", {**product.as_sent, "currency": self.shop.currency})

    def add(self, at: int, product: Product, cart: Sequence[Product]) -> None:
        """The cart with the product in it already."""
        self.track(at, "Product Added", {**product.as_sent, "quantity": 1, **self.cart_of(cart)})

    def remove(self, at: int, product: Product) -> None:
        """The last thing leaves the cart."""
        self.track(at, "Product Removed", {**product.as_sent, **self.cart_of(())})

    def look_at_cart(self, at: int, cart: Sequence[Product]) -> None:
        self.track(at, "Cart Viewed", self.cart_of(cart))

    def new_cart(self) -> None:
        self._carts += 1

    def cart_of(self, cart: Sequence[Product]) -> dict[str, Any]:
        value = self.shop.money(sum(product.price for product in cart))
        return {
            "cart_id": f"{self.shop.prefix}C-{self.person.number}-{self._carts}",
            "cart_value": value,
            "currency": self.shop.currency,
            "products": [product.as_sent for product in cart],
        }

    def checkout(self, at: int, cart: Sequence[Product]) -> None:
        said = self.cart_of(cart)
        self.track(at, "Checkout Started", {**said, "value": said["cart_value"]})

    def order(self, at: int, cart: Sequence[Product], coupon: str = "", received: int | None = None) -> dict[str, Any]:
        """What was said of the order. A coupon takes a tenth off."""
        self._orders += 1
        shop = self.shop
        goods = sum(product.price for product in cart)
        discount = shop.money(goods * 0.1) if coupon else 0
        shipping = 0 if goods >= shop.free_shipping_from else shop.shipping
        said: dict[str, Any] = {
            "order_id": f"{shop.prefix}-{self.person.number + 1}-{self._orders}",
            "total": shop.money(goods - discount + shipping),
            "shipping": shipping,
            "currency": shop.currency,
            "products": [{**product.as_sent, "quantity": 1} for product in cart],
        }
        if coupon:
            said |= {"coupon": coupon, "discount": discount}
        self.track(at, "Order Completed", said, received)
        return said

    def about_order(self, at: int, event: str, order: dict[str, Any], **more: Any) -> None:
        """Order Delivered, Cancelled, Refunded; Product Reviewed."""
        self.track(at, event, {"order_id": order["order_id"], "currency": order["currency"], **more})
