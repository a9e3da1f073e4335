"""The web process's application: ``/v1/*`` goes to ingestion, ``/shops/*`` to the door of shops, ``/hooks/*`` to that of other systems, tracked links and pixels to the tracker,
everything else to Django."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from psycopg import Connection

from safar.api.hooks import Hooks
from safar.api.ingest import Ingest
from safar.api.request import Receive, Scope, Send
from safar.api.shops import PREFIX as SHOPS
from safar.api.shops import Shops
from safar.api.tracked import Tracker
from safar.api.writer import Writer
from safar.channels.hooks.keeping import PREFIX as HOOKS
from safar.postgres.connections import connect, database_url

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

STATEMENT_SECONDS = 30.0  # a lock that lasts so long is a fault: the client hears 503 and sends again


def application(
    django: Application,
    connection: Callable[[], Connection[Any]] | None = None,
    keys: Sequence[str] = (),
    own_hosts: Sequence[str] = (),
    public_url: str = "",
) -> Application:
    """An ASGI application. django: what answers all the rest; connection: opens one for ingestion, for tests. keys: the
    installation's secret keys, the present one first; without one there are no tracked links. own_hosts: of its pages; public_url: its address.

    Knows the lifespan protocol: at the end, what is waiting is still written.
    """
    writer = Writer(connection or _connect)
    ingest, shops, hooks = Ingest(writer, public_url), Shops(writer, keys), Hooks(writer, keys)
    tracker = Tracker(connection or _connect, secrets=keys, own_hosts=own_hosts) if keys else None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            await ingest(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(SHOPS):
            await shops(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(HOOKS):
            await hooks(scope, receive, send)
        elif scope["type"] == "http" and tracker is not None and tracker.takes(scope):
            await tracker(scope, send)
        elif scope["type"] == "lifespan":
            await _live([writer, *([tracker] if tracker else [])], receive, send)
        else:
            await django(scope, receive, send)

    return app


def _connect() -> Connection[Any]:
    return connect(
        database_url(os.environ),
        application_name="safar ingest",
        statement_timeout=STATEMENT_SECONDS,
        idle_in_transaction_timeout=STATEMENT_SECONDS,
    )


async def _live(stopped: Sequence[Writer | Tracker], receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif event["type"] == "lifespan.shutdown":
            for one in stopped:
                one.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
