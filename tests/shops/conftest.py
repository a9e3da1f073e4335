from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection

from safar.api.tests.conftest import Client, client  # noqa: F401
from safar.events.tests.shop import Shop, conn, shop  # noqa: F401
from tests.shops.counter import Counter

Open = Callable[[str], Counter]


@pytest.fixture
def counter(shop: Shop, client: Client, conn: Connection[Any]) -> Open:  # noqa: F811
    """A shop of the system, connected."""
    return lambda system: Counter(shop, client, conn, system)
