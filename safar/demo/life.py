"""Half a year of one contact: visits, carts left and bought. The shares are those of real shops."""

from __future__ import annotations

from random import Random

from safar.demo.buying import buy, choose
from safar.demo.diary import Diary
from safar.demo.people import Person
from safar.demo.reactions import answer_newsletters, answer_welcome, come_back, is_sent
from safar.demo.seasons import DAY, Season
from safar.demo.shops import Product, Shop

# About 69 % of carts are left (the mean of the studies that everybody quotes), with those that are bought after all.
CART = 0.34  # of visits, for an ordinary buyer
BOUGHT_AT_ONCE = 0.225  # of carts
MOST_VISITS = 18
HOUR = 3600


def live(shop: Shop, person: Person, season: Season, diary: Diary, rng: Random) -> None:
    """Fill the diary of one contact."""
    orders: list[int] = []
    joined: int | None  # when they said who they are
    if person.known_before:
        joined = season.start + int(rng.random() * 2 * HOUR)
        _bring_in(person, season, diary, rng, joined, orders)
        visit = season.visit(joined + rng.expovariate(1 / person.visit_gap) * DAY, rng)
    else:
        visit = season.birth(rng)
        joined = None
    joins_at = 0 if rng.random() < 0.6 else 1  # visits before they say who they are
    for nth in range(MOST_VISITS):
        if visit > season.end:
            break
        over = _visit(shop, person, diary, rng, visit, orders)
        if nth == joins_at and not person.known_before and person.user is not None:
            joined = over = over + 60
            diary.identify(joined, consent=consent_of(person))
            answer_welcome(person, diary, rng, joined, orders)
        if rng.random() < person.leaving:
            break
        next_about = over + 6 * HOUR + rng.expovariate(1 / person.visit_gap) * DAY
        visit = max(season.visit(next_about, rng), over + HOUR)
    come_back(person, diary, rng, orders)
    if joined is None:
        return
    answer_newsletters(person, season, diary, rng, joined)
    if person.withdraws:
        gone = joined + int((0.05 + rng.random()) * 120 * DAY)
        diary.identify(gone, consent={"email": "withdrawn"}, traits={})


def consent_of(person: Person) -> dict[str, str]:
    """Channel → given, for those they agreed to."""
    asked = {"email": person.email_consent, "sms": person.sms_consent}
    return {channel: "given" for channel, said in asked.items() if said}


def _bring_in(person: Person, season: Season, diary: Diary, rng: Random, born: int, orders: list[int]) -> None:
    """Who was a customer before comes with the old shop's list on the first day: with their past, which is history and
    starts nothing.
    """
    joined = season.start - int((20 + rng.random() * 600) * DAY)
    diary.identify(joined, consent=consent_of(person), received=born)
    bought = sorted(season.start - int((1 + rng.random() ** 1.6 * 170) * DAY) for _ in range(int(rng.random() * 2.9)))
    for at in bought:
        diary.new_cart()
        diary.order(at, choose(diary.shop, person, rng), received=born + 1)
    orders += bought[-1:]


def _visit(shop: Shop, person: Person, diary: Diary, rng: Random, at: int, orders: list[int]) -> int:
    """One visit to the shop; the moment at which it is over."""
    drawn = rng.random
    if drawn() < 0.6:
        listed = drawn() < 0.6
        name = shop.list_pages[person.interest] if listed else shop.pages[int(drawn() ** 1.6 * len(shop.pages))]
        diary.page(at, name, "shop" if listed else "content")
    seen = choose(shop, person, rng)
    for product in seen[:2]:
        at += 20 + int(drawn() * 160)
        diary.view(at, product)
    if drawn() > CART * min(person.buying, 2.4):
        return at
    cart = seen[:1] if drawn() < 0.7 else seen
    diary.new_cart()
    for number, product in enumerate(cart, start=1):
        at += 15 + int(drawn() * 90)
        diary.add(at, product, cart[:number])
    buys = drawn() < BOUGHT_AT_ONCE
    if buys or drawn() < 0.36:
        at += 30 + int(drawn() * 240)
        diary.checkout(at, cart)
    if buys:
        return buy(person, diary, rng, at + 60 + int(drawn() * 500), cart, orders)
    return _leave_cart(person, diary, rng, at, cart, orders)


def _leave_cart(person: Person, diary: Diary, rng: Random, at: int, cart: list[Product], orders: list[int]) -> int:
    """Left for good, emptied, looked at once more, or bought after all; a reminder brings some back."""
    drawn = rng.random
    reminded = diary.identified and is_sent(person, "abandoned-cart")
    if drawn() < 0.07 + (0.06 * min(person.open_rate * 2.5, 1.8) if reminded else 0):
        at += int((1.3 + rng.expovariate(1 / 18)) * HOUR)
        if drawn() < 0.5:
            diary.look_at_cart(at - 300, cart)
        coupon = ("SABAD10" if diary.shop.language == "fa" else "CART10") if reminded and drawn() < 0.3 else ""
        return buy(person, diary, rng, at, cart, orders, coupon)
    if drawn() < 0.17:
        at += int((1.2 + rng.expovariate(1 / 9)) * HOUR)
        diary.look_at_cart(at, cart)
    elif drawn() < 0.06 and len(cart) == 1:
        at += int((0.3 + rng.expovariate(1 / 10)) * HOUR)
        diary.remove(at, cart[0])
    return at
