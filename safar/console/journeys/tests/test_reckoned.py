"""What is reckoned beside the request: stays, earned, cost, lift; what is not known says why and is never nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Membership, Workspace
from safar.console.conftest import Browser
from safar.console.formats import Formats
from safar.console.journeys.reckoned import lift_json, money_of
from safar.console.journeys.tests.road import WELCOME, go_live, happens
from safar.journeys.models import Journey
from safar.journeys.reckoning import kept
from safar.journeys.reckoning.kept import Reckoned
from safar.journeys.reckoning.lift import Group

pytestmark = pytest.mark.usefixtures("database_url", "fresh_figures")


def figures(client: Any, shop: Workspace) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/w/{shop.slug}/journeys/welcome/figures.json").json()
    return found


def send(conn: psycopg.Connection[Any], shop: Workspace, **more: Any) -> None:
    """What waits goes out, as by a dispatcher; more: further columns of the message."""
    names, values = "".join(f", {name}" for name in more), "".join(", %s" for _ in more)
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, point_key, kind,"
        f" channel, class, state, decided_at, accepted_at{names}) SELECT bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no,"
        f" trail_pos, point, effect ->> 'point', kind, channel, 'marketing', 'accepted', decided_at, decided_at{values} FROM outbox WHERE workspace_id = %s",
        (*more.values(), shop.pk),
    )
    conn.execute("DELETE FROM outbox WHERE workspace_id = %s", (shop.pk,))


def test_how_long_people_stay(
    conn: psycopg.Connection[Any], shop: Workspace, mina: Membership, browser: Browser
) -> None:
    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    client = browser(mina)
    assert figures(client, shop)["points"]["bought"]["stay"] == {"seconds": None, "people": 0}
    happens(conn, shop, "kaveh", "Gift Taken")
    found = figures(client, shop)["points"]
    assert found["bought"]["stay"]["people"] == 1
    assert found["bought"]["stay"]["seconds"] > 0
    assert "stay" not in found["thanks"]


def test_before_it_is_reckoned_it_says_so(
    conn: psycopg.Connection[Any], shop: Workspace, mina: Membership, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[Callable[[], None]] = []
    for name in ("_reckoned", "_stays"):
        monkeypatch.setattr(getattr(kept, name), "start", waiting.append)
    go_live(conn, shop)
    client = browser(mina)
    found = figures(client, shop)
    assert found["points"]["bought"]["stay"] is None
    assert found["points"]["greet"]["messages"]["earned"] == {"why": "reckoning"}
    assert found["whole"] == {"earned": {"why": "reckoning"}, "cost": {"why": "reckoning"}}
    assert len(waiting) == 2
    for each in waiting:
        each()
    assert "why" not in figures(client, shop)["whole"]["earned"]


def test_an_order_after_a_message_is_earned_at_its_point(
    conn: psycopg.Connection[Any], shop: Workspace, mina: Membership, browser: Browser
) -> None:
    go_live(conn, shop)
    for user in ("kaveh", "laleh"):
        happens(conn, shop, user, "Shop Opened")
    happens(conn, shop, "nima", "Order Completed", order_id="o-0", total=7_000)
    send(conn, shop)
    happens(conn, shop, "kaveh", "Order Completed", order_id="o-1", total=20_000)
    happens(conn, shop, "laleh", "Order Completed", order_id="o-2", total="dear")
    found = figures(browser(mina, language="fa"), shop)
    earned = {"orders": 2, "people": 2, "unpriced": 1, "money": "۲٬۰۰۰ تومان"}
    assert found["points"]["greet"]["messages"]["earned"] == earned
    assert found["whole"]["earned"] == earned
    assert found["money_said"] == "۲٬۰۰۰ تومان"


def test_without_a_goal_nothing_is_earned_and_nothing_is_nought(
    conn: psycopg.Connection[Any], shop: Workspace, mina: Membership, browser: Browser
) -> None:
    go_live(conn, shop, WELCOME.replace("settings: {goal: {event: Order Completed, within: P14D, money: total}}", ""))
    happens(conn, shop, "kaveh", "Shop Opened")
    send(conn, shop, provider="smtp")
    found = figures(browser(mina), shop)["points"]["greet"]["messages"]
    assert found["earned"] == {"why": "no_goal"}
    assert found["cost"] == {"why": "no_price", "unpriced": 1}
    assert found["opened"] == 0


def test_what_a_message_cost(
    conn: psycopg.Connection[Any], shop: Workspace, mina: Membership, browser: Browser
) -> None:
    go_live(conn, shop)
    client = browser(mina)
    assert figures(client, shop)["whole"]["cost"] == {"why": "nothing_sent"}
    happens(conn, shop, "kaveh", "Shop Opened")
    send(conn, shop, provider="smtp", parts=2, part_price=500)
    assert figures(client, shop)["whole"]["cost"] == {"unpriced": 0, "money": "100 Tomans"}
    happens(conn, shop, "laleh", "Shop Opened")
    send(conn, shop, provider="mailbox", parts=1, part_price=500)
    happens(conn, shop, "nima", "Shop Opened")
    send(conn, shop, provider="smtp", parts=1)
    cost = figures(client, shop)["points"]["greet"]["messages"]["cost"]
    assert cost == {"unpriced": 1, "money": "100 Tomans", "kept": "50 Tomans"}


def test_lift_is_told_only_where_it_can_be() -> None:
    def told(*groups: Group) -> dict[str, Any] | None:
        return lift_json(Reckoned({}, {}, {}, {1: groups} if groups else {}), 1)

    assert lift_json(None, 1) is None
    assert told() is None
    few = told(Group(270, 30), Group(29, 2))
    assert few is not None
    assert (few["why"], few["least"]) == ("few", 30)
    sure = told(Group(9000, 1260), Group(1000, 100))
    assert sure is not None
    assert sure["sure"]
    assert 0 < sure["low"] < sure["points"] < sure["high"]
    assert money_of(None, Formats(), 1)["cost"] == {"why": "reckoning"}


def test_the_list_tells_what_was_earned(
    conn: psycopg.Connection[Any], shop: Workspace, mina: Membership, browser: Browser
) -> None:
    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    send(conn, shop, provider="smtp", parts=1, part_price=500)
    happens(conn, shop, "kaveh", "Order Completed", order_id="o-1", total=20_000)
    said = browser(mina, language="fa").get(f"/w/{shop.slug}/journeys/").content.decode()
    assert "۲٬۰۰۰ تومان" in said
    assert "۵۰ تومان" in said
    assert Journey.objects.filter(workspace=shop).count() == 1
