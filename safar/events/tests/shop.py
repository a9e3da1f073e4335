"""A workspace with keys, for tests of this room and of those above: import the fixtures in a conftest."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import Connection

from safar.events.message import Accepted, check_message
from safar.lib.faults import Faults
from safar.postgres.connections import connect

NOW = datetime(2026, 3, 21, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """A workspace of a test, the keys to it, and the database it is in."""

    id: int
    write_key: str
    secret_key: str
    url: str


def make_shop(url: str) -> Shop:
    """A workspace with a key of each kind, in the database that Django is on."""
    from safar.accounts import services

    slug = f"mugs-{secrets.token_hex(4)}"
    workspace = services.create_workspace(slug=slug, name="Mug shop", zone="Asia/Tehran", currency="IRR")
    keys = {kind: services.create_key(workspace=workspace, kind=kind) for kind in ("write", "secret")}
    return Shop(workspace.pk, keys["write"], keys["secret"], url)


@pytest.fixture
def shop(own_database_url: str) -> Shop:
    """A new workspace in a database of its own."""
    return make_shop(own_database_url)


@pytest.fixture
def conn(shop: Shop) -> Iterator[Connection[Any]]:
    with connect(shop.url, application_name="safar tests") as connection:
        yield connection


def message(*, trusted: bool = True, received: datetime = NOW, **fields: object) -> Accepted:
    """A checked message: a track of "Mug Seen" unless fields say otherwise."""
    faults = Faults()
    said = {"type": "track", "event": "Mug Seen", **fields}
    accepted = check_message(said, faults, received=received, trusted=trusted)
    assert accepted is not None, faults.found
    return accepted
