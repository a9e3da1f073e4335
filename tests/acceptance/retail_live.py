"""A live Safar on a clock moved by hand: events by HTTP from Segment's own client, an engine that is told what time it is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from psycopg import Connection
from segment.analytics.client import Client as SegmentClient

from safar.accounts import services as accounts
from safar.content.services import apply_templates
from safar.journeys import services
from safar.journeys.backtest.trace import read_trace
from safar.journeys.engine.load import load_plan
from safar.journeys.engine.loop import Engine
from tests.acceptance.retail_rows import CURRENCY, ZONE, Event

HELLO = {"channel": "email", "languages": {"en": {"subject": "From the shop", "html": "<p>Hello!</p>"}}}
MOVE = """
UPDATE inbox i SET received_at = m.at, timestamp = m.at
FROM unnest(%s::text[], %s::timestamptz[]) m (id, at) WHERE i.message_id = m.id
"""


class LiveShop:
    """A workspace with the journeys of some files, in the database that Django is on."""

    def __init__(self, connection: Connection[Any], url: str, journeys: Sequence[Path], start: datetime) -> None:
        self.connection = connection
        self.now = start
        self.workspace = accounts.create_workspace(slug="till", name="Till", zone=ZONE.key, currency=CURRENCY)
        self.write_key = accounts.create_key(workspace=self.workspace, kind="write")
        self.engine = Engine(url, now=lambda: self.now)
        for journey in journeys:
            text = journey.read_bytes()
            apply_templates(self.workspace, dict.fromkeys(_templates(text), HELLO))
            key = services.apply_journey(self.workspace, text).key
            services.publish(self.workspace, key, connection=connection, now=lambda: start)

    def send(self, address: str, events: Sequence[Event]) -> None:
        """By HTTP, in order. Then received when they happened: what the client's and the network's milliseconds add is taken off."""
        errors: list[object] = []
        client = SegmentClient(
            self.write_key,
            host=address,
            gzip=True,
            upload_interval=0.02,
            on_error=lambda error, _: errors.append(error),
        )
        for event in events:
            said: dict[str, Any] = {"timestamp": event.at, "message_id": event.message_id}
            if event.kind == "identify":
                client.identify(event.customer, dict(event.traits), **said)
            else:
                client.track(event.customer, event.name, event.properties, **said)
        client.shutdown()
        assert errors == []
        ids, moments = [event.message_id for event in events], [event.at for event in events]
        assert self.connection.execute(MOVE, (ids, moments)).rowcount == len(events)

    def work(self, now: datetime) -> None:
        """Let the engine do all that is due up to then."""
        self.now = now
        while self.engine.run_once():
            pass

    def figures(self, key: str) -> dict[str, Any]:
        return services.figures(self.connection, self.workspace, key).as_json()

    def trace(self) -> Iterable[dict[str, Any]]:
        label = dict(self.connection.execute("SELECT id, coalesce(external_id, key) FROM contact").fetchall())
        return read_trace(self.connection, load_plan(self.connection).versions, label.__getitem__)

    def facts(self) -> dict[str, tuple[int, Any, datetime | None]]:
        """userId → orders, spent, when the last one was."""
        rows = self.connection.execute(
            "SELECT c.external_id, coalesce(f.orders, 0), coalesce(f.spent, 0), f.last_order"
            " FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}


@contextmanager
def serving(application: Callable[..., Any]) -> Iterator[str]:
    """An ASGI application under uvicorn on a free port of this machine; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _templates(journey: bytes) -> set[str]:
    """Those that its points name."""
    return {words.split(b",")[0].strip(b" }").decode() for words in journey.split(b"template: ")[1:]}
