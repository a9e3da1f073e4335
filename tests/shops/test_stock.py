"""Stock of a Shopify shop: by the product, and place by place, in any order, twice or not."""

from __future__ import annotations

import itertools

import pytest

from safar.contacts.products import MOST_STOCK, find_products
from tests.shops.conftest import Open
from tests.shops.counter import Counter
from tests.shops.shopify_bodies import level, mug

LATER, LATEST = "2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z"
UPDATE = "inventory_levels/update"


def stock(at: Counter) -> tuple[int | None, bool]:
    found = find_products(at.conn, at.house.id, ["501"])["501"]
    return found.stock, found.available


def test_places_that_make_up_what_the_product_says_are_all_there_are(counter: Open) -> None:
    at = counter("shopify")
    at.say("products/update", mug(5, 2))
    assert stock(at) == (7, True)
    at.say(UPDATE, level(11, 7, 3))  # of one place, and nobody knows of how many
    assert stock(at) == (7, True)
    at.say(UPDATE, level(11, 8, 2))
    at.say(UPDATE, level(11, 8, 0, LATER))
    assert stock(at) == (5, True)
    at.say(UPDATE, level(11, 9, 4, LATER))  # a new place
    assert stock(at) == (9, True)
    at.say("inventory_levels/disconnect", {"inventory_item_id": 11, "location_id": 9, "updated_at": LATEST})
    assert stock(at) == (5, True)


def test_the_last_one_is_sold(counter: Open) -> None:
    at = counter("shopify")
    at.say("products/update", mug(1, 0))
    at.say(UPDATE, level(11, 7, 1))
    at.say(UPDATE, level(11, 7, 0, LATER))
    assert stock(at) == (0, False)
    at.say("products/update", mug(6, 0, at=LATEST))
    assert stock(at) == (6, True)
    at.say("products/delete", {"id": 501})
    assert stock(at) == (0, False)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_in_any_order(counter: Open, order: tuple[int, ...]) -> None:
    at = counter("shopify")
    told = [
        ("products/update", mug(4, 0)),
        (UPDATE, level(11, 7, 4)),
        (UPDATE, level(11, 7, 3, LATER)),
        (UPDATE, level(11, 7, 1, LATEST)),
    ]
    for number in (*order, order[0]):
        at.say(*told[number])
    assert stock(at)[0] in (4, 1)  # the product's word, until the place is known to be the only one
    at.say("products/update", mug(1, 0, at=LATEST))
    at.say(UPDATE, level(11, 7, 3, LATER))  # late, and once more
    assert stock(at) == (1, True)
    at.say(UPDATE, level(11, 7, 0, "2026-02-04T00:00:00Z"))
    assert stock(at) == (0, False)


@pytest.mark.parametrize("each", [2_000_000_000, -2_000_000_000])
def test_more_than_can_be_counted_is_as_much_as_can(counter: Open, each: int) -> None:
    """A delivery that fails would be told again for ever, and what comes behind it wait."""
    at = counter("shopify")
    assert at.say("products/update", mug(each, each))[0] == 200
    most = MOST_STOCK if each > 0 else -MOST_STOCK
    assert stock(at) == (most, each > 0)
    assert at.say(UPDATE, level(11, 7, each))[0] == 200
    assert stock(at) == (most, each > 0)


def test_a_level_that_cannot_be_read(counter: Open) -> None:
    at = counter("shopify")
    status, answer = at.say(UPDATE, {"location_id": 7})
    assert status == 400
    assert "inventory_item_id" in str(answer)
    assert at.say(UPDATE, level(99, 7, 3))[0] == 200  # of a product that nobody has told of
