"""Contacts for tests of pages, by the front door: events go in, an engine applies them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.contacts.identity import resolve
from safar.events.accept import accept
from safar.events.message import check_message
from safar.journeys.engine.loop import Engine
from safar.lib.faults import Faults


def settle() -> None:
    """Let an engine apply whatever waits."""
    engine = Engine(os.environ["SAFAR_DATABASE_URL"])
    try:
        while engine.run_once():
            pass
    finally:
        engine.close()


def say(conn: psycopg.Connection[Any], shop: Workspace, **message: Any) -> int:
    """Accept a message in Segment's form and apply it; the number of its contact."""
    faults = Faults()
    found = check_message({"type": "identify", **message}, faults, received=datetime.now(UTC), trusted=True)
    assert found is not None, list(faults)
    assert not faults
    accept(conn, shop.pk, [found], trusted=True)
    settle()
    with conn.transaction():
        return resolve(conn, shop.pk, [found.names])[0].contact_id


def make_contact(conn: psycopg.Connection[Any], shop: Workspace, **traits: Any) -> int:
    """A contact with these fields; ``user`` is its id."""
    user = traits.pop("user", None)
    names = {"userId": user} if user else {}
    return say(conn, shop, traits=traits, **names)
