"""Two people of a workspace add something at once: none overwrites the other's, and no limit is passed."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import psycopg
import pytest

from safar.channels.hooks import keeping
from safar.channels.notices import destinations
from safar.channels.notices.destinations import Wanted
from safar.channels.tests.settings import SECRET
from safar.channels.webhooks import secrets, subscriptions
from safar.postgres.connections import connect


def _destination(conn: Any, workspace_id: int, name: str) -> None:
    wanted = Wanted(name=name, kind="email", given={"to": f"{name}@shop.example"})
    destinations.put_destination(conn, workspace_id, wanted, keys=[SECRET])


def _address(conn: Any, workspace_id: int, name: str) -> None:
    subscriptions.save_subscription(conn, workspace_id, url=f"https://{name}.example/", names=["Ping"])


@pytest.mark.parametrize(
    ("where", "reads", "add"),
    [
        (keeping, "list_hooks", keeping.make_hook),
        (subscriptions, "list_subscriptions", _address),
        (secrets, "list_secrets", lambda conn, workspace_id, _: secrets.make_secret(conn, workspace_id, [SECRET])),
        (destinations, "list_destinations", _destination),
    ],
    ids=["hook", "address", "secret", "destination"],
)
def test_the_second_waits_for_the_first(
    shop: Any,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    where: ModuleType,
    reads: str,
    add: Callable[[Any, int, str], Any],
) -> None:
    read, waited = getattr(where, reads), []
    with connect(database_url, application_name="test", settings={"lock_timeout": "50"}) as other:

        def read_while_another_adds(conn: Any, workspace_id: int) -> Any:
            found = read(conn, workspace_id)
            if conn is not other and not waited:
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    add(other, workspace_id, "ali")
                waited.append(True)
            return found

        monkeypatch.setattr(where, reads, read_while_another_adds)
        add(shop.conn, shop.id, "sara")
        add(other, shop.id, "ali")
    assert waited
    assert len(read(shop.conn, shop.id)) == 2
