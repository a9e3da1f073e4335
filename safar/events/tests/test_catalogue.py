"""Names of events as they come, and requests that were refused: learnt beside the way in, bounded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from safar.contacts.names import Names
from safar.events.catalogue import MAX_VALUES, NameLearner, is_personal, learn_log, read_catalogue
from safar.events.message import Accepted
from safar.events.refusals import MAX_BODY, MOST_WAITING, RefusalKeeper, read_refusals
from safar.events.tests.shop import Shop

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def track(name: str, at: datetime = AT, **properties: Any) -> Accepted:
    return Accepted("track", name, Names(user="sara"), at, properties)


def test_names_are_counted_with_the_types_and_some_values_of_their_properties(
    shop: Shop, conn: psycopg.Connection[Any]
) -> None:
    learner = NameLearner()
    learner.notice(
        shop.id, [track("Order Completed", total=480000, currency="IRR", paid=True, email="s@x.example", items=[{}])]
    )
    learner.notice(shop.id, [track("Order Completed", AT + timedelta(hours=1), total="480000", coupon=None)])
    assert learner.flush(conn) == 1
    learner.notice(
        shop.id, [track("Order Completed", AT - timedelta(days=1), currency="USD"), track("سفارش", شهر="تهران")]
    )
    assert learner.flush(conn) == 2
    assert learner.flush(conn) == 0
    order, persian = read_catalogue(conn, shop.id)
    assert (order.type, order.name, order.count, order.last_at) == (
        "track",
        "Order Completed",
        3,
        AT + timedelta(hours=1),
    )
    assert order.properties["total"] == {"types": ["number", "text"], "values": [480000, "480000"]}
    assert order.properties["currency"]["values"] == ["IRR", "USD"]
    assert order.properties["email"] == {"types": ["text"], "values": []}
    assert (order.properties["coupon"]["types"], order.properties["items"]["types"]) == (["null"], ["list"])
    assert persian.properties["شهر"]["values"] == ["تهران"]


def test_two_doors_lose_none_of_each_others_counts(shop: Shop, conn: psycopg.Connection[Any]) -> None:
    doors = NameLearner(), NameLearner()
    for door in doors:
        for number in range(50):
            door.notice(shop.id, [track("Product Viewed", product_id=number)])
    for door in doors:
        door.flush(conn)
    [viewed] = read_catalogue(conn, shop.id)
    assert viewed.count == 100
    assert len(viewed.properties["product_id"]["values"]) <= MAX_VALUES


@pytest.mark.parametrize(
    ("name", "personal"),
    [("email", True), ("first_name", True), ("name", True), ("نام", True), ("shipping_address", True), ("product_name", False),
     ("category", False), ("total", False), ("coupon_name", False)],
)  # fmt: skip
def test_no_values_of_what_looks_personal(name: str, personal: bool) -> None:
    assert is_personal(name) is personal


def refuse(keeper: RefusalKeeper, workspace: int, said: str = "has to be a text", body: bytes = b"{}") -> None:
    faults = [{"place": "event", "message": said}]
    keeper.notice(
        workspace, key="pk_abcdef", path="/v1/track", status=400, said=said, faults=faults, body=body, agent="curl"
    )


def test_the_latest_refusals_stay(shop: Shop, conn: psycopg.Connection[Any]) -> None:
    keeper = RefusalKeeper()
    for round in range(12):
        for number in range(MOST_WAITING * 2):
            refuse(keeper, shop.id, f"{round}.{number}")
        assert keeper.flush(conn) == MOST_WAITING
    kept = read_refusals(conn, shop.id, limit=1000)
    assert len(kept) == 200
    assert kept[0].said == f"11.{MOST_WAITING - 1}"
    assert read_refusals(conn, shop.id, before=kept[0].id, limit=1)[0].said == f"11.{MOST_WAITING - 2}"
    assert keeper.flush(conn) == 0


def test_old_refusals_go(shop: Shop, conn: psycopg.Connection[Any]) -> None:
    keeper = RefusalKeeper()
    refuse(keeper, shop.id, "old")
    keeper.flush(conn)
    conn.execute("UPDATE refusal SET at = now() - interval '8 days' WHERE workspace_id = %s", (shop.id,))
    refuse(keeper, shop.id, "new")
    keeper.flush(conn)
    assert [each.said for each in read_refusals(conn, shop.id)] == ["new"]


def test_a_refused_body_is_cut_and_made_keepable(shop: Shop, conn: psycopg.Connection[Any]) -> None:
    keeper = RefusalKeeper()
    refuse(keeper, shop.id, "a\0b\ud800", b"\0\xff" + "ی".encode() * 10_000)
    keeper.flush(conn)
    [kept] = read_refusals(conn, shop.id)
    assert (len(kept.body or ""), kept.size) == (MAX_BODY, 20_002)
    assert "\0" not in kept.said + str(kept.faults)


def test_a_history_is_learnt_once(shop: Shop, conn: psycopg.Connection[Any]) -> None:
    conn.execute(
        "INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties)"
        " SELECT 1, 1, %s, nextval('event_seq'), now(), now(), 'track', 'Order Completed', jsonb_build_object('total', n)"
        " FROM generate_series(1, 30) n",
        (shop.id,),
    )
    assert learn_log(conn, shop.id) == 1
    assert learn_log(conn, shop.id) == 0
    [order] = read_catalogue(conn, shop.id)
    assert (order.count, order.properties["total"]["types"], len(order.properties["total"]["values"])) == (
        30,
        ["number"],
        MAX_VALUES,
    )
