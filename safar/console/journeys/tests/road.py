"""A journey with people on it, by the front door: events go in, an engine applies them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.content.services import apply_templates
from safar.events.accept import accept
from safar.events.message import check_message
from safar.journeys.drafts import make_journey, read_text
from safar.journeys.engine.loop import Engine
from safar.journeys.models import Journey
from safar.journeys.services import publish
from safar.lib.faults import Faults

WELCOME = """
journey: welcome
title: {en: Welcome, fa: خوش‌آمد}
settings: {goal: {event: Order Completed, within: P14D, money: total}}
start:
  tagged: {kind: tag_added, tag: new-customer, next: greet}
  seen: {kind: event, event: Shop Opened, next: greet}
points:
  greet: {kind: send_email, template: hello, next: bought}
  bought: {kind: wait, for: {event: Gift Taken}, at_most: P7D, paths: {happened: thanks, timed_out: split}}
  thanks: {kind: add_tag, tag: vip}
  split: {kind: split, shares: {a: 50, b: 50}, paths: {a: bye}}
  bye: {kind: exit, reason: not interested}
"""


def write_templates(shop: Workspace) -> None:
    apply_templates(
        shop, {"hello": {"channel": "email", "languages": {"en": {"subject": "Hello", "html": "<p>Hello</p>"}}}}
    )


def draw(shop: Workspace, text: str = WELCOME) -> Journey:
    """The journey as a draft, with the template that it names."""
    write_templates(shop)
    return make_journey(shop, read_text(text), by="sara@shop.example")


def go_live(conn: psycopg.Connection[Any], shop: Workspace, text: str = WELCOME) -> Journey:
    journey = draw(shop, text)
    publish(shop, journey.key, connection=conn)
    return journey


def happens(conn: psycopg.Connection[Any], shop: Workspace, user: str, event: str, **properties: Any) -> None:
    """An event of a contact, accepted and applied."""
    faults = Faults()
    message = {"type": "track", "userId": user, "event": event, "properties": properties}
    found = check_message(message, faults, received=datetime.now(UTC), trusted=True)
    assert found is not None, list(faults)
    accept(conn, shop.pk, [found], trusted=True)
    settle()


def settle() -> None:
    engine = Engine(os.environ["SAFAR_DATABASE_URL"])
    try:
        while engine.run_once():
            pass
    finally:
        engine.close()
