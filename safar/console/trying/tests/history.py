"""A small recorded history: Sara has bought three times and came to the shop, Ali has never bought and came, Mina only looked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.console.journeys.tests.road import settle, write_templates
from safar.events.accept import accept
from safar.events.message import check_message
from safar.journeys.drafts import make_journey, read_text
from safar.journeys.models import Journey
from safar.lib.faults import Faults

DRAFT = """
journey: visit
title: {en: Visit, fa: بازدید}
settings: {goal: {event: Gift Taken, within: P14D, money: value}}
start:
  came: {kind: event, event: Shop Opened, next: buyer}
points:
  buyer: {kind: if_else, condition: {all: [{fact: orders, at_least: 3}, {trait: city, is: تهران}]}, paths: {yes: thanks, no: hello}}
  thanks: {kind: send_email, template: hello, next: size}
  size: {kind: branch, branches: {big: {entry: people, at_least: 5}}, paths: {big: end, else: opened}}
  opened: {kind: wait, for: {event: email_opened}, at_most: PT0S, paths: {happened: end}}
  hello: {kind: add_tag, tag: newcomer, next: end}
  end: {kind: exit, reason: done}
"""


def happens(
    conn: psycopg.Connection[Any], shop: Workspace, user: str, event: str = "", traits: Any = None, **more: Any
) -> None:
    """Accepted and applied now: a track of that name, or an identify with traits."""
    faults = Faults()
    kind = {"type": "identify", "traits": traits} if traits else {"type": "track", "event": event, "properties": more}
    found = check_message({**kind, "userId": user}, faults, received=datetime.now(UTC), trusted=True)
    assert found is not None, list(faults)
    accept(conn, shop.pk, [found], trusted=True)


def record_history(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    happens(conn, shop, "sara", traits={"email": "sara@home.example", "first_name": "سارا", "city": "تهران"})
    happens(conn, shop, "ali", traits={"email": "ali@home.example", "first_name": "علی"})
    for number in range(3):
        happens(conn, shop, "sara", "Order Completed", order_id=f"o-{number}", total=100)
    happens(conn, shop, "mina", "Product Viewed")
    for user in ("sara", "ali"):
        happens(conn, shop, user, "Shop Opened", people=2)
    happens(conn, shop, "ali", "Shop Opened", people=2)
    happens(conn, shop, "ali", "Gift Taken", value=50)
    happens(conn, shop, "sara", "Order Completed", order_id="o-9", total=100)
    settle()


def draw(shop: Workspace, text: str = DRAFT) -> Journey:
    write_templates(shop)
    return make_journey(shop, read_text(text), by="sara@shop.example")
