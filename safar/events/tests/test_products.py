"""The catalogue learns from events."""

from __future__ import annotations

from decimal import Decimal

from safar.events.products import ProductLearner
from safar.events.tests.shop import message


def catalogue(conn):
    return conn.execute("SELECT id, name, price, currency, category FROM product ORDER BY id").fetchall()


def test_products_are_learnt_from_events_and_lists(conn, shop):
    learner = ProductLearner()
    mug = {"product_id": "m-1", "name": "Blue mug", "price": 18.99, "category": "Mugs"}
    listed = [{"sku": "P-2", "price": 5}, "nonsense", {"name": "no id"}, {"product_id": 7, "name": "Tea"}]
    learner.notice(
        shop.id,
        [
            message(userId="sara", event="Product Viewed", properties=mug),
            message(userId="sara", event="Order Completed", properties={"currency": "IRR", "products": listed}),
            message(userId="sara", event="Mug Seen", properties={"product_id": "not a product event"}),
            message(userId="sara", event="Cart Viewed", properties={"products": {"not": "a list"}}),
        ],
    )
    assert learner.flush(conn) == 3
    assert catalogue(conn) == [
        ("7", "Tea", None, "IRR", None),
        ("P-2", None, Decimal(5), "IRR", None),
        ("m-1", "Blue mug", Decimal("18.99"), None, "Mugs"),
    ]
    learner.notice(shop.id, [message(userId="ali", event="Product Viewed", properties=mug)])
    assert learner.flush(conn) == 0, "nothing is written where nothing is new"


def test_newer_words_win_and_older_ones_do_not(conn, shop):
    def say(timestamp: str, **product: object) -> None:
        learner = ProductLearner()
        said = {"product_id": "m-1", **product}
        learner.notice(shop.id, [message(userId="s", event="Product Added", timestamp=timestamp, properties=said)])
        learner.flush(conn)

    say("2026-03-02T00:00:00Z", name="Blue mug", price=10)
    say("2026-03-03T00:00:00Z", price=12)
    say("2026-03-01T00:00:00Z", name="Old mug", price=1)
    assert catalogue(conn) == [("m-1", "Blue mug", Decimal(12), None, None)]
