"""An order, and what follows it: delivery, a cancellation or refund now and then, and what some say about it."""

from __future__ import annotations

from random import Random
from typing import Any

from safar.demo.diary import Diary
from safar.demo.people import Person
from safar.demo.seasons import DAY
from safar.demo.shops import Product, Shop

HOUR = 3600
STARS, STARS_CUMULATIVE = (5, 4, 3, 2, 1), (57, 79, 88, 94, 100)
CANCELLED, REFUNDED, DELIVERED = 0.025, 0.02, 0.93
REVIEWED, REVIEWED_WHEN_ASKED = 0.05, 0.24


def choose(shop: Shop, person: Person, rng: Random) -> list[Product]:
    """What somebody looks at or buys together: one thing or a few, mostly of what they like."""
    count = rng.choices((1, 2, 3, 4), cum_weights=(58, 85, 96, 100))[0]
    shelf = shop.by_category[person.interest] if rng.random() < 0.72 else shop.products
    return [shelf[int(rng.random() * len(shelf))] for _ in range(count)]


def buy(
    person: Person, diary: Diary, rng: Random, at: int, cart: list[Product], orders: list[int], coupon: str = ""
) -> int:
    """Order the cart; gives the moment, which goes into orders as well."""
    order = diary.order(at, cart, coupon)
    if at <= diary.end:
        orders.append(at)
        _follow(person, diary, rng, at, cart, order)
    return at


def buy_straight(person: Person, diary: Diary, rng: Random, at: int, orders: list[int], coupon: str = "") -> None:
    """Somebody comes in order to buy: straight to the thing and to the till."""
    cart = choose(diary.shop, person, rng)[:2]
    diary.new_cart()
    diary.view(at, cart[0])
    for number, product in enumerate(cart, start=1):
        diary.add(at + 60 * number, product, cart[:number])
    diary.checkout(at + 240, cart)
    buy(person, diary, rng, at + 420, cart, orders, coupon)


def _follow(person: Person, diary: Diary, rng: Random, at: int, cart: list[Product], order: dict[str, Any]) -> None:
    drawn = rng.random
    if drawn() < CANCELLED:
        diary.about_order(at + int((0.2 + drawn() * 20) * HOUR), "Order Cancelled", order, total=order["total"])
        return
    if drawn() > DELIVERED:
        return  # the carrier does not tell
    there = at + int((1.6 + rng.expovariate(1 / 1.1)) * DAY)
    diary.about_order(there, "Order Delivered", order)
    asked = person.email_consent and not person.withdraws
    if drawn() < (REVIEWED_WHEN_ASKED if asked else REVIEWED):
        rating = rng.choices(STARS, cum_weights=STARS_CUMULATIVE)[0]
        written = there + int((2.3 + rng.expovariate(1 / 3.2)) * DAY)
        diary.about_order(written, "Product Reviewed", order, product_id=cart[0].id, rating=rating)
    if drawn() < REFUNDED:
        one = len(cart) > 1 and drawn() < 0.6
        amount = cart[0].price if one else order["total"]
        back = there + int((1 + drawn() * 9) * DAY)
        diary.about_order(back, "Order Refunded", order, total=amount)
